// The input as dense tables, checked once: what was, by unit, school and year.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/demand/demand_input.hpp"

namespace catchment::engine::demand {

inline constexpr int kAges = 19;        // ages 0 to 17, and births before them as age -1, at index age + 1
inline constexpr double kUnknown = -1;  // a count nobody took; a true count is 0 or more

struct UnitShare {
  std::uint32_t unit = 0;
  std::uint32_t school = 0;
  float share = 1;
};

// The plan of one stage for a school year: sorted by school, then unit.
struct StagePlan {
  Stage stage = Stage::primary;
  int school_year = 0;
  std::vector<UnitShare> shares;
};

struct FeederShare {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  double share = 1;
};

class CityHistory {
 public:
  // Throws InputError (demand_unit, demand_school, demand_count, demand_year, demand_rules ...), `where` naming the
  // table and the row's key. What can be forecast all the same becomes a note.
  static CityHistory make(const DemandInput& input, const DemandRules& rules);

  const DemandRules& rules() const { return rules_; }
  int first_year() const { return first_year_; }
  int last_year() const { return last_year_; }  // of enrolment; of children where there is no enrolment
  int lowest_grade() const { return lowest_grade_; }
  int grades() const { return grades_; }  // lowest_grade() .. lowest_grade() + grades() - 1

  std::vector<std::string> units;      // by id
  std::vector<std::string> districts;  // by id; the last one is "", for what has none
  std::vector<std::uint32_t> unit_district;
  std::vector<SchoolPlace> schools;  // by id
  std::vector<std::uint32_t> school_district;
  std::vector<StagePlan> plans;                     // by stage, then year
  std::map<int, std::vector<FeederShare>> feeders;  // by school year
  std::vector<Housing> housing;                     // by id; of known units
  std::vector<DataNote> notes;

  // Children aged `age` on the cut-off of the year (age -1 at year t: those born in the twelve months before the
  // cut-off of t + 1), or kUnknown.
  double children(std::size_t unit, int year, int age) const;
  // Pupils of a grade, or kUnknown.
  double pupils(std::size_t school, int year, int grade) const;
  int classes(std::size_t school, int year, int grade) const;
  // Entry pupils of a stream (0 zone, 1 out_of_area, 2 migrant), or kUnknown when the school has no such rows that
  // year.
  double intake(std::size_t school, int year, int stream) const;
  double survey(std::size_t unit, int entry_year) const;  // or kUnknown

  // The plan in force: the last at or before the year, else the first; null when the stage has none.
  const StagePlan* plan(Stage stage, int year) const;
  const std::vector<FeederShare>* feeders_of(int year) const;  // the same rule

  std::optional<std::uint32_t> find_unit(const std::string& id) const;
  std::optional<std::uint32_t> find_school(const std::string& id) const;
  bool has_children() const { return has_children_; }
  bool has_births() const { return has_births_; }

 private:
  friend class HistoryBuilder;
  DemandRules rules_;
  int first_year_ = 0, last_year_ = 0, years_ = 0;
  int lowest_grade_ = 1, grades_ = 9;
  bool has_children_ = false, has_births_ = false;
  int first_child_year_ = 0, child_years_ = 0;
  std::vector<float> children_;  // [unit][year][age + 1]
  std::vector<float> pupils_;    // [school][year][grade]
  std::vector<std::int16_t> classes_;
  std::vector<float> intake_;  // [school][year][stream]
  std::map<std::pair<std::uint32_t, int>, double> survey_;
};

// The weights of the calendar years in the cohort that reaches `age` within the twelve months up to a cut-off: the
// earlier year's share (4/12 for 31 August) and the later's.
struct CohortWeights {
  double earlier = 0;
  double later = 0;
};
CohortWeights cohort_weights(const AgeRule& age);

}  // namespace catchment::engine::demand
