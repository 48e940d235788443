#include "datasets/city_seats.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace demand = engine::demand;
using engine::Stage;

class SeatLoader {
 public:
  SeatLoader(const CityPackage& package, const demand::DemandRules& rules, int base_year, int last_year)
      : package_(package), rules_(rules) {
    seats_.input.base_year = base_year;
    seats_.input.last_year = last_year;
  }

  CitySeats load() {
    read_schools();
    read_units();
    add_default_units();
    read_rooms();
    read_plans();
    read_exceptions();
    read_reserved();
    read_purchased();
    read_pupils();
    return std::move(seats_);
  }

 private:
  using Key = std::vector<std::string>;

  [[noreturn]] void refuse(const char* table, const Key& key, const std::string& message) const {
    throw InputError("seat_row", package_.where(table, key), message);
  }

  void read_schools() {
    for (engine::School& school : package_.schools()) {
      if (school.status == "closed") continue;
      std::ranges::sort(school.stages);
      schools_.emplace(school.id, std::move(school));
    }
    for (const engine::SchoolSuccessor& row : package_.school_successors()) successors_[row.old_id] = row.new_id;
    for (const engine::Campus& campus : package_.campuses()) {
      if (!schools_.contains(campus.school_id)) continue;
      seats_.input.campuses.push_back({campus.id, campus.school_id});
      campuses_of_[campus.school_id].push_back(campus.id);
    }
  }

  void add(demand::AdmissionUnit unit) {
    by_school_[{unit.school_id, unit.stage}].push_back(unit.id);
    stage_of_[unit.id] = unit.stage;
    seats_.input.units.push_back(std::move(unit));
  }

  void read_units() {
    for (const engine::AdmissionUnit& row : package_.admission_units()) {
      const demand::StageRule* rule = rules_.find(row.stage);
      if (rule == nullptr || !schools_.contains(row.school_id)) continue;
      demand::AdmissionUnit unit{row.id, row.school_id, row.name, row.plan_number, row.stage, {}};
      for (const engine::UnitCampus& c : row.campuses) {
        unit.campuses.push_back({c.campus_id, c.first_grade == 0 ? rule->first_grade : c.first_grade,
                                 c.last_grade == 0 ? rule->last_grade : c.last_grade});
      }
      add(std::move(unit));
    }
  }

  void add_default_units() {
    for (const auto& [id, school] : schools_) {
      bool first = true;
      for (const Stage stage : school.stages) {
        const demand::StageRule* rule = rules_.find(stage);
        if (rule == nullptr) continue;
        const bool own_id = std::exchange(first, false);
        if (by_school_.contains({id, stage})) continue;
        const std::string unit_id = own_id ? id : id + "/" + std::string(to_word(stage));
        demand::AdmissionUnit unit{unit_id, id, school.name, "", stage, {}};
        for (const std::string& campus : campuses_of_[id]) {
          unit.campuses.push_back({campus, rule->first_grade, rule->last_grade});
        }
        add(std::move(unit));
      }
    }
  }

  // The unit that a row means; empty if it speaks of a closed school or a stage without rules.
  std::string unit_of(const std::string& id, int grade, const char* table, const Key& key) const {
    const auto school = schools_.find(id);
    if (school == schools_.end()) {
      if (stage_of_.contains(id)) return id;
      if (knows_school(id)) return {};
      refuse(table, key, "no admission unit or school has the id " + id);
    }
    for (const Stage stage : school->second.stages) {
      const demand::StageRule* rule = rules_.find(stage);
      if (rule == nullptr || (grade != 0 && (grade < rule->first_grade || grade > rule->last_grade))) continue;
      return by_school_.at({id, stage}).front();
    }
    if (grade != 0) refuse(table, key, id + " does not teach grade " + std::to_string(grade));
    return {};
  }

  bool knows_school(const std::string& id) const {
    if (all_ids_.empty()) {
      for (const engine::School& s : package_.schools()) all_ids_[s.id] = true;
      for (const engine::AdmissionUnit& u : package_.admission_units()) all_ids_[u.id] = true;
    }
    return all_ids_.contains(id);
  }

  void read_rooms() {
    for (const engine::CampusRooms& row : package_.rooms()) {
      const auto known = [&](const demand::SeatCampus& c) { return c.id == row.campus_id; };
      if (std::ranges::any_of(seats_.input.campuses, known)) {
        seats_.input.rooms.push_back({row.campus_id, row.school_year, row.rooms});
      }
    }
  }

  void read_plans() {
    for (const engine::AdmissionPlan& row : package_.admission_plans()) {
      const std::string unit =
          unit_of(row.admission_unit_id, 0, "admission_plan", {row.admission_unit_id, std::to_string(row.school_year)});
      if (!unit.empty()) seats_.input.plans.push_back({unit, row.school_year, row.classes, row.seats});
    }
  }

