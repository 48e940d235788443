#include "engine/demand/history_builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

constexpr int kFirstYear = 1950;
constexpr int kLastYear = 2100;
constexpr int kMostChildren = 1'000'000;  // of one unit, year and age; of one school, year and grade
constexpr double kWholeCohort = 11.99;    // months

[[noreturn]] void refuse(const char* code, const std::string& where, const std::string& message) {
  throw InputError(code, where, message);
}

bool plausible(int year) { return year >= kFirstYear && year <= kLastYear; }

void check_year(int year, const std::string& where) {
  if (!plausible(year)) {
    refuse("demand_year", where, "the year must be 1950 to 2100, not " + std::to_string(year));
  }
}

void check_count(int count, const std::string& where) {
  if (count < 0 || count > kMostChildren) {
    refuse("demand_count", where, "a count must be 0 to 1000000, not " + std::to_string(count));
  }
}

std::string row(const char* table, const std::string& id, int year) {
  return std::string(table) + ": " + id + ", " + std::to_string(year);
}

}  // namespace

HistoryBuilder::HistoryBuilder(const DemandInput& input, const DemandRules& rules) : input_(input) {
  h_.rules_ = rules;
}

void HistoryBuilder::note(DataNote::Kind kind, std::string where, std::string message) {
  h_.notes.push_back({kind, std::move(where), std::move(message)});
}

void HistoryBuilder::check_rules() const {
  const DemandRules& rules = h_.rules_;
  if (rules.stages.empty() || rules.stages.size() > 2) {
    refuse("demand_rules", "/stages", "there must be one stage or two: primary and junior middle");
  }
  for (std::size_t i = 0; i < rules.stages.size(); ++i) {
    const StageRule& s = rules.stages[i];
    const std::string where = "/stages/" + std::to_string(i);
    if (s.last_grade < s.first_grade) refuse("demand_rules", where, "the last grade comes before the first");
    if (i > 0 && s.first_grade != rules.stages[i - 1].last_grade + 1) {
      refuse("demand_rules", where, "a stage must begin with the grade after the stage before it");
    }
    if (s.class_cap < 1) refuse("demand_rules", where, "a class must have a seat");
  }
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const AgeRule& age = rules.age;
  if (age.entry_age < 3 || age.entry_age > 10 || age.cutoff_month < 1 || age.cutoff_month > 12 || age.cutoff_day < 1 ||
      age.cutoff_day > kDays[age.cutoff_month - 1]) {
    refuse("demand_rules", "/age", "the entry age must be 3 to 10 and the cut-off a day of the year");
  }
}

void HistoryBuilder::list_units() {
  std::map<std::string, std::string> district_of;
  std::set<std::string> districts;
  for (const UnitPlace& u : input_.units) {
    if (u.unit_id.empty()) refuse("demand_unit", "units", "a unit has no id");
    if (!district_of.emplace(u.unit_id, u.district_id).second) {
      refuse("demand_unit", "units: " + u.unit_id, "the unit comes twice");
    }
    if (!u.district_id.empty()) districts.insert(u.district_id);
  }
  for (const SchoolPlace& s : input_.schools) {
    if (!s.district_id.empty()) districts.insert(s.district_id);
  }
  h_.districts.assign(districts.begin(), districts.end());
  h_.districts.emplace_back();
  for (const auto& [id, district] : district_of) {
    h_.units.push_back(id);
    const auto at = std::ranges::find(h_.districts, district) - h_.districts.begin();
    h_.unit_district.push_back(static_cast<std::uint32_t>(at));
  }
}

void HistoryBuilder::list_schools() {
  for (const SchoolPlace& s : input_.schools) {
    if (s.school_id.empty()) refuse("demand_school", "schools", "a school has no id");
    h_.schools.push_back(s);
  }
  std::ranges::sort(h_.schools, {}, &SchoolPlace::school_id);
  const auto twice = std::ranges::adjacent_find(h_.schools, {}, &SchoolPlace::school_id);
  if (twice != h_.schools.end()) refuse("demand_school", "schools: " + twice->school_id, "the school comes twice");
  for (const SchoolPlace& s : h_.schools) {
    const auto at = std::ranges::find(h_.districts, s.district_id) - h_.districts.begin();
    h_.school_district.push_back(static_cast<std::uint32_t>(at));
  }
  for (const DemandInput::Successor& s : input_.successors) {
    successor_[s.old_id] = s.new_id;
  }
  for (const auto& [old_id, first] : successor_) {
    std::string at = old_id;
    for (std::size_t steps = 0; successor_.contains(at); at = successor_[at]) {
      if (++steps > successor_.size())
        refuse("demand_school", "school_successor: " + old_id, "its successors go round");
    }
    if (!h_.find_school(at)) {
      refuse("demand_school", "school_successor: " + old_id, "its successor " + at + " is not known");
    }
    note(DataNote::Kind::renamed, old_id, "its past counts as that of " + at);
  }
}

