#include "server/plans/ensemble_start.hpp"

#include "engine/planning/ensemble/start_plan.hpp"
#include "engine/planning/optimiser/optimise.hpp"

namespace catchment::plans {

using namespace engine::planning;

EnsembleProblem ensemble_around(const PlanProblem& plans, const EnsembleRules& rules, const Assignment& at_hand) {
  EnsembleProblem problem = to_ensemble(plans, rules);
  if (at_hand.empty()) return problem;
  problem.reference = at_hand;
  if (check_plan(problem, at_hand).empty()) problem.start = at_hand;
  return problem;
}

void find_tight_start(const PlanProblem& plans, const EnsembleRules& rules, std::uint64_t seed,
                      const std::function<bool()>& alive, EnsembleProblem& problem) {
  if (!problem.start.empty() || !rules.homes) return;
  if (find_start(ChainGround(problem), seed, alive) || !alive()) return;
  OptimiseOptions how;
  how.rounds = 1;
  how.progress = [&alive](const PlanProgress&) { return alive(); };
  Assignment plan = optimise(plans, how).plan;
  if (!plan.empty() && check_plan(problem, plan).empty()) problem.start = std::move(plan);
}

}  // namespace catchment::plans
