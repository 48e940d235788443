#include "engine/demand/seat_tables.hpp"

#include <algorithm>
#include <string>

namespace catchment::engine::demand {

int CampusState::rooms_in(int year) const {
  if (!known()) return inferred;
  const auto after = rooms.upper_bound(year);
  return after == rooms.begin() ? 0 : std::prev(after)->second;
}

bool approved(const CapException& exception) {
  return !exception.approved_by.empty() && !exception.reason.empty() && !exception.until.empty();
}

bool expired(const CapException& exception, int year) { return exception.until < std::to_string(year) + "-09-01"; }

std::pair<int, bool> UnitState::cap_of(int year, int grade) const {
  int cap = 0;
  for (const CapException* exception : exceptions) {
    const bool holds = approved(*exception) && exception->from_year <= year && !expired(*exception, year);
    if (holds && (exception->grade == 0 || exception->grade == grade)) cap = std::max(cap, exception->class_cap);
  }
  return cap == 0 ? std::pair(rule->class_cap, false) : std::pair(cap, true);
}

SeatTables::SeatTables(const SeatInput& input, const DemandRules& rules) {
  for (const SeatCampus& campus : input.campuses) {
    campus_at[campus.id] = campuses.size();
    campuses.push_back({&campus, {}, 0, {}});
  }
  for (const AdmissionUnit& unit : input.units) {
    UnitState state;
    state.unit = &unit;
    state.rule = rules.find(unit.stage);
    for (const UnitCampus& campus : unit.campuses) state.campuses.push_back(campus_at.at(campus.campus_id));
    if (unit.campuses.empty()) {
      state.campuses.push_back(campuses.size());
      campuses.emplace_back();
    }
    for (const std::size_t campus : state.campuses) campuses[campus].units.push_back(units.size());
    unit_at[unit.id] = units.size();
    units.push_back(std::move(state));
  }
  index_rows(input);
}

void SeatTables::index_rows(const SeatInput& input) {
  for (const CampusRooms& row : input.rooms) {
    campuses[campus_at.at(row.campus_id)].rooms[row.school_year] = row.rooms;
  }
  for (const GradePupils& row : input.pupils) {
    unit_of(row.admission_unit_id).pupils[{row.school_year, row.grade}] = &row;
  }
  for (const EntryPlan& plan : input.plans) unit_of(plan.admission_unit_id).plans[plan.school_year] = &plan;
  for (const CapException& row : input.exceptions) unit_of(row.admission_unit_id).exceptions.push_back(&row);
  for (const ReservedSeats& row : input.reserved) {
    SetAside& aside = unit_of(row.admission_unit_id).set_aside[row.school_year];
    if (row.in_demand) aside.reserved_in_demand += row.seats;
    if (row.kind == ReservedSeats::Kind::direct_promotion) aside.reserved.direct_promotion += row.seats;
    if (row.kind == ReservedSeats::Kind::attached_estate) aside.reserved.attached_estate += row.seats;
    if (row.kind == ReservedSeats::Kind::policy_group) aside.reserved.policy_group += row.seats;
  }
  for (const PurchasedSeats& row : input.purchased) {
    unit_of(row.admission_unit_id).set_aside[row.school_year].purchased += row.seats;
    if (!row.seller_unit_id.empty()) unit_of(row.seller_unit_id).set_aside[row.school_year].sold += row.seats;
  }
}

std::vector<Together> SeatTables::together() const {
  std::vector<Together> all;
  std::vector<bool> seen(campuses.size(), false);
  std::vector<bool> taken(units.size(), false);
  for (std::size_t first = 0; first < campuses.size(); ++first) {
    if (seen[first]) continue;
    seen[first] = true;
    Together& group = all.emplace_back();
    group.campuses.push_back(first);
    for (std::size_t i = 0; i < group.campuses.size(); ++i) {
      for (const std::size_t unit : campuses[group.campuses[i]].units) {
        if (taken[unit]) continue;
        taken[unit] = true;
        group.units.push_back(unit);
        for (const std::size_t next : units[unit].campuses) {
          if (!seen[next]) group.campuses.push_back(next);
          seen[next] = true;
        }
      }
    }
    std::ranges::sort(group.campuses, {}, [&](std::size_t campus) {
      const CampusState& state = campuses[campus];
      return std::pair(state.campus == nullptr ? std::string_view() : std::string_view(state.campus->id), campus);
    });
    std::ranges::sort(group.units, {}, [&](std::size_t unit) { return std::string_view(units[unit].unit->id); });
  }
  return all;
}

}  // namespace catchment::engine::demand
