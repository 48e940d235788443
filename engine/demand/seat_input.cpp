#include "engine/demand/seat_input.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

constexpr std::array<std::string_view, 3> kReservedWords{"direct_promotion", "attached_estate", "policy_group"};
constexpr int kMostSeats = 100000;  // of one grade of one unit; more is a slip of the pen
constexpr int kMostRooms = 10000;

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t at : {0u, 1u, 2u, 3u, 5u, 6u, 8u, 9u}) {
    if (text[at] < '0' || text[at] > '9') return false;
  }
  const int month = (text[5] - '0') * 10 + text[6] - '0';
  const int day = (text[8] - '0') * 10 + text[9] - '0';
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

class Checker {
 public:
  Checker(const SeatInput& input, const DemandRules& rules) : input_(input), rules_(rules) {}

  void check() {
    if (input_.base_year < 1900 || input_.base_year > 2200) fail("seat_year", "", "the base year is no year");
    if (input_.last_year < input_.base_year) fail("seat_year", "", "the last year lies before the base year");
    if (input_.last_year - input_.base_year > 100) fail("seat_year", "", "more than 100 years");
    check_stages();
    check_campuses();
    check_units();
    check_plans();
    check_exceptions();
    check_set_aside();
    check_pupils();
  }

 private:
  [[noreturn]] static void fail(const char* code, const std::string& where, const std::string& message) {
    throw InputError(code, where, message);
  }
  static std::string row_of(std::string_view table, std::string_view id, int year = 0, int grade = 0) {
    std::string text = std::string(table) + " " + std::string(id);
    if (year != 0) text += " " + std::to_string(year);
    if (grade != 0) text += " grade " + std::to_string(grade);
    return text;
  }
  static void check_count(int count, int most, const std::string& where) {
    if (count < 0) fail("seat_count", where, std::to_string(count) + " is negative");
    if (count > most) fail("seat_count", where, std::to_string(count) + " is more than " + std::to_string(most));
  }
  const AdmissionUnit& unit_of(std::string_view id, const std::string& where) const {
    const auto at = units_.find(id);
    if (at == units_.end()) fail("seat_unknown", where, "no such admission unit");
    return *at->second;
  }
  void check_grade(const AdmissionUnit& unit, int grade, const std::string& where) const {
    const StageRule& rule = *rules_.find(unit.stage);
    if (grade < rule.first_grade || grade > rule.last_grade) {
      fail("seat_grade", where,
           "outside grades " + std::to_string(rule.first_grade) + " to " + std::to_string(rule.last_grade));
    }
  }

  void check_stages() const {
    for (const StageRule& rule : rules_.stages) {
      const std::string where = row_of("stage", to_word(rule.stage));
      if (rule.class_cap < 1) fail("seat_count", where, "a class cap must be 1 or more");
      if (rule.last_grade < rule.first_grade) fail("seat_grade", where, "has no grades");
    }
  }

  void check_campuses() {
    for (const SeatCampus& campus : input_.campuses) {
      if (!campuses_.insert(campus.id).second) fail("seat_duplicate", row_of("campus", campus.id), "stands twice");
    }
    std::set<std::tuple<std::string_view, int>> seen;
    for (const CampusRooms& rooms : input_.rooms) {
      const std::string where = row_of("rooms", rooms.campus_id, rooms.school_year);
      if (!campuses_.contains(rooms.campus_id)) fail("seat_unknown", where, "no such campus");
      if (!seen.emplace(rooms.campus_id, rooms.school_year).second) fail("seat_duplicate", where, "stands twice");
      check_count(rooms.rooms, kMostRooms, where);
    }
  }

  void check_units() {
    for (const AdmissionUnit& unit : input_.units) {
      const std::string where = row_of("admission unit", unit.id);
      if (!units_.emplace(unit.id, &unit).second) fail("seat_duplicate", where, "stands twice");
      if (rules_.find(unit.stage) == nullptr) {
        fail("seat_stage", where, "no rule for the stage " + std::string(to_word(unit.stage)));
      }
      std::set<std::string_view> taught;
      for (const UnitCampus& campus : unit.campuses) {
        if (!campuses_.contains(campus.campus_id)) fail("seat_unknown", where, "no such campus: " + campus.campus_id);
        if (!taught.insert(campus.campus_id).second) fail("seat_duplicate", where, "has twice " + campus.campus_id);
        if (campus.last_grade < campus.first_grade) fail("seat_grade", where, "no grades on " + campus.campus_id);
        check_grade(unit, campus.first_grade, where);
        check_grade(unit, campus.last_grade, where);
      }
    }
  }

  void check_plans() const {
    std::set<std::tuple<std::string_view, int>> seen;
    for (const EntryPlan& plan : input_.plans) {
      const std::string where = row_of("plan", plan.admission_unit_id, plan.school_year);
      unit_of(plan.admission_unit_id, where);
      if (!seen.emplace(plan.admission_unit_id, plan.school_year).second) fail("seat_duplicate", where, "stands twice");
      check_count(plan.classes.value_or(0), kMostRooms, where);
      check_count(plan.seats.value_or(0), kMostSeats, where);
    }
  }