std::uint32_t HistoryBuilder::unit(const std::string& id, const std::string& where) const {
  const auto at = h_.find_unit(id);
  if (!at) refuse("demand_unit", where, "the unit " + id + " is not known");
  return *at;
}

std::uint32_t HistoryBuilder::school(const std::string& id, const std::string& where) {
  std::string current = id;
  while (successor_.contains(current)) current = successor_[current];
  const auto at = h_.find_school(current);
  if (!at) refuse("demand_school", where, "the school " + id + " is not known");
  return *at;
}

void HistoryBuilder::span_years() {
  int first = std::numeric_limits<int>::max(), last = std::numeric_limits<int>::min();
  int first_child = first, last_child = last, last_counted = last;
  for (const Enrolment& e : input_.enrolment) {
    check_year(e.school_year, row("enrolment", e.school_id, e.school_year));
    first = std::min(first, e.school_year), last = std::max(last, e.school_year);
  }
  for (const UnitChildren& c : input_.children) {
    if (!plausible(c.year)) check_year(c.year, row("unit_children", c.unit_id, c.year));
    first_child = std::min(first_child, c.year), last_child = std::max(last_child, c.year);
    last_counted = std::max(last_counted, c.year);
  }
  for (const Births& b : input_.births) {
    if (!plausible(b.year)) check_year(b.year, row("birth", b.unit_id, b.year));
    first_child = std::min(first_child, b.year - 1), last_child = std::max(last_child, b.year);
  }
  if (last < first) {
    if (last_counted == std::numeric_limits<int>::min()) {
      refuse("demand_empty", "enrolment", "there is neither enrolment nor a count of children to forecast from");
    }
    first = first_child, last = last_counted;
  }
  h_.first_year_ = first, h_.last_year_ = last, h_.years_ = last - first + 1;
  h_.lowest_grade_ = h_.rules_.stages.front().first_grade;
  h_.grades_ = h_.rules_.stages.back().last_grade - h_.lowest_grade_ + 1;
  const auto schools = h_.schools.size();
  const auto cells = static_cast<std::size_t>(h_.years_) * static_cast<std::size_t>(h_.grades_);
  h_.pupils_.assign(schools * cells, static_cast<float>(kUnknown));
  h_.classes_.assign(schools * cells, 0);
  h_.intake_.assign(schools * static_cast<std::size_t>(h_.years_) * 3, static_cast<float>(kUnknown));
  if (last_child >= first_child) {
    h_.first_child_year_ = first_child, h_.child_years_ = last_child - first_child + 1;
    h_.children_.assign(h_.units.size() * static_cast<std::size_t>(h_.child_years_) * kAges,
                        static_cast<float>(kUnknown));
  }
}

float& HistoryBuilder::child_cell(std::size_t unit, int year, int age) {
  const auto y = static_cast<std::size_t>(year - h_.first_child_year_);
  return h_
      .children_[(unit * static_cast<std::size_t>(h_.child_years_) + y) * kAges + static_cast<std::size_t>(age + 1)];
}

void HistoryBuilder::add_children() {
  for (const UnitChildren& c : input_.children) {
    const auto where = [&] { return row("unit_children", c.unit_id, c.year) + ", age " + std::to_string(c.age); };
    if (c.children < 0 || c.children > kMostChildren) check_count(c.children, where());
    if (c.age < 0 || c.age > 120) refuse("demand_age", where(), "the age must be 0 to 120");
    const auto u = h_.find_unit(c.unit_id);
    if (!u) unit(c.unit_id, where());
    if (c.age + 1 >= kAges) continue;
    float& cell = child_cell(*u, c.year, c.age);
    if (cell >= 0) refuse("demand_twice", where(), "the count comes twice");
    cell = static_cast<float>(c.children);
  }
  h_.has_children_ = !input_.children.empty();
}

