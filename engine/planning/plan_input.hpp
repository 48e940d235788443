// Whether the lists of a plan problem fit together.
#pragma once

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

// Throws InputError("plan_problem", part): wrong sizes, indexes out of range, negative counts or prices, no numbers.
void check_input(const PlanProblem& problem);

}  // namespace catchment::engine::planning
