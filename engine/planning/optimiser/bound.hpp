// How cheap a plan can be at best: a lower bound on every legal plan, and the prices that prove it.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/planning/plan_graph.hpp"
#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

// The Lagrangian dual of "every unit goes to exactly one school": with a price for each unit, each school fills its
// seats with the units that pay best, a knapsack solved exactly. Contiguity comes in by relax and cut: where a school's
// choice lies apart from its own unit, "this unit only with one of those that part it from the school" is priced too.
// A budget of moved children or units is one more price. A load's own cost stands at the end of the knapsack; under
// demand draws a unit weighs its least_draw_weights; a zone's shape is taken to be perfect. Prices move by subgradients
// (Held, Wolfe, Crowder 1974; Lucena 2005). Deterministic: equal calls give equal bounds.
class PlanBound {
 public:
  // The problem and graph must outlive it. `allowed` as find_allowed gives it.
  PlanBound(const PlanProblem& problem, const PlanGraph& graph, std::vector<char> allowed);
  ~PlanBound();
  PlanBound(PlanBound&&) noexcept;

  // Takes `steps` steps towards the best prices. target: the cost of a known plan, or an estimate; only the step
  // length depends on it. O(steps x schools x candidates x seats).
  void improve(int steps, double target);

  double bound() const;                        // no legal plan costs less; rounding is allowed for
  std::span<const double> unit_price() const;  // at the best bound
  std::span<const double> seat_price() const;  // cost per child at each school, of the transportation relaxation
  // [unit * schools + school], 0-1: how much of each unit the schools chose in the last steps; near the best prices it
  // resembles the fractional optimum.
  std::span<const double> shares() const;
  int steps() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::engine::planning