  void check_exceptions() const {
    for (const CapException& exception : input_.exceptions) {
      const std::string where = row_of("cap exception", exception.admission_unit_id, 0, exception.grade);
      const AdmissionUnit& unit = unit_of(exception.admission_unit_id, where);
      if (exception.grade != 0) check_grade(unit, exception.grade, where);
      if (exception.class_cap < 1) fail("seat_count", where, "a class cap must be 1 or more");
      check_count(exception.class_cap, 1000, where);
      if (!exception.until.empty() && !is_date(exception.until)) {
        fail("seat_date", where, "not an ISO date: " + exception.until);
      }
    }
  }

  void check_set_aside() const {
    std::set<std::tuple<std::string_view, int, ReservedSeats::Kind, bool>> seen;
    for (const ReservedSeats& reserved : input_.reserved) {
      const std::string where = row_of("reserved", reserved.admission_unit_id, reserved.school_year);
      unit_of(reserved.admission_unit_id, where);
      check_count(reserved.seats, kMostSeats, where);
      if (!seen.emplace(reserved.admission_unit_id, reserved.school_year, reserved.kind, reserved.in_demand).second) {
        fail("seat_duplicate", where, "stands twice as " + std::string(to_word(reserved.kind)));
      }
    }
    for (const PurchasedSeats& purchased : input_.purchased) {
      const std::string where = row_of("purchased", purchased.admission_unit_id, purchased.school_year);
      unit_of(purchased.admission_unit_id, where);
      if (!purchased.seller_unit_id.empty()) unit_of(purchased.seller_unit_id, where);
      if (purchased.seller_unit_id == purchased.admission_unit_id) fail("seat_unknown", where, "sells to itself");
      check_count(purchased.seats, kMostSeats, where);
    }
  }

  void check_pupils() const {
    std::set<std::tuple<std::string_view, int, int>> seen;
    for (const GradePupils& row : input_.pupils) {
      const std::string where = row_of("pupils", row.admission_unit_id, row.school_year, row.grade);
      check_grade(unit_of(row.admission_unit_id, where), row.grade, where);
      if (!seen.emplace(row.admission_unit_id, row.school_year, row.grade).second) {
        fail("seat_duplicate", where, "stands twice");
      }
      if (!(row.pupils >= 0 && row.pupils <= kMostSeats)) {
        fail("seat_count", where,
             std::to_string(row.pupils) + " pupils are not from 0 to " + std::to_string(kMostSeats));
      }
      check_count(row.classes.value_or(0), kMostRooms, where);
    }
  }

  const SeatInput& input_;
  const DemandRules& rules_;
  std::set<std::string_view> campuses_;
  std::map<std::string_view, const AdmissionUnit*> units_;
};

}  // namespace

std::string_view to_word(ReservedSeats::Kind kind) { return kReservedWords.at(static_cast<std::size_t>(kind)); }

std::optional<ReservedSeats::Kind> find_reserved_kind(std::string_view word) {
  const auto at = std::ranges::find(kReservedWords, word);
  if (at == kReservedWords.end()) return std::nullopt;
  return static_cast<ReservedSeats::Kind>(at - kReservedWords.begin());
}

void check_seat_input(const SeatInput& input, const DemandRules& rules) { Checker(input, rules).check(); }

std::vector<GradePupils> expected_pupils(const Forecast& forecast, std::span<const AdmissionUnit> units,
                                         std::span<const GradePupils> observed, const DemandRules& rules) {
  std::map<std::string_view, double> sat;  // in the base year, by unit
  for (const GradePupils& row : observed) {
    if (row.school_year == forecast.base_year) sat[row.admission_unit_id] += row.pupils;
  }
  struct Total {
    double pupils = 0;
    int units = 0;
  };
  std::map<std::pair<std::string_view, Stage>, Total> totals;
  for (const AdmissionUnit& unit : units) {
    Total& total = totals[{unit.school_id, unit.stage}];
    total.pupils += sat[unit.id];
    ++total.units;
  }
  std::vector<GradePupils> rows;
  for (const AdmissionUnit& unit : units) {
    const auto school = std::ranges::lower_bound(forecast.schools, unit.school_id, {}, &SchoolForecast::school_id);
    const StageRule* rule = rules.find(unit.stage);
    if (school == forecast.schools.end() || school->school_id != unit.school_id || rule == nullptr) continue;
    const Total& total = totals[{unit.school_id, unit.stage}];
    const double share = total.pupils > 0 ? sat[unit.id] / total.pupils : 1.0 / total.units;
    for (const GradeForecast& grade : school->grades) {
      if (grade.grade < rule->first_grade || grade.grade > rule->last_grade) continue;
      for (std::size_t i = 0; i < grade.years.size(); ++i) {
        const int year = forecast.base_year + 1 + static_cast<int>(i);
        rows.push_back({unit.id, year, grade.grade, grade.years[i].mean * share, std::nullopt});
      }
    }
  }
  return rows;
}

}  // namespace catchment::engine::demand
