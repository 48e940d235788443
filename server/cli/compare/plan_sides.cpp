#include "server/cli/compare/plan_sides.hpp"

#include <filesystem>

#include "datasets/plan_scenario.hpp"
#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"

namespace catchment::cli {

void add_plan_side_options(CLI::App& command, PlanSideOptions& options) {
  command.add_option("package", options.city.package, "City package (GeoPackage)")->required();
  command.add_option("--plan", options.plans, "A plan of the package; may be given several times")
      ->allow_extra_args(false);
  command
      .add_option("--scenario", options.scenarios,
                  "Changes to the zones in force (datasets/policy/plan_scenario.schema.json); several times too")
      ->allow_extra_args(false);
  command.add_option("--rules", options.city.rules,
                     "The city's rules (datasets/policy/demand_rules.schema.json); those shipped if not given");
  command.add_option("--base-year", options.city.base_year, "Last school year that was")->check(CLI::Range(1900, 2200));
  command.add_option("--horizon", options.city.horizon, "Years planned")
      ->check(CLI::Range(1, 30))
      ->capture_default_str();
  command.add_option("--threads", options.city.threads, "Threads; the result does not depend on it")
      ->check(CLI::Range(1, 256));
}

void take_sides(const CLI::App& command, PlanSideOptions& options) {
  const CLI::Option* plan = command.get_option("--plan");
  const CLI::Option* scenario = command.get_option("--scenario");
  std::size_t plans = 0, scenarios = 0;
  for (const CLI::Option* option : command.parse_order()) {
    if (option == plan) options.given.push_back({false, options.plans[plans++]});
    if (option == scenario) options.given.push_back({true, options.scenarios[scenarios++]});
  }
}

namespace {

std::string name_of(const datasets::CityPackage& package, const PlanSideOptions::Given& given) {
  if (given.scenario) return std::filesystem::path(given.name).stem().string();
  for (const engine::Plan& plan : package.plans()) {
    if (plan.id == given.name && !plan.name.empty()) return plan.name;
  }
  return given.name;
}

}  // namespace

std::optional<PlanSides> open_plan_sides(const PlanSideOptions& options) {
  // The scenarios first: they are quickly read, and a city is not.
  std::vector<std::vector<engine::planning::PlanChange>> changes;
  for (const auto& given : options.given) {
    changes.push_back(given.scenario ? datasets::load_plan_scenario(given.name)
                                     : std::vector<engine::planning::PlanChange>{});
  }
  std::optional<PlanDesk> desk = open_plan_desk(options.city);
  if (!desk) return std::nullopt;
  std::vector<SidePlan> plans;
  plans.push_back({"", "现行划片", "zones", desk->start.plan});
  for (std::size_t i = 0; i < options.given.size(); ++i) {
    const PlanSideOptions::Given& given = options.given[i];
    engine::planning::CityPlan plan = given.scenario
                                          ? change_plan(desk->start.plan, changes[i], given.name)
                                          : datasets::plan_of_package(desk->package, desk->city, given.name).plan;
    const std::string label = i < 26 ? std::string(1, static_cast<char>('A' + i)) : std::to_string(i + 1);
    plans.push_back({label, name_of(desk->package, given), given.name, std::move(plan)});
  }
  if (cancelled()) return std::nullopt;
  return PlanSides{std::move(*desk), std::move(plans)};
}

}  // namespace catchment::cli
