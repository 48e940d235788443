// The parts of a made-up season that season.cpp puts together.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/season_dir.hpp"
#include "datasets/synth/random.hpp"
#include "datasets/synth/season.hpp"

namespace catchment::datasets::synth {

inline constexpr int kBlock = 1600;  // metres; a public school of a level stands in each

struct MadeSchool {
  int x_m = 0, y_m = 0, district = 0;
  bool is_private = false, special = false;
  int weight = 100;
  int plan = 0, classes = 0;
};

struct SeasonLevel {
  std::vector<MadeSchool> schools;  // public ones first
  int publics = 0;
};

struct SeasonCity {
  std::vector<std::string> districts;
  std::array<SeasonLevel, 2> levels;  // primary, junior
};

// What a family is like before its children are looked at.
struct MadeFamily {
  int id = 0, dwelling = 0;
  std::array<int, 2> children{};  // who enter, of each level
  bool together = false;          // wants its twins at one school
  int x_m = 0, y_m = 0;
  std::array<int, 2> zone_school{};
  std::string_view situation;
};

MadeFamily make_household(const SeasonCity& city, Random& random, int id);

// Appends one child to children.csv, families.csv and truth.csv.
void make_child(const SeasonCity& city, const SeasonMakeup& makeup, Random& random, const MadeFamily& family,
                std::size_t level, const std::string& code, const std::string& unit, SeasonDir& dir);

// Tables of a season that are not there before it is run.
inline constexpr std::string_view kTablesToCome[]{
    "registrations.csv", "form_fields.csv", "data_checks.csv",     "estates.csv",        "offers.csv",
    "admissions.csv",    "classes.csv",     "class_pupils.csv",    "approvals.csv",      "draws.csv",
    "payments.csv",      "commitments.csv", "publications.csv",    "complaints.csv",     "incidents.csv",
    "records.csv",       "traces.csv",      "student_records.csv", "recommendations.csv"};

}  // namespace catchment::datasets::synth
