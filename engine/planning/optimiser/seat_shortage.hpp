// Units that can only reach schools with too few seats in all: Hall's condition, by one flow.
#pragma once

#include <optional>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

struct SeatShortage {
  std::vector<UnitIndex> units;      // ascending
  std::vector<SchoolIndex> schools;  // all that any of the units may go to, ascending
  long children = 0, seats = 0;      // children > seats
};

// A set of units from which none can be left out, or nothing if children one by one fit the seats. `allowed` as
// find_allowed gives it.
std::optional<SeatShortage> find_seat_shortage(const PlanProblem& problem, const std::vector<char>& allowed);

}  // namespace catchment::engine::planning
