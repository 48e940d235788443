// The rules of a city that demand needs: ages, grades, class sizes, warning levels. They are data (policy packs), never
// constants of the code; the defaults below only spare tests from naming each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model.hpp"

namespace catchment::engine::demand {

// A child belongs to the entry cohort of year Y if it reaches `entry_age` on or before the cut-off of that year.
struct AgeRule {
  int entry_age = 6;
  int cutoff_month = 8;  // 1-12
  int cutoff_day = 31;   // the last birthday that counts, that day included

  friend bool operator==(const AgeRule&, const AgeRule&) = default;
};

struct StageRule {
  Stage stage = Stage::primary;
  int first_grade = 1;
  int last_grade = 6;
  int class_cap = 45;          // seats of a class
  int oversized_from = 56;     // pupils from which a class is oversized
  int severe_from = 66;        // and severely so
  int smallest_class = 20;     // fewer pupils than this in an entry class: under-use
  double mid_year_buffer = 0;  // share of seats kept free for children who move in during the year, 0-1
  std::string clause;          // the document and clause the figures come from

  int grades() const { return last_grade - first_grade + 1; }
  friend bool operator==(const StageRule&, const StageRule&) = default;
};

// One level of the seat warning. A school and year has the most severe level whose probability reaches the threshold.
struct WarningLevel {
  std::string id;            // the word in files: "red"
  std::string name;          // for people: 红色预警
  double pressure = 1;       // entry demand divided by free seats ...
  double probability = 0.5;  // ... is at least that with at least this probability

  friend bool operator==(const WarningLevel&, const WarningLevel&) = default;
};

struct DemandRules {
  AgeRule age;
  std::vector<StageRule> stages = {{Stage::primary, 1, 6, 45, 56, 66, 20, 0, ""},
                                   {Stage::junior, 7, 9, 50, 56, 66, 20, 0, ""}};
  std::vector<WarningLevel> shortage = {{"red", "红色预警", 1.10, 0.5},
                                        {"orange", "橙色预警", 1.00, 0.5},
                                        {"yellow", "黄色预警", 0.95, 0.5}};  // severest first
  double under_use_pressure = 0.6;     // entry demand below this share of the free seats ...
  double under_use_probability = 0.8;  // ... with at least this probability, in each of ...
  int under_use_years = 3;             // ... this many years running, is under-use
  double seats_per_thousand = 60;  // primary seats per 1,000 residents in planning norms (千人指标): a prior for yields
  double persons_per_dwelling = 2.62;  // residents a dwelling
  std::vector<double> occupancy = {0.3, 0.6,  0.8,
                                   0.9, 0.95, 1.0};  // share of dwellings lived in, by years since completion

  const StageRule* find(Stage stage) const;
};

}  // namespace catchment::engine::demand
