// What a plan is made of, shared by its making and its changing.
#pragma once

#include "engine/demand/scenario.hpp"

namespace catchment::engine::demand {

// Fills state.arrivals: children of entry age beyond those who had moved in by the base year and are counted with
// their unit.
void find_arrivals(const DemandModel& model, int horizon, PlanState& state);

// A school without units and feeders yet.
SchoolState make_school(const SchoolPlace& place, const SchoolModel& model, int horizon);

}  // namespace catchment::engine::demand
