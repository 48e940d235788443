// `catchment plan redraw`: the optimiser on the zones of a city package; its answer is a scenario for the other
// commands.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/plan_scenario.hpp"
#include "engine/planning/city/city_problem.hpp"
#include "engine/planning/live_plan.hpp"
#include "engine/planning/optimiser/optimise.hpp"
#include "engine/planning/plan_check.hpp"
#include "engine/planning/zone_costs.hpp"
#include "geo/input_error.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/plan_city.hpp"
#include "server/cli/plan_output.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/quote.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

struct PlanRedrawArguments {
  PlanCityOptions city;
  std::string scenario, stage = "primary", out;
  int school_year = 0, last_year = 0;
  std::vector<std::string> goals;
  bool soft_seats = false;
  double take_up = 0;  // 0: by the forecast
  double move_share = -1;
  int move_children = -1, move_units = -1;
  double robust = 0;
  int draws = 200;
  double seconds = 0;
  int rounds = 0;
  std::uint64_t seed = 1;
};

PlanGoal read_goal(const std::string& text) {
  const std::size_t at = text.find('=');
  const auto kind = find_goal(text.substr(0, at));
  if (!kind || at == std::string::npos) throw InputError("redraw_goal", "--goal", text + " is no goal=weight");
  std::size_t read = 0;
  PlanGoal goal{*kind, 0, 0};
  try {
    goal.weight = std::stod(text.substr(at + 1), &read);
  } catch (const std::exception&) {
    read = 0;
  }
  if (read == 0 || read != text.size() - at - 1 || !(goal.weight >= 0 && goal.weight <= 1e12))
    throw InputError("redraw_goal", "--goal", text + ": the weight must be a number from 0");
  if (*kind == GoalKind::distance_tail) goal.beyond_m = 1000;
  return goal;
}

