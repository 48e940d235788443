// `catchment simulate`: an enrolment season played through under a plan, for every draw of the demand.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "datasets/household_classes.hpp"
#include "datasets/plan_scenario.hpp"
#include "engine/demand/forecaster.hpp"
#include "engine/planning/city/city_sources.hpp"
#include "engine/planning/city/plan_demand.hpp"
#include "engine/planning/season/simulate_season.hpp"
#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/plan_city.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/season_rows.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;

struct SimulateArguments {
  PlanCityOptions city;
  std::string scenario, households, stage = "primary", out;
  int school_year = 0;  // 0: the first of the horizon
  int draws = 200;
  int far_m = 2000;
  std::uint64_t seed = 1;
};

SeasonOptions season_options(const SimulateArguments& options, const PlanCity& city) {
  SeasonOptions how;
  const auto stage = engine::find_stage(options.stage);
  const auto place = stage ? city.find_stage(*stage) : std::nullopt;
  if (!place) throw InputError("plan_stage", "--stage", "the rules have no stage " + options.stage);
  const auto year = city.find_year(options.school_year != 0 ? options.school_year : city.school_year(0));
  if (!year) {
    throw InputError("plan_year", "--year",
                     "must be " + std::to_string(city.school_year(0)) + " to " +
                         std::to_string(city.base_year + static_cast<int>(city.years)));
  }
  how.stage = *place, how.year = *year;
  if (!options.households.empty()) how.classes = datasets::load_household_classes(options.households);
  how.seed = options.seed, how.far_m = options.far_m;
  how.threads = options.city.threads != 0 ? options.city.threads : std::max(1u, std::thread::hardware_concurrency());
  return how;
}

// A plan's changes reach the forecast from the zones in force, which it was fitted to.
std::unique_ptr<engine::demand::Forecaster> forecast_plan(const SimulateArguments& options, const CityPlan& in_force,
                                                          const CityPlan& plan, YearIndex year) {
  engine::demand::ForecastOptions how;
  how.horizon = static_cast<int>(year) + 1;
  how.draws = options.draws, how.seed = options.seed, how.threads = options.city.threads;
  how.progress = [](double) { return !cancelled(); };
  auto forecaster = std::make_unique<engine::demand::Forecaster>(*in_force.city().sources->demand, how);
  if (forecaster->cancelled()) return nullptr;
  std::vector<engine::demand::ScenarioChange> changes = to_demand_changes(in_force, plan);
  std::erase_if(changes, [&](const engine::demand::ScenarioChange& c) {
    return c.from_year > in_force.city().school_year(year);  // beyond what is asked
  });
  forecaster->apply(changes);
  return forecaster;
}

int run(const SimulateArguments& options, const Invocation& invocation) {
  if (!options.out.empty()) check_season_file(options.out);
  const std::optional<PlanDesk> desk = open_plan_desk(options.city);
  if (!desk) return kCancelled;
  if (!desk->has_demand) {
    throw InputError("season_demand", options.city.package + ": enrolment",
                     "the package has no enrolment, so nobody knows how many children will come");
  }
  SeasonOptions how = season_options(options, *desk->city);
  const bool by_zones = options.city.plan.empty() && options.city.assignment.empty();
  const CityPlan in_force = by_zones ? desk->start.plan : datasets::plan_of_zones(desk->package, desk->city).plan;
  CityPlan plan = desk->start.plan;
  if (!options.scenario.empty())
    plan = change_plan(plan, datasets::load_plan_scenario(options.scenario), options.scenario);
  const auto forecaster = forecast_plan(options, in_force, plan, how.year);
  if (!forecaster || cancelled()) return kCancelled;
  ProgressBar bar("%");
  how.progress = [&bar](double done) {
    bar.show(static_cast<std::int64_t>(done * 100), done);
    return !cancelled();
  };
  const SeasonResult result = simulate_season(plan, *forecaster, how);
  if (result.cancelled || cancelled()) return kCancelled;
  if (!options.out.empty()) write_season_units(options.out, plan, how, result);
  if (invocation.wants_json()) write_output(invocation.json_path, season_json(plan, how, result));
  if (invocation.json_path != "-") print_season(plan, how, result);
  return kDone;
}

}  // namespace

void register_simulate(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<SimulateArguments>();
  CLI::App* command = app.add_subcommand(
      "simulate", "Play an enrolment season through under a plan: who is turned away, who ends far from home");
  add_plan_city_options(*command, options->city);
  command->add_option("--scenario", options->scenario,
                      "Changes to carry out first (datasets/policy/plan_scenario.schema.json)");
  command->add_option("--households", options->households,
                      "Classes of households and their tiers (datasets/policy/household_classes.schema.json); without "
                      "it all children are alike");
  command->add_option("--stage", options->stage, "primary or junior")->capture_default_str();
  command->add_option("--year", options->school_year, "School year of entry; the first of the horizon if not given");
  command->add_option("--draws", options->draws, "Draws of the demand, each a season")
      ->check(CLI::Range(100, 100'000))
      ->capture_default_str();
  command->add_option("--far", options->far_m, "A longer walk to school, in metres, is far from home")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Random seed")->capture_default_str();
  command->add_option("--out", options->out, "What becomes of each unit's children (.csv or .gpkg)");
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
