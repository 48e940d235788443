// Goals a planner weighs against each other, made into the costs of a plan problem and told apart again afterwards.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

// Each has a value of its own in a plan; the objective is the sum of weight times value.
enum class GoalKind {
  distance,       // metres to school, mean over the children
  distance_tail,  // metres beyond `beyond_m`, mean over the children
  moved,          // children whose school is another than now
  crossings,      // trunk roads, railways and rivers crossed on the way, mean over the children
  balance,        // |children - target| / scale, summed over zones
  seats_over,     // children beyond the seats of their zone
  classes_over,   // classes that the children beyond a zone's rooms fill or begin
  compactness,    // 1 - 4 pi area / perimeter^2, summed over zones
};

std::string_view to_word(GoalKind kind);
std::optional<GoalKind> find_goal(std::string_view word);

struct PlanGoal {
  GoalKind kind{};
  double weight = 0;    // >= 0
  double beyond_m = 0;  // distance_tail
};

// What the goals are measured on; only what they need is read. Lists are [unit * schools + school], by unit or by
// school.
struct GoalInputs {
  std::vector<double> distance_m;  // kNever: there is no way
  std::vector<int> crossings;
  std::vector<SchoolIndex> current;
  std::vector<double> target, scale;  // balance; scale > 0
  std::vector<int> seats;             // seats_over
  std::vector<int> classes;           // classes_over: rooms, for classes of class_size
  int class_size = 45;
  std::vector<double> area, perimeter;  // compactness
  std::vector<SharedBorder> shared;
};

// The problem with the goals as its costs, in place of any it has but kNever; limits stay. A unit without a way to a
// school may not go there if distance is a goal. Throws InputError("plan_goals", input) if a list that a goal needs
// does not fit.
PlanProblem with_goals(PlanProblem limits, const std::vector<PlanGoal>& goals, const GoalInputs& inputs);

// The value of each goal in a legal plan, in their order; weights times values add up to total_cost.
std::vector<double> goal_values(const PlanProblem& problem, const std::vector<PlanGoal>& goals,
                                const GoalInputs& inputs, const Assignment& plan);

}  // namespace catchment::engine::planning
