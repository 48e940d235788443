#include "server/plans/redraw.hpp"

#include <algorithm>

#include "engine/planning/live_plan.hpp"
#include "engine/planning/plan_check.hpp"
#include "engine/planning/zone_costs.hpp"
#include "geo/input_error.hpp"

namespace catchment::plans {

using namespace engine::planning;
using nlohmann::ordered_json;

namespace {

// "last_year" of a tool is --last-year, of a document /options/last_year.
std::string option_of(const RedrawRequest& request, std::string name) {
  if (request.where == "--") std::ranges::replace(name, '_', '-');
  return std::string(request.where) + name;
}

YearIndex find_year(const PlanCity& city, int year, const std::string& option) {
  const auto at = city.find_year(year);
  if (!at) throw InputError("plan_year", option, std::to_string(year) + " is outside the horizon");
  return *at;
}

// Entering pupils for a child that lives in a zone, city-wide, by the forecast.
double take_up_of(const CityPlan& in_force, const CityPlan& plan, StageIndex stage, YearIndex year) {
  LiveOptions how;
  how.draws = 100, how.seat_flow = false;
  const LivePlan live(in_force, plan, how);
  double demand = 0, children = 0;
  for (SchoolIndex s = 0; s < plan.city().schools.size(); ++s) {
    const SchoolLoad load = live.load(s, stage, year);
    if (plan.city().schools[s].ownership == "private" || !load.demand || load.children == 0) continue;
    demand += *load.demand;
    children += static_cast<double>(load.children) / kWholeChild;
  }
  return children > 0 && demand > 0 ? demand / children : 1;
}

ordered_json standing_json(const CityProblem& city, const Assignment& plan) {
  const Standing st = stand(city, plan);
  ordered_json j{{"children_over_seats", st.over},
                 {"zones_over_seats", st.zones_over},
                 {"walk_mean_m", st.metres},
                 {"units_moved", st.units},
                 {"children_moved", st.children}};
  const std::vector<double> values = goal_values(city.problem, city.goals, city.inputs, plan);
  ordered_json& goals = j["goals"] = ordered_json::array();
  for (std::size_t k = 0; k < values.size(); ++k)
    goals.push_back({{"goal", engine::planning::to_word(city.goals[k].kind)},
                     {"weight", city.goals[k].weight},
                     {"value", values[k]}});
  return j;
}

}  // namespace

PlanGoal make_goal(std::string_view word, double weight, const std::string& where) {
  const auto kind = find_goal(word);
  if (!kind) throw InputError("redraw_goal", where, std::string(word) + " is no goal");
  if (!(weight >= 0 && weight <= 1e12)) throw InputError("redraw_goal", where, "the weight must be a number from 0");
  PlanGoal goal{*kind, weight, 0};
  if (*kind == GoalKind::distance_tail) goal.beyond_m = 1000;
  return goal;
}

RedrawOptions redraw_options(const RedrawRequest& options, const CityPlan& in_force, const CityPlan& plan) {
  const PlanCity& city = plan.city();
  RedrawOptions how;
  const auto stage = engine::find_stage(options.stage);
  const auto place = stage ? city.find_stage(*stage) : std::nullopt;
  if (!place) throw InputError("plan_stage", option_of(options, "stage"), "the rules have no stage " + options.stage);
  how.stage = *place;
  how.from =
      find_year(city, options.school_year != 0 ? options.school_year : city.school_year(0), option_of(options, "year"));
  const YearIndex last =
      options.last_year != 0 ? find_year(city, options.last_year, option_of(options, "last_year")) : how.from;
  if (last < how.from) throw InputError("plan_year", option_of(options, "last_year"), "is before the first year");
  for (YearIndex y = how.from; y <= last; ++y) how.years.push_back(y);
  how.goals = options.goals;
  if (how.goals.empty()) how.goals = {{GoalKind::distance, 1, 0}};
  how.seats_are_a_limit = !options.soft_seats;
  const auto has_goal = [&](GoalKind kind) {
    return std::ranges::find(how.goals, kind, &PlanGoal::kind) != how.goals.end();
  };
  if (options.soft_seats && !has_goal(GoalKind::seats_over) && !has_goal(GoalKind::classes_over))
    throw InputError("redraw_goal", option_of(options, "soft_seats"),
                     "name what seats are worth: goal seats_over or classes_over");
  how.take_up = options.take_up > 0 ? options.take_up : take_up_of(in_force, plan, how.stage, how.from);
  if (options.robust > 0) {
    if (options.soft_seats)
      throw InputError("redraw_goal", option_of(options, "robust"), "seats are no limit where they are a goal");
    how.draws = draw_entrants(in_force, plan, how.stage, how.years, options.draws, options.seed);
    how.draws->share = options.robust;
  }
  if (options.move_children >= 0) how.most_children = options.move_children;
  if (options.move_units >= 0) how.most_units = options.move_units;
  if (options.move_share >= 0) {
    long units = 0;
    for (UnitIndex u = 0; u < city.units.size(); ++u)
      units += city.units[u].in_force && !plan.schools_of(u, how.stage, how.from).empty() ? 1 : 0;
    how.most_units = std::min(how.most_units, static_cast<int>(static_cast<double>(units) * options.move_share / 100));
  }
  return how;
}

Standing stand(const CityProblem& city, const Assignment& plan) {
  Standing st;
  std::vector<long> load(city.schools.size(), 0);
  double walk = 0;
  long everybody = 0;
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    const int children = city.problem.units[u].children;
    load[plan[u]] += children, everybody += children;
    if (children > 0) walk += children * city.inputs.distance_m[u * city.schools.size() + plan[u]];
    if (plan[u] != city.current[u]) ++st.units, st.children += children;
  }
  for (SchoolIndex s = 0; s < load.size(); ++s) {
    const long over = load[s] - city.inputs.seats[s];
    if (over > 0) st.over += over, ++st.zones_over;
  }
  st.metres = everybody > 0 ? walk / static_cast<double>(everybody) : 0;
  return st;
}

