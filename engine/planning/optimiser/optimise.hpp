// From a plan problem to a good legal plan and a proof of how good it is.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

struct PlanProgress {
  int round = 0;
  double share = 0;            // of the limit that comes first, 0-1
  std::optional<double> cost;  // of the best plan so far
  double bound = 0;
};

// A search ends at the first limit reached. Without `seconds` the result depends on problem, seed and rounds alone.
struct OptimiseOptions {
  std::uint64_t seed = 1;
  int rounds = 0;                                     // 0: no limit
  double seconds = 0;                                 // 0: no limit
  std::function<bool(const PlanProgress&)> progress;  // false cancels
};

enum class OptimiseStatus {
  optimal,     // the plan's cost is the bound
  feasible,    // a legal plan; better ones may exist
  infeasible,  // no legal plan exists: the findings say why
  unknown,     // none was found, and none was ruled out
};

std::string_view to_word(OptimiseStatus status);

struct OptimiseResult {
  OptimiseStatus status = OptimiseStatus::unknown;
  std::vector<PlanFinding> findings;  // of the problem, before any search
  Assignment plan;                    // empty unless feasible or optimal
  double cost = 0;                    // of the plan
  double bound = 0;                   // no legal plan costs less; also without a plan
  int rounds = 0;                     // whole ones
  bool cancelled = false;

  // How much cheaper a plan could be at most, as a share of this one's cost. 0 for a plan that costs nothing.
  double gap() const { return cost > 0 ? (cost - bound) / cost : 0; }
};

// Single-threaded. Throws InputError as find_problems does, and InputError("no_limit") without rounds and seconds.
OptimiseResult optimise(const PlanProblem& problem, const OptimiseOptions& options);

}  // namespace catchment::engine::planning
