#include "engine/planning/plan_goals.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/planning/zone_costs.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::array<std::string_view, 8> kWords{"distance", "distance_tail", "moved",        "crossings",
                                                 "balance",  "seats_over",    "classes_over", "compactness"};

void need(bool fits, const char* input, const char* what) {
  if (!fits) throw InputError("plan_goals", input, what);
}

double children_of(const PlanProblem& problem) {
  double total = 0;
  for (const PlanUnit& u : problem.units) total += u.children;
  return std::max(1.0, total);
}

void check_inputs(const PlanProblem& p, const PlanGoal& goal, const GoalInputs& in) {
  const std::size_t n = p.units.size(), m = p.schools.size();
  need(goal.weight >= 0 && std::isfinite(goal.weight), "weight", "is a number of at least 0");
  switch (goal.kind) {
    case GoalKind::distance_tail:
    case GoalKind::distance:
      need(in.distance_m.size() == n * m, "distance_m", "a distance for every unit and school is needed");
      break;
    case GoalKind::moved:
      need(in.current.size() == n, "current", "a present school for every unit is needed");
      break;
    case GoalKind::crossings:
      need(in.crossings.size() == n * m, "crossings", "crossings for every unit and school are needed");
      break;
    case GoalKind::balance:
      need(in.target.size() == m && in.scale.size() == m, "target", "a target and scale for every school are needed");
      break;
    case GoalKind::seats_over:
      need(in.seats.size() == m, "seats", "seats of every school are needed");
      break;
    case GoalKind::classes_over:
      need(in.classes.size() == m && in.class_size > 0, "classes", "classes of every school are needed");
      break;
    case GoalKind::compactness:
      need(in.area.size() == n && in.perimeter.size() == n, "area", "an area and perimeter of every unit are needed");
      break;
  }
}

// What one of a unit's children adds to a goal that is a sum over children, times the number of them; 0 for others.
double unit_value(const PlanProblem& p, const PlanGoal& goal, const GoalInputs& in, UnitIndex u, SchoolIndex s,
                  double total) {
  const std::size_t at = u * p.schools.size() + s;
  const double children = p.units[u].children;
  switch (goal.kind) {
    case GoalKind::distance:
      return children > 0 ? children * in.distance_m[at] / total : 0;
    case GoalKind::distance_tail:
      return children > 0 ? children * std::max(0.0, in.distance_m[at] - goal.beyond_m) / total : 0;
    case GoalKind::moved:
      return in.current[u] != s ? children : 0;
    case GoalKind::crossings:
      return children * in.crossings[at] / total;
    default:
      return 0;
  }
}

// A price list that charges for one goal alone.
LoadCost load_cost(const PlanGoal& goal, const GoalInputs& in, SchoolIndex s, double weight) {
  LoadCost cost;
  if (goal.kind == GoalKind::balance) {
    cost.balance = weight;
    cost.target = in.target[s];
    cost.scale = in.scale[s];
  } else if (goal.kind == GoalKind::seats_over) {
    cost.seat = weight;
    cost.seats = in.seats[s];
  } else if (goal.kind == GoalKind::classes_over) {
    cost.class_over = weight;
    cost.classes = in.classes[s];
    cost.class_size = in.class_size;
  }
  return cost;
}

bool counts_load(GoalKind kind) {
  return kind == GoalKind::balance || kind == GoalKind::seats_over || kind == GoalKind::classes_over;
}

void merge(LoadCost& all, const LoadCost& one) {
  if (one.balance > 0) all.balance += one.balance, all.target = one.target, all.scale = one.scale;
  if (one.seat > 0) all.seat += one.seat, all.seats = one.seats;
  if (one.class_over > 0) {
    all.class_over += one.class_over;
    all.classes = one.classes;
    all.class_size = one.class_size;
  }
}

void add_goal(PlanProblem& p, const PlanGoal& goal, const GoalInputs& in, double total) {
  const std::size_t m = p.schools.size();
  if (goal.weight == 0) return;
  if (goal.kind == GoalKind::compactness) {
    if (!p.shape) p.shape = ZoneShape{0, in.area, in.perimeter, in.shared};
    p.shape->weight += goal.weight;
    return;
  }
  if (counts_load(goal.kind)) {
    p.load_cost.resize(m);
    for (SchoolIndex s = 0; s < m; ++s) merge(p.load_cost[s], load_cost(goal, in, s, goal.weight));
    return;
  }
  const bool by_way = goal.kind == GoalKind::distance || goal.kind == GoalKind::distance_tail;
  for (UnitIndex u = 0; u < p.units.size(); ++u) {
    for (SchoolIndex s = 0; s < m; ++s) {
      double& cost = p.cost[u * m + s];
      if (by_way && in.distance_m[u * m + s] == kNever) cost = kNever;
      if (cost != kNever) cost += goal.weight * unit_value(p, goal, in, u, s, total);
    }
  }
}

}  // namespace

std::string_view to_word(GoalKind kind) { return kWords[static_cast<std::size_t>(kind)]; }

std::optional<GoalKind> find_goal(std::string_view word) {
  const auto at = std::ranges::find(kWords, word);
  if (at == kWords.end()) return std::nullopt;
  return static_cast<GoalKind>(at - kWords.begin());
}

PlanProblem with_goals(PlanProblem limits, const std::vector<PlanGoal>& goals, const GoalInputs& inputs) {
  limits.cost.resize(limits.units.size() * limits.schools.size(), 0);
  for (double& c : limits.cost) c = c == kNever ? kNever : 0;
  limits.load_cost.clear();
  limits.shape.reset();
  const double total = children_of(limits);
  for (const PlanGoal& goal : goals) {
    check_inputs(limits, goal, inputs);
    add_goal(limits, goal, inputs, total);
  }
  return limits;
}

std::vector<double> goal_values(const PlanProblem& problem, const std::vector<PlanGoal>& goals,
                                const GoalInputs& inputs, const Assignment& plan) {
  const double total = children_of(problem);
  std::vector<std::vector<UnitIndex>> zones(problem.schools.size());
  for (UnitIndex u = 0; u < plan.size(); ++u) zones[plan[u]].push_back(u);
  std::vector<double> values;
  for (const PlanGoal& goal : goals) {
    check_inputs(problem, goal, inputs);
    double& value = values.emplace_back(0);
    for (UnitIndex u = 0; u < plan.size(); ++u) value += unit_value(problem, goal, inputs, u, plan[u], total);
    PlanProblem shapes;  // of this goal alone
    if (goal.kind == GoalKind::compactness) {
      shapes.units = problem.units;
      shapes.shape = ZoneShape{1, inputs.area, inputs.perimeter, inputs.shared};
    }
    ZoneMeter meter(shapes);
    for (SchoolIndex s = 0; s < zones.size(); ++s) {
      long children = 0;
      for (const UnitIndex u : zones[s]) children += problem.units[u].children;
      if (counts_load(goal.kind)) value += load_cost(goal, inputs, s, 1).at(children);
      if (goal.kind == GoalKind::compactness) value += meter.whole_cost(s, zones[s]);
    }
  }
  return values;
}

}  // namespace catchment::engine::planning
