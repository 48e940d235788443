// A city's plan as the optimiser takes it, for one stage and entry year, and the optimiser's answer as changes.
#pragma once

#include <optional>
#include <vector>

#include "engine/planning/city/entrant_draws.hpp"
#include "engine/planning/city/plan_change.hpp"
#include "engine/planning/plan_goals.hpp"

namespace catchment::engine::planning {

struct RedrawOptions {
  StageIndex stage = 0;
  YearIndex from = 0;            // the first entry year under the new zones; goals are reckoned on its children
  std::vector<YearIndex> years;  // in which zones must have seats, the least that a school has in any; empty: `from`
  double take_up = 1;            // entering pupils for a child expected: what private schools and other districts leave
  std::vector<PlanGoal> goals;
  std::optional<EntrantDraws> draws;  // of `years` (or of `from`): a limit of seats beside that on what is expected
  bool seats_are_a_limit = true;      // else seats_over among the goals says what a child without a seat costs
  int most_children = kNoLimit, most_units = kNoLimit;  // that may change school
};

// Units that nobody has, and schools without a unit or without seats that are known, are left out; so are private
// schools. Schools that share units have one zone, with the seats of all.
//
// A school stands in the unit of its first campus if that is its own now, else in the unit of its zone that walks
// least. What lies apart in a zone now may stay so: it is joined to the zone's other part. A pair of unit and school
// farther apart than walks are known may not be planned, but for who has the unit now, at the walks' limit.
struct CityProblem {
  PlanProblem problem;  // with the goals as its costs; children are entering pupils, rounded so that a zone's add up
  GoalInputs inputs;
  std::vector<PlanGoal> goals;
  Assignment current;
  std::vector<UnitIndex> units;                   // [unit of the problem]: of the city
  std::vector<std::vector<SchoolIndex>> schools;  // [school of the problem]: of the city, several of a shared zone
  int units_left_out = 0;                         // nobody's, though in force
  int joined = 0;                                 // parts of zones that lie apart now
};

// Throws InputError("redraw_option", which). O(units x schools + borders).
CityProblem make_city_problem(const CityPlan& plan, const RedrawOptions& options);

// What makes the plan that of the assignment, by school.
std::vector<PlanChange> changes_of(const CityPlan& plan, const RedrawOptions& options, const CityProblem& problem,
                                   const Assignment& assignment);

}  // namespace catchment::engine::planning
