// A plan problem as a planner writes it down: datasets/policy/plan_problem.schema.json.
#pragma once

#include <string>
#include <vector>

#include "engine/planning/plan_goals.hpp"

namespace catchment::cli {

struct PlanProblemFile {
  engine::planning::PlanProblem problem;  // with the goals as its costs
  std::vector<engine::planning::PlanGoal> goals;
  engine::planning::GoalInputs inputs;
  bool straight_line = false;  // distances are straight lines, for want of a table
};

// Tables are looked for beside the file. Schools that share a zone become one, named "A+B", with the distance to the
// nearest. Throws InputError with `where` = name#pointer (codes problem_open, _json, _key, _type, _value), or as
// TableRows does.
PlanProblemFile load_plan_problem(const std::string& path);

}  // namespace catchment::cli
