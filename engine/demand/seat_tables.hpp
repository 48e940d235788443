// The rows of a seat input by what they speak of; campuses that share units are found here.
#pragma once

#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/demand/seats.hpp"

namespace catchment::engine::demand {

// What is set aside of, or added to, a unit's entry seats of a year.
struct SetAside {
  Reserved reserved;
  int reserved_in_demand = 0;
  int sold = 0;
  int purchased = 0;
};

struct UnitState {
  const AdmissionUnit* unit = nullptr;
  const StageRule* rule = nullptr;
  std::vector<std::size_t> campuses;                         // as unit->campuses; one of its own for a unit without any
  std::map<std::pair<int, int>, const GradePupils*> pupils;  // by year and grade
  std::map<int, const EntryPlan*> plans;
  std::map<int, SetAside> set_aside;
  std::vector<const CapException*> exceptions;

  // The class cap, and whether it is an exception's; of several in force the largest.
  std::pair<int, bool> cap_of(int year, int grade) const;
};

struct CampusState {
  const SeatCampus* campus = nullptr;  // nullptr: the rooms of a unit without a campus
  std::map<int, int> rooms;            // by the year they hold from
  int inferred = 0;                    // rooms, where no row tells them
  std::vector<std::size_t> units;

  bool known() const { return !rooms.empty(); }
  int rooms_in(int year) const;
};

// Campuses joined by units they share, and these units; both in the order of their ids.
struct Together {
  std::vector<std::size_t> campuses;
  std::vector<std::size_t> units;
};

bool approved(const CapException& exception);
bool expired(const CapException& exception, int year);

// Points into the input, which must have been checked and must outlive it.
struct SeatTables {
  SeatTables(const SeatInput& input, const DemandRules& rules);

  UnitState& unit_of(std::string_view id) { return units[unit_at.at(id)]; }
  std::vector<Together> together() const;

  std::vector<CampusState> campuses;
  std::vector<UnitState> units;
  std::map<std::string_view, std::size_t> campus_at;
  std::map<std::string_view, std::size_t> unit_at;

 private:
  void index_rows(const SeatInput& input);
};

}  // namespace catchment::engine::demand