void HistoryBuilder::add_births() {
  struct Row {
    std::uint32_t unit = 0;
    int year = 0, month = 0, births = 0;
    std::size_t place = 0;  // in the input: of two rows that clash the later one is named
    auto operator<=>(const Row&) const = default;
  };
  std::vector<Row> rows;
  rows.reserve(input_.births.size());
  const auto where_of = [](const Births& b) {
    return row("birth", b.unit_id, b.year) + (b.month > 0 ? "-" + std::to_string(b.month) : "");
  };
  for (const Births& b : input_.births) {
    if (b.births < 0 || b.births > kMostChildren) check_count(b.births, where_of(b));
    if (b.month < 0 || b.month > 12) refuse("demand_month", where_of(b), "the month must be 0 (the year) to 12");
    const auto at = h_.find_unit(b.unit_id);
    rows.push_back({at ? *at : unit(b.unit_id, where_of(b)), b.year, b.month, b.births, rows.size()});
  }
  std::ranges::sort(rows);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Row &a = rows[i - 1], &b = rows[i];
    if (a.unit != b.unit || a.year != b.year) continue;
    const int month = std::max(a, b, [](const Row& x, const Row& y) { return x.place < y.place; }).month;
    const std::string where = row("birth", h_.units[b.unit], b.year) + (month > 0 ? "-" + std::to_string(month) : "");
    if (a.month == b.month) refuse("demand_twice", where, "the count comes twice");
    if (a.month == 0) refuse("demand_twice", where, "births of this year come both by month and as a whole");
  }
  // A cohort ends with the cut-off of its year: births and months of it so far, for the unit at hand.
  struct Part {
    double births = 0, months = 0;
  };
  std::map<int, Part> cohorts;
  const AgeRule& age = h_.rules_.age;
  const CohortWeights weights = cohort_weights(age);
  const double within = weights.later * 12 - (age.cutoff_month - 1);  // of the cut-off month, the part that counts
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& b = rows[i];
    const auto add = [&](int year, double share, double months) {
      Part& part = cohorts[year];
      part.births += b.births * share, part.months += months;
    };
    if (b.month == 0) {
      add(b.year, weights.later, 12 * weights.later);
      add(b.year + 1, weights.earlier, 12 * weights.earlier);
    } else if (b.month < age.cutoff_month) {
      add(b.year, 1, 1);
    } else if (b.month > age.cutoff_month) {
      add(b.year + 1, 1, 1);
    } else {
      add(b.year, within, within);
      add(b.year + 1, 1 - within, 1 - within);
    }
    if (i + 1 < rows.size() && rows[i + 1].unit == b.unit) continue;
    for (const auto& [year, part] : cohorts) {
      // Half a cohort is not one: births of a whole year that begins or ends the series give a part only.
      if (part.months < kWholeCohort) continue;
      child_cell(b.unit, year - 1, -1) = static_cast<float>(part.births);
      h_.has_births_ = true;
    }
    cohorts.clear();
  }
}

void HistoryBuilder::add_enrolment() {
  std::set<std::tuple<std::string_view, int, int>> seen;
  for (const Enrolment& e : input_.enrolment) {
    const std::string where = row("enrolment", e.school_id, e.school_year) + ", grade " + std::to_string(e.grade);
    check_count(e.pupils, where);
    check_count(e.classes, where);
    if (find_stage_of(h_.rules_, e.grade) == nullptr)
      refuse("demand_grade", where, "no stage of the rules has this grade");
    const std::uint32_t s = school(e.school_id, where);
    const auto at =
        (s * static_cast<std::size_t>(h_.years_) + static_cast<std::size_t>(e.school_year - h_.first_year_)) *
            static_cast<std::size_t>(h_.grades_) +
        static_cast<std::size_t>(e.grade - h_.lowest_grade_);
    float& cell = h_.pupils_[at];
    // The rows of schools merged into one add up; two of the same school do not.
    if (!seen.insert({e.school_id, e.school_year, e.grade}).second) {
      refuse("demand_twice", where, "the count comes twice");
    }
    cell = std::max(cell, 0.0f) + static_cast<float>(e.pupils);
    h_.classes_[at] = static_cast<std::int16_t>(std::min(h_.classes_[at] + e.classes, 30000));
  }
}

void HistoryBuilder::add_intake() {
  std::set<std::tuple<std::string_view, int, int>> seen;
  for (const Intake& i : input_.intake) {
    const std::string where = row("intake", i.school_id, i.school_year) + ", " + i.stream;
    check_count(i.pupils, where);
    const int stream = i.stream == "zone" ? 0 : i.stream == "out_of_area" ? 1 : i.stream == "migrant" ? 2 : -1;
    if (stream < 0) refuse("demand_stream", where, "the stream must be zone, out_of_area or migrant");
    const std::uint32_t s = school(i.school_id, where);
    if (!seen.insert({i.school_id, i.school_year, stream}).second) {
      refuse("demand_twice", where, "the count comes twice");
    }
    const int y = i.school_year - h_.first_year_;
    if (y < 0 || y >= h_.years_) continue;
    const auto at = (s * static_cast<std::size_t>(h_.years_) + static_cast<std::size_t>(y)) * 3;
    for (std::size_t k = 0; k < 3; ++k) h_.intake_[at + k] = std::max(h_.intake_[at + k], 0.0f);
    h_.intake_[at + static_cast<std::size_t>(stream)] += static_cast<float>(i.pupils);
  }
}