ordered_json scenario_json(const std::vector<PlanChange>& changes) {
  ordered_json list = ordered_json::array();
  for (const PlanChange& change : changes) {
    ordered_json j{{"change", engine::planning::to_word(change)}};
    if (const auto* to = std::get_if<ReassignUnits>(&change.body)) {
      j["stage"] = engine::to_word(to->stage), j["from_year"] = to->from_year;
      j["units"] = to->units, j["school"] = to->school;
    } else if (const auto* zone = std::get_if<DeclareZone>(&change.body)) {
      j["kind"] = "shared", j["stage"] = engine::to_word(zone->stage), j["from_year"] = zone->from_year;
      j["units"] = zone->units, j["schools"] = zone->schools;
    }
    list.push_back(std::move(j));
  }
  return list;
}

ordered_json redraw_json(const PlanCity& city, const RedrawOptions& how, const CityProblem& asked,
                         const OptimiseResult& result, const std::vector<PlanChange>& changes) {
  ordered_json findings = ordered_json::array();
  for (const PlanFinding& f : result.findings) {
    ordered_json units = ordered_json::array(), schools = ordered_json::array();
    for (const UnitIndex u : f.units) units.push_back(city.units[asked.units[u]].id);
    for (const SchoolIndex zone : f.schools) {
      for (const SchoolIndex s : asked.schools[zone]) schools.push_back(city.schools[s].id);
    }
    findings.push_back({{"kind", engine::planning::to_word(f.kind)},
                        {"fatal", f.fatal},
                        {"units", std::move(units)},
                        {"schools", std::move(schools)},
                        {"message", f.message}});
  }
  ordered_json out{{"status", engine::planning::to_word(result.status)},
                   {"stage", engine::to_word(city.stages[how.stage])},
                   {"from_year", city.school_year(how.from)},
                   {"last_year", city.school_year(how.years.back())},
                   {"take_up", how.take_up},
                   {"units", asked.units.size()},
                   {"units_left_out", asked.units_left_out},
                   {"zones", asked.schools.size()},
                   {"parts_joined", asked.joined},
                   {"objective", result.plan.empty() ? ordered_json() : ordered_json(result.cost)},
                   {"bound", result.status == OptimiseStatus::infeasible ? ordered_json() : ordered_json(result.bound)},
                   {"gap", result.plan.empty() ? ordered_json() : ordered_json(result.gap())},
                   {"rounds", result.rounds},
                   {"findings", findings},
                   {"now", standing_json(asked, asked.current)}};
  if (!result.plan.empty()) out["plan"] = standing_json(asked, result.plan);
  out["changes"] = scenario_json(changes);
  return out;
}

}  // namespace catchment::plans
