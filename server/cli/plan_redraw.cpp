// `catchment plan redraw`: the optimiser on the zones of a city package; its answer is a scenario for the other
// commands.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/plan_scenario.hpp"
#include "engine/planning/city/city_problem.hpp"
#include "engine/planning/optimiser/optimise.hpp"
#include "geo/input_error.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/plan_city.hpp"
#include "server/cli/plan_output.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/quote.hpp"
#include "server/plans/redraw.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;

struct PlanRedrawArguments : plans::RedrawRequest {
  PlanCityOptions city;
  std::string scenario, out;
  std::vector<std::string> goal_texts;
  double seconds = 0;
  int rounds = 0;
};

PlanGoal read_goal(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos) throw InputError("redraw_goal", "--goal", text + " is no goal=weight");
  std::size_t read = 0;
  double weight = 0;
  try {
    weight = std::stod(text.substr(at + 1), &read);
  } catch (const std::exception&) {
    read = 0;
  }
  if (read == 0 || read != text.size() - at - 1)
    throw InputError("redraw_goal", "--goal", text + ": the weight must be a number from 0");
  return plans::make_goal(text.substr(0, at), weight, "--goal");
}

void print_findings(const OptimiseResult& result) {
  for (const PlanFinding& f : result.findings)
    std::cout << (f.fatal ? "no plan: " : "note: ") << engine::planning::to_word(f.kind) << ": " << printable(f.message)
              << "\n";
}

void print_standing(const char* name, const plans::Standing& st) {
  std::printf("%-5s %ld pupils beyond the seats of %d zones, %.0f m to school, %d units and %d pupils moved\n", name,
              st.over, st.zones_over, st.metres, st.units, st.children);
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
  plans::RedrawRequest request = options;
  for (const std::string& goal : options.goal_texts) request.goals.push_back(read_goal(goal));
  const RedrawOptions how = plans::redraw_options(request, in_force, plan);
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
  if (!options.out.empty() && !result.plan.empty()) write_whole(options.out, plans::scenario_json(changes).dump(2));
  if (invocation.wants_json())
    write_output(invocation.json_path, plans::redraw_json(plan.city(), how, asked, result, changes)
                                           .dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  if (invocation.json_path == "-") return result.plan.empty() ? kFindings : kDone;
  print_findings(result);
  std::printf("%zu units, %zu zones: %s\n", asked.units.size(), asked.schools.size(),
              std::string(engine::planning::to_word(result.status)).c_str());
  print_standing("now", plans::stand(asked, asked.current));
  if (result.plan.empty()) return kFindings;
  print_standing("plan", plans::stand(asked, result.plan));
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
  command->add_option("--goal", options->goal_texts,
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