  void read_exceptions() {
    for (const engine::CapException& row : package_.cap_exceptions()) {
      const Key key{row.admission_unit_id, std::to_string(row.grade), std::to_string(row.from_year)};
      std::vector<std::string> units{unit_of(row.admission_unit_id, row.grade, "cap_exception", key)};
      const auto school = schools_.find(row.admission_unit_id);
      if (row.grade == 0 && school != schools_.end()) {
        units.clear();
        for (const Stage stage : school->second.stages) {
          const auto found = by_school_.find({row.admission_unit_id, stage});
          if (found != by_school_.end()) units.push_back(found->second.front());
        }
      }
      for (const std::string& unit : units) {
        if (unit.empty()) continue;
        seats_.input.exceptions.push_back(
            {unit, row.grade, row.cap, row.approved_by, row.reason, row.from_year, row.until});
      }
    }
  }

  bool is_entry(const std::string& unit, int grade) const {
    return grade == 0 || rules_.find(stage_of_.at(unit))->first_grade == grade;
  }

  void read_reserved() {
    for (const engine::ReservedSeats& row : package_.reserved_seats()) {
      const Key key{row.admission_unit_id, std::to_string(row.school_year), std::to_string(row.grade), row.kind};
      const std::string unit = unit_of(row.admission_unit_id, row.grade, "reserved_seats", key);
      const auto kind = demand::find_reserved_kind(row.kind);
      if (!kind) refuse("reserved_seats", key, "unknown kind " + row.kind);
      if (unit.empty()) continue;
      if (!is_entry(unit, row.grade)) refuse("reserved_seats", key, "seats can be reserved in an entry grade only");
      seats_.input.reserved.push_back({unit, row.school_year, *kind, row.seats, row.in_demand});
    }
  }

  void read_purchased() {
    for (const engine::PurchasedSeats& row : package_.purchased_seats()) {
      const Key key{row.school_id, row.admission_unit_id, std::to_string(row.school_year), std::to_string(row.grade)};
      if (row.admission_unit_id.empty()) {
        seats_.city_wide.push_back({row.school_id, row.school_year, row.seats});
        continue;
      }
      const std::string buyer = unit_of(row.admission_unit_id, row.grade, "purchased_seats", key);
      const std::string seller = unit_of(row.school_id, row.grade, "purchased_seats", key);
      if (buyer.empty()) continue;
      if (!is_entry(buyer, row.grade)) refuse("purchased_seats", key, "seats can be bought in an entry grade only");
      seats_.input.purchased.push_back({buyer, row.school_year, row.seats, seller});
    }
  }

  void read_pupils() {
    std::map<std::pair<std::string, int>, std::pair<int, int>> sums;  // school and grade: classes, pupils
    for (const engine::Enrolment& row : package_.enrolment()) {
      if (row.school_year != seats_.input.base_year) continue;
      std::string id = row.school_id;
      for (int steps = 0; successors_.contains(id) && steps < 100; ++steps) id = successors_.at(id);
      auto& [classes, pupils] = sums[{id, row.grade}];
      classes += row.classes, pupils += row.pupils;
    }
    for (const auto& [key, sum] : sums) {
      for (const demand::StageRule& rule : rules_.stages) {
        if (key.second < rule.first_grade || key.second > rule.last_grade) continue;
        const auto units = by_school_.find({key.first, rule.stage});
        if (units != by_school_.end()) split(units->second, key, sum.first, sum.second);
      }
    }
  }

  void split(const std::vector<std::string>& units, const std::pair<std::string, int>& key, int classes, int pupils) {
    const int count = static_cast<int>(units.size());
    if (count > 1 && (seats_.split_schools.empty() || seats_.split_schools.back() != key.first)) {
      seats_.split_schools.push_back(key.first);
    }
    for (int i = 0; i < count; ++i) {
      const auto part = [&](int whole) { return whole / count + (i < whole % count ? 1 : 0); };
      demand::GradePupils row{units[static_cast<std::size_t>(i)], seats_.input.base_year, key.second,
                              static_cast<double>(part(pupils)), std::nullopt};
      if (classes > 0) row.classes = part(classes);
      seats_.input.pupils.push_back(std::move(row));
    }
  }

  const CityPackage& package_;
  const demand::DemandRules& rules_;
  CitySeats seats_;
  std::map<std::string, engine::School> schools_;  // that are not closed
  std::map<std::string, std::string> successors_;
  std::map<std::string, std::vector<std::string>> campuses_of_;
  std::map<std::pair<std::string, Stage>, std::vector<std::string>> by_school_;  // its units
  std::map<std::string, Stage> stage_of_;                                        // by unit
  mutable std::map<std::string, bool> all_ids_;
};

}  // namespace

CitySeats load_city_seats(const CityPackage& package, const demand::DemandRules& rules, int base_year, int last_year) {
  return SeatLoader(package, rules, base_year, last_year).load();
}

}  // namespace catchment::datasets
