// What chains of an ensemble are drawn around: a plan at hand, and one to begin with.
#pragma once

#include <functional>

#include "engine/planning/ensemble/ensemble_problem.hpp"

namespace catchment::plans {

// The ensemble of a problem's plans with the plan at hand as reference; chains begin there if it is legal, since where
// zones are tight growing and recutting may find none. at_hand may be empty.
engine::planning::EnsembleProblem ensemble_around(const engine::planning::PlanProblem& plans,
                                                  const engine::planning::EnsembleRules& rules,
                                                  const engine::planning::Assignment& at_hand);

// A start from a round of the optimiser, where chains find none of their own and zones hold their schools: all chains
// begin there then. Leaves the problem as it is if there is none, or alive() said to leave.
void find_tight_start(const engine::planning::PlanProblem& plans, const engine::planning::EnsembleRules& rules,
                      std::uint64_t seed, const std::function<bool()>& alive,
                      engine::planning::EnsembleProblem& problem);

}  // namespace catchment::plans
