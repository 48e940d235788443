// From a site problem to the best sites found and a proof of how good they are.
//
// Without the limit "every unit goes to one site" each site stands alone: it takes the units whose price exceeds their
// cost, within its seats (a knapsack), and the best sites are picked one by one. The prices that make this bound
// highest are found by subgradients; sites and pairs of unit and site that a better plan cannot have are struck out;
// what remains is branched on. Plans come from the bound's picks by exchanging sites and units.
#pragma once

#include "engine/planning/optimiser/optimise.hpp"
#include "engine/planning/sites/site_problem.hpp"

namespace catchment::engine::planning {

struct SiteResult {
  OptimiseStatus status = OptimiseStatus::unknown;
  std::vector<SiteFinding> findings;
  SitePlan plan;     // empty unless feasible or optimal
  double cost = 0;   // of the plan, sites included
  double bound = 0;  // no legal plan costs less; also without a plan, 0 where none exists
  int rounds = 0;    // whole ones: a round improves the root's bound, or settles one node of the tree
  bool cancelled = false;

  // How much cheaper a plan could be at most, as a share of this one's cost. 0 for a plan that costs nothing.
  double gap() const { return cost > 0 ? (cost - bound) / cost : 0; }
};

// Single-threaded; limits, seed and progress as for optimise(), the result likewise. `optimal` claims that no plan is
// cheaper by more than 1e-9 of the cost. Memory: 20 bytes a unit and site beside the problem. Throws InputError as
// find_site_problems does, and InputError("no_limit") without rounds and seconds.
SiteResult choose_sites(const SiteProblem& problem, const OptimiseOptions& options);

// The zones of chosen sites as a problem for optimise(), which adds that zones are connected and hold their school's
// own unit. School k is plan.open[k]. Costs of sites are left out: with them added, site_costs(), the cost of any plan
// optimise() returns is at least the bound of choose_sites().
PlanProblem to_plan_problem(const SiteProblem& problem, const SitePlan& plan,
                            std::vector<std::pair<UnitIndex, UnitIndex>> borders);
double site_costs(const SiteProblem& problem, const std::vector<SiteIndex>& open);

}  // namespace catchment::engine::planning
