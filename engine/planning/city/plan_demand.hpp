// A plan's changes as the forecast takes them.
#pragma once

#include <vector>

#include "engine/demand/scenario.hpp"
#include "engine/planning/city/city_plan.hpp"

namespace catchment::engine::planning {

// What makes the forecast of `before` that of `after`, in the order it is to be carried out: schools opened, estates,
// schools that end, then units by their number as the city was read, each with the schools its parts have. `after` must
// come from `before`, which must be of the city as it was read. A shared zone's children go to its schools in equal
// parts; of a unit only part of which anybody has, those who have it have all. Rooms, caps, grades and gates are none
// of the forecast's.
std::vector<demand::ScenarioChange> to_demand_changes(const CityPlan& before, const CityPlan& after);

}  // namespace catchment::engine::planning