void HistoryBuilder::add_survey() {
  for (const SurveyCount& s : input_.survey) {
    const std::string where = row("survey_count", s.unit_id, s.school_year);
    check_year(s.school_year, where);
    check_count(s.children, where);
    if (!h_.survey_.emplace(std::pair{unit(s.unit_id, where), s.school_year}, s.children).second) {
      refuse("demand_twice", where, "the count comes twice");
    }
  }
}

void HistoryBuilder::add_plans() {
  std::map<std::pair<Stage, int>, StagePlan> plans;
  for (const UnitSchool& a : input_.assignment) {
    const std::string where = row("assignment", a.unit_id, a.school_year);
    check_year(a.school_year, where);
    if (!(a.share >= 0 && a.share <= 1 + 1e-6)) refuse("demand_share", where, "a share must be 0 to 1");
    StagePlan& plan = plans[{a.stage, a.school_year}];
    plan.stage = a.stage, plan.school_year = a.school_year;
    plan.shares.push_back({unit(a.unit_id, where), school(a.school_id, where), static_cast<float>(a.share)});
  }
  for (auto& [key, plan] : plans) {
    std::ranges::sort(plan.shares, {}, [](const UnitShare& s) { return std::pair{s.school, s.unit}; });
    const auto twice = std::ranges::adjacent_find(
        plan.shares, [](const UnitShare& a, const UnitShare& b) { return a.school == b.school && a.unit == b.unit; });
    if (twice != plan.shares.end() && successor_.empty()) {
      refuse("demand_twice", row("assignment", h_.units[twice->unit], key.second),
             "the unit is given to the school " + h_.schools[twice->school].school_id + " twice");
    }
    std::vector<double> sum(h_.units.size(), 0);
    for (const UnitShare& s : plan.shares) sum[s.unit] += static_cast<double>(s.share);
    std::size_t partly = 0;
    for (std::size_t u = 0; u < sum.size(); ++u) {
      if (sum[u] > 1 + 1e-4) {
        refuse("demand_share", row("assignment", h_.units[u], key.second),
               "the shares of the unit add up to more than 1");
      }
      if (sum[u] < 1 - 1e-4) ++partly;
    }
    if (partly > 0) {
      note(DataNote::Kind::partly_assigned, std::string(to_word(key.first)) + "/" + std::to_string(key.second),
           std::to_string(partly) + " of " + std::to_string(sum.size()) +
               " units belong to no school in whole or in part");
    }
    h_.plans.push_back(std::move(plan));
  }
}

void HistoryBuilder::add_feeders() {
  std::set<std::tuple<std::string_view, std::string_view, int>> seen;
  std::map<std::pair<std::string_view, int>, double> sum;  // of a school's leavers
  for (const Feeder& f : input_.feeders) {
    const std::string where = row("feeder", f.from_school_id + " to " + f.to_school_id, f.school_year);
    check_year(f.school_year, where);
    if (!(f.share >= 0 && f.share <= 1)) refuse("demand_share", where, "a share must be 0 to 1");
    if (!seen.insert({f.from_school_id, f.to_school_id, f.school_year}).second) {
      refuse("demand_twice", where, "the feeder comes twice");
    }
    if ((sum[{f.from_school_id, f.school_year}] += f.share) > 1 + 1e-4) {
      refuse("demand_share", row("feeder", f.from_school_id, f.school_year),
             "the shares of the school's leavers add up to more than 1");
    }
    h_.feeders[f.school_year].push_back({school(f.from_school_id, where), school(f.to_school_id, where), f.share});
  }
  // In one order: sums of the same leavers are then the same to the last bit.
  for (auto& [year, list] : h_.feeders) {
    std::ranges::sort(list, {}, [](const FeederShare& f) { return std::tuple(f.to, f.from, f.share); });
  }
}

void HistoryBuilder::add_housing() {
  for (const Housing& h : input_.housing) {
    const std::string where = "housing: " + h.id;
    check_count(h.dwellings, where);
    if (h.completion_year != 0) check_year(h.completion_year, where);
    if (h.completion_year == 0 || h.dwellings == 0 || h.unit_id.empty()) continue;
    unit(h.unit_id, where);
    h_.housing.push_back(h);
  }
  std::ranges::sort(h_.housing, {}, &Housing::id);
  const auto twice = std::ranges::adjacent_find(h_.housing, {}, &Housing::id);
  if (twice != h_.housing.end()) refuse("demand_twice", "housing: " + twice->id, "the project comes twice");
}

CityHistory HistoryBuilder::build() {
  check_rules();
  list_units();
  list_schools();
  span_years();
  add_children();
  add_births();
  add_enrolment();
  add_intake();
  add_survey();
  add_plans();
  add_feeders();
  add_housing();
  note_gaps();
  note_jumps();
  note_closed();
  return std::move(h_);
}

}  // namespace catchment::engine::demand