YearIndex find_year(const PlanCity& city, int year, const char* option) {
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

RedrawOptions redraw_options(const PlanRedrawArguments& options, const CityPlan& in_force, const CityPlan& plan) {
  const PlanCity& city = plan.city();
  RedrawOptions how;
  const auto stage = engine::find_stage(options.stage);
  const auto place = stage ? city.find_stage(*stage) : std::nullopt;
  if (!place) throw InputError("plan_stage", "--stage", "the rules have no stage " + options.stage);
  how.stage = *place;
  how.from = find_year(city, options.school_year != 0 ? options.school_year : city.school_year(0), "--year");
  const YearIndex last = options.last_year != 0 ? find_year(city, options.last_year, "--last-year") : how.from;
  if (last < how.from) throw InputError("plan_year", "--last-year", "is before --year");
  for (YearIndex y = how.from; y <= last; ++y) how.years.push_back(y);
  for (const std::string& goal : options.goals) how.goals.push_back(read_goal(goal));
  if (how.goals.empty()) how.goals = {{GoalKind::distance, 1, 0}};
  how.seats_are_a_limit = !options.soft_seats;
  const auto has_goal = [&](GoalKind kind) {
    return std::ranges::find(how.goals, kind, &PlanGoal::kind) != how.goals.end();
  };
  if (options.soft_seats && !has_goal(GoalKind::seats_over) && !has_goal(GoalKind::classes_over))
    throw InputError("redraw_goal", "--soft-seats", "name what seats are worth: --goal seats_over=W or classes_over=W");
  how.take_up = options.take_up > 0 ? options.take_up : take_up_of(in_force, plan, how.stage, how.from);
  if (options.robust > 0) {
    if (options.soft_seats) throw InputError("redraw_goal", "--robust", "seats are no limit with --soft-seats");
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

struct Standing {
  long over = 0;  // entering pupils beyond their zone's seats
  int zones_over = 0;
  double metres = 0;            // mean walk
  int units = 0, children = 0;  // moved
};

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

void print_findings(const OptimiseResult& result) {
  for (const PlanFinding& f : result.findings)
    std::cout << (f.fatal ? "no plan: " : "note: ") << engine::planning::to_word(f.kind) << ": " << printable(f.message)
              << "\n";
}

void print_standing(const char* name, const Standing& st) {
  std::printf("%-5s %ld pupils beyond the seats of %d zones, %.0f m to school, %d units and %d pupils moved\n", name,
              st.over, st.zones_over, st.metres, st.units, st.children);
}

ordered_json result_json(const PlanCity& city, const RedrawOptions& how, const CityProblem& asked,
                         const OptimiseResult& result, const std::vector<PlanChange>& changes) {
  ordered_json findings = ordered_json::array();
  for (const PlanFinding& f : result.findings)
    findings.push_back({{"kind", engine::planning::to_word(f.kind)}, {"fatal", f.fatal}, {"message", f.message}});
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

int run(const PlanRedrawArguments& options, const Invocation& invocation) {
  const std::optional<PlanDesk> desk = open_plan_desk(options.city);
  if (!desk) return kCancelled;
  if (!desk->has_demand) {
    throw InputError("redraw_demand", options.city.package + ": enrolment",
                     "the package has no enrolment, so nobody knows how many children will come");
  }
  const bool by_zones = options.city.plan.empty() && options.city.assignment.empty();
  const CityPlan in_force = by_zones ? desk->start.plan : datasets::plan_of_zones(desk->package, desk->city).plan;
  CityPlan plan = desk->start.plan;
  if (!options.scenario.empty())
    plan = change_plan(plan, datasets::load_plan_scenario(options.scenario), options.scenario);
  const RedrawOptions how = redraw_options(options, in_force, plan);
  const CityProblem asked = make_city_problem(plan, how);
  if (cancelled()) return kCancelled;
  OptimiseOptions search;
  search.seed = options.seed, search.rounds = options.rounds, search.seconds = options.seconds;
  if (options.rounds == 0 && options.seconds == 0) search.seconds = 30;
  ProgressBar bar("rounds");
  search.progress = [&](const PlanProgress& at) {
    bar.show(at.round, at.share);
    return !cancelled();
  };
  const OptimiseResult result = optimise(asked.problem, search);
  if (result.cancelled || cancelled()) return kCancelled;
  const std::vector<PlanChange> changes =
      result.plan.empty() ? std::vector<PlanChange>() : changes_of(plan, how, asked, result.plan);
  if (!options.out.empty() && !result.plan.empty()) write_whole(options.out, scenario_json(changes).dump(2));
  if (invocation.wants_json())
    write_output(invocation.json_path, result_json(plan.city(), how, asked, result, changes)
                                           .dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  if (invocation.json_path == "-") return result.plan.empty() ? kFindings : kDone;
  print_findings(result);
  std::printf("%zu units, %zu zones: %s\n", asked.units.size(), asked.schools.size(),
              std::string(engine::planning::to_word(result.status)).c_str());
  print_standing("now", stand(asked, asked.current));
  if (result.plan.empty()) return kFindings;
  print_standing("plan", stand(asked, result.plan));
  std::printf("objective %.3f, bound %.3f, gap %.3f %%\n", result.cost, result.bound, 100 * result.gap());
  return kDone;
}

}  // namespace

void register_plan_redraw(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<PlanRedrawArguments>();
  CLI::App* command = plan.add_subcommand(
      "redraw", "Redraw the zones of a stage for goals and within limits; exit code 1 if there is no plan");
  add_plan_city_options(*command, options->city);
  command->add_option("--scenario", options->scenario, "Changes to carry out first");
  command->add_option("--stage", options->stage, "primary or junior")->capture_default_str();
  command->add_option("--year", options->school_year, "First school year of entry under the new zones");
  command->add_option("--last-year", options->last_year, "Zones must have seats from --year to this one");
  command->add_option("--goal", options->goals,
                      "goal=weight, as often as you like: distance, distance_tail (beyond 1,000 m), moved, crossings, "
                      "balance, seats_over, classes_over, compactness; distance=1 if none is given");
  command->add_flag("--soft-seats", options->soft_seats, "Seats are a goal (seats_over, classes_over) and no limit");
  command
      ->add_option("--take-up", options->take_up,
                   "Entering pupils for a child of the zone; by the forecast if not given")
      ->check(CLI::Range(0.01, 10.0));
  command
      ->add_option("--robust", options->robust,
                   "Share of the demand's draws in which every zone must have seats, from --year to --last-year")
      ->check(CLI::Range(0.01, 1.0));
  command->add_option("--draws", options->draws, "Draws for --robust")
      ->check(CLI::Range(100, 10'000))
      ->capture_default_str();
  command->add_option("--move-children", options->move_children, "At most so many entering pupils change school")
      ->check(CLI::Range(0, 100'000'000));
  command->add_option("--move-units", options->move_units, "At most so many units change school")
      ->check(CLI::Range(0, 100'000'000));
  command->add_option("--move-share", options->move_share, "At most so many percent of the units change school")
      ->check(CLI::Range(0.0, 100.0));
  command->add_option("--seconds", options->seconds, "Stop after this time; 30 without --rounds")
      ->check(CLI::Range(0.01, 1e6));
  command->add_option("--rounds", options->rounds, "Stop after so many rounds; then equal seeds give equal plans")
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_option("--seed", options->seed, "Random seed")->capture_default_str();
  command->add_option("--out", options->out, "The changes as a scenario for plan apply, evaluate and compare (.json)");
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
