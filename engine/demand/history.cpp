#include "engine/demand/history.hpp"

#include <algorithm>
#include <cmath>

#include "engine/demand/history_builder.hpp"

namespace catchment::engine::demand {
namespace {

std::optional<std::uint32_t> place_of(const std::vector<std::string>& sorted, const std::string& id) {
  const auto at = std::ranges::lower_bound(sorted, id);
  if (at == sorted.end() || *at != id) return std::nullopt;
  return static_cast<std::uint32_t>(at - sorted.begin());
}

}  // namespace

const StageRule* find_stage_of(const DemandRules& rules, int grade) {
  for (const StageRule& s : rules.stages) {
    if (grade >= s.first_grade && grade <= s.last_grade) return &s;
  }
  return nullptr;
}

CohortWeights cohort_weights(const AgeRule& age) {
  // A birthday up to the cut-off counts: whole months, because births come by month; a cut-off within a month splits
  // it.
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const double later =
      (age.cutoff_month - 1 + static_cast<double>(age.cutoff_day) / kDays[age.cutoff_month - 1]) / 12.0;
  return {1 - later, later};
}

double CityHistory::children(std::size_t unit, int year, int age) const {
  const int y = year - first_child_year_;
  if (y < 0 || y >= child_years_ || age < -1 || age + 1 >= kAges) return kUnknown;
  return static_cast<double>(
      children_[(unit * static_cast<std::size_t>(child_years_) + static_cast<std::size_t>(y)) * kAges +
                static_cast<std::size_t>(age + 1)]);
}

double CityHistory::pupils(std::size_t school, int year, int grade) const {
  const int y = year - first_year_;
  const int g = grade - lowest_grade_;
  if (y < 0 || y >= years_ || g < 0 || g >= grades_) return kUnknown;
  return static_cast<double>(pupils_[(school * static_cast<std::size_t>(years_) + static_cast<std::size_t>(y)) *
                                         static_cast<std::size_t>(grades_) +
                                     static_cast<std::size_t>(g)]);
}

int CityHistory::classes(std::size_t school, int year, int grade) const {
  const int y = year - first_year_;
  const int g = grade - lowest_grade_;
  if (y < 0 || y >= years_ || g < 0 || g >= grades_) return 0;
  return classes_[(school * static_cast<std::size_t>(years_) + static_cast<std::size_t>(y)) *
                      static_cast<std::size_t>(grades_) +
                  static_cast<std::size_t>(g)];
}

double CityHistory::intake(std::size_t school, int year, int stream) const {
  const int y = year - first_year_;
  if (y < 0 || y >= years_) return kUnknown;
  return static_cast<double>(intake_[(school * static_cast<std::size_t>(years_) + static_cast<std::size_t>(y)) * 3 +
                                     static_cast<std::size_t>(stream)]);
}

double CityHistory::survey(std::size_t unit, int entry_year) const {
  const auto at = survey_.find({static_cast<std::uint32_t>(unit), entry_year});
  return at == survey_.end() ? kUnknown : at->second;
}

const StagePlan* CityHistory::plan(Stage stage, int year) const {
  const StagePlan* found = nullptr;
  for (const StagePlan& p : plans) {
    if (p.stage != stage) continue;
    if (found == nullptr || p.school_year <= year) found = &p;
  }
  return found;
}

const std::vector<FeederShare>* CityHistory::feeders_of(int year) const {
  if (feeders.empty()) return nullptr;
  const auto after = feeders.upper_bound(year);
  return after == feeders.begin() ? &after->second : &std::prev(after)->second;
}

std::optional<std::uint32_t> CityHistory::find_unit(const std::string& id) const { return place_of(units, id); }

std::optional<std::uint32_t> CityHistory::find_school(const std::string& id) const {
  const auto at = std::ranges::lower_bound(schools, id, {}, &SchoolPlace::school_id);
  if (at == schools.end() || at->school_id != id) return std::nullopt;
  return static_cast<std::uint32_t>(at - schools.begin());
}

std::string_view to_word(DataNote::Kind kind) {
  switch (kind) {
    case DataNote::Kind::missing_year:
      return "missing_year";
    case DataNote::Kind::no_history:
      return "no_history";
    case DataNote::Kind::short_history:
      return "short_history";
    case DataNote::Kind::implausible_count:
      return "implausible_count";
    case DataNote::Kind::renamed:
      return "renamed";
    case DataNote::Kind::partly_assigned:
      return "partly_assigned";
    case DataNote::Kind::closed_with_pupils:
      return "closed_with_pupils";
  }
  return "";
}

CityHistory CityHistory::make(const DemandInput& input, const DemandRules& rules) {
  return HistoryBuilder(input, rules).build();
}

}  // namespace catchment::engine::demand
