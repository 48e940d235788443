#include "server/cli/demand/demand_city.hpp"

#include "datasets/demand_scenario.hpp"
#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"

namespace catchment::cli {
using namespace engine::demand;

void add_city_options(CLI::App& command, DemandOptions& options) {
  command.add_option("package", options.package, "City package (GeoPackage)")->required();
  command.add_option("--rules", options.rules,
                     "The city's rules (datasets/policy/demand_rules.schema.json); those shipped if not given");
  command
      .add_option("--base-year", options.base_year, "Last school year to look at; the last with enrolment if not given")
      ->check(CLI::Range(1900, 2200));
  command.add_option("--threads", options.threads, "Threads; the result does not depend on it")
      ->check(CLI::Range(1, 256));
}

void add_forecast_options(CLI::App& command, DemandOptions& options) {
  command.add_option("--plan", options.plan,
                     "A plan of the package instead of its zones, from the next school year on");
  command.add_option("--scenario", options.scenario,
                     "Changes to carry out (JSON, datasets/policy/demand_scenario.schema.json)");
  command.add_option("--horizon", options.horizon, "Years ahead")->check(CLI::Range(1, 30))->capture_default_str();
  command.add_option("--draws", options.draws, "Futures drawn")->check(CLI::Range(100, 100'000))->capture_default_str();
  command.add_option("--seed", options.seed, "Another number, other draws")
      ->check([](const std::string& text) { return std::string(text.starts_with('-') ? "must not be negative" : ""); })
      ->capture_default_str();
}

DemandCity read_demand_city(const DemandOptions& options) {
  return outlook::read_demand_city({options.package, options.rules, options.plan, options.base_year});
}

std::unique_ptr<DemandModel> fit_city(const DemandCity& city, const DemandOptions& options, ProgressBar& bar) {
  FitOptions how;
  how.base_year = city.base_year;
  how.threads = options.threads;
  how.progress = [&bar](double done) {
    bar.show(static_cast<std::int64_t>(done * 100), done);
    return !cancelled();
  };
  auto model = std::make_unique<DemandModel>(fit(city.history, how));
  return cancelled() ? nullptr : std::move(model);
}

std::unique_ptr<Forecaster> forecast_city(const DemandModel& model, const DemandOptions& options, ProgressBar& bar) {
  const std::vector<ScenarioChange> changes =
      options.scenario.empty() ? std::vector<ScenarioChange>{} : datasets::load_scenario(options.scenario);
  ForecastOptions how;
  how.horizon = options.horizon, how.draws = options.draws, how.seed = options.seed, how.threads = options.threads;
  how.progress = [&bar](double done) {
    bar.show(static_cast<std::int64_t>(done * 100), done);
    return !cancelled();
  };
  auto forecaster = std::make_unique<Forecaster>(model, how);
  if (forecaster->cancelled() || cancelled()) return nullptr;
  if (changes.empty()) return forecaster;
  try {
    forecaster->apply(changes);
  } catch (const InputError& error) {
    throw InputError(error.code, datasets::scenario_place(error.where, options.scenario),
                     std::string(error.what()).substr(error.where.empty() ? 0 : error.where.size() + 2));
  }
  return forecaster;
}

}  // namespace catchment::cli
