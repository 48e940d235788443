// The optimiser on the zones of a city: what is asked, in words of options, and the answer as a scenario.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/planning/city/city_problem.hpp"
#include "engine/planning/optimiser/optimise.hpp"

namespace catchment::plans {

struct RedrawRequest {
  std::string stage = "primary";
  int school_year = 0, last_year = 0;             // 0: the first planned; school_year
  std::vector<engine::planning::PlanGoal> goals;  // none: distance
  bool soft_seats = false;                        // seats are a goal and no limit
  double take_up = 0;                             // 0: by the forecast
  double move_share = -1;                         // percent of the units; less than 0: no limit, as below
  int move_children = -1, move_units = -1;
  double robust = 0;  // share of the draws with seats for all; 0: what is expected
  int draws = 200;
  std::uint64_t seed = 1;
  std::string_view where = "--";  // before an option's name in errors
};

// "distance_tail", 2 -> a goal. Throws InputError("redraw_goal", where).
engine::planning::PlanGoal make_goal(std::string_view word, double weight, const std::string& where);

// Throws InputError: plan_stage, plan_year, redraw_goal.
engine::planning::RedrawOptions redraw_options(const RedrawRequest& request, const engine::planning::CityPlan& in_force,
                                               const engine::planning::CityPlan& plan);

// How an assignment does.
struct Standing {
  long over = 0;  // entering pupils beyond their zone's seats
  int zones_over = 0;
  double metres = 0;            // mean walk
  int units = 0, children = 0;  // moved
};
Standing stand(const engine::planning::CityProblem& city, const engine::planning::Assignment& plan);

// Changes as a scenario file says them; of those that changes_of() makes.
nlohmann::ordered_json scenario_json(const std::vector<engine::planning::PlanChange>& changes);

nlohmann::ordered_json redraw_json(const engine::planning::PlanCity& city, const engine::planning::RedrawOptions& how,
                                   const engine::planning::CityProblem& asked,
                                   const engine::planning::OptimiseResult& result,
                                   const std::vector<engine::planning::PlanChange>& changes);

}  // namespace catchment::plans
