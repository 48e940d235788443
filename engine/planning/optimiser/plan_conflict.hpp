// Why no plan exists, where that takes several limits together: the smallest set of them that is proved to be at odds.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

// Limits that are given up together.
enum class LimitGroup { locks, forbidden, seats, draws, children_moved, units_moved, contiguity };

std::string_view to_word(LimitGroup group);

struct PlanConflict {
  std::vector<LimitGroup> groups;  // none can be left out, as far as the proofs can tell
  std::vector<PlanLock> locks;     // those of the problem that are needed, if locks are
  PlanFinding finding;             // limits_conflict, fatal, in words
};

// Proofs are a fatal finding of find_problems, a lower bound on what must move that passes the budget, and a lower
// bound that passes what every plan costs if each unit costs 1. Nothing if none of them holds: a plan may still not
// exist. Then limits are given up group by group and lock by lock, and stay out if the proof holds without them.
// steps: of each bound. O(limits x proof).
std::optional<PlanConflict> find_conflict(const PlanProblem& problem, int steps);

}  // namespace catchment::engine::planning
