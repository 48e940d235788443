#include "server/plans/plan_ground.hpp"

#include <algorithm>
#include <thread>

#include "datasets/demand_rules.hpp"
#include "engine/demand/forecaster.hpp"
#include "geo/input_error.hpp"
#include "server/outlook/demand_city.hpp"

namespace catchment::plans {
namespace {

constexpr int kDraws = 100;  // the fewest: of the forecast only means are read, for the seats of later years

int last_layer_year(const datasets::CityPackage& package) {
  int last = 0;
  for (const engine::LayerKey& key : package.layers()) last = std::max(last, key.school_year);
  for (const engine::Plan& plan : package.plans()) last = std::max(last, plan.layer.school_year);
  return last;
}

// Fills the input's demand and forecast; false if cancelled. The forecaster is kept for its forecast.
bool reckon_demand(const GroundChoice& choice, const std::function<bool(double)>& progress,
                   datasets::PlanCityInput& input, std::unique_ptr<engine::demand::Forecaster>& forecaster) {
  const outlook::DemandCity demand = outlook::read_demand_city({choice.package, choice.rules, "", choice.base_year});
  input.base_year = demand.base_year;
  engine::demand::FitOptions fit;
  fit.base_year = demand.base_year, fit.calibrate = false, fit.threads = choice.threads, fit.progress = progress;
  const auto model = std::make_shared<engine::demand::DemandModel>(engine::demand::fit(demand.history, fit));
  if (!progress(1)) return false;
  engine::demand::ForecastOptions forecast;
  forecast.horizon = choice.horizon, forecast.draws = kDraws, forecast.threads = choice.threads;
  forecast.progress = progress;
  forecaster = std::make_unique<engine::demand::Forecaster>(*model, forecast);
  if (forecaster->cancelled()) return false;
  input.demand = model;
  input.forecast = &forecaster->forecast();
  return true;
}

}  // namespace

std::shared_ptr<const engine::planning::PlanCity> load_ground(const datasets::CityPackage& package,
                                                              const GroundChoice& choice) {
  const auto progress = [&choice](double share) { return !choice.progress || choice.progress(share); };
  datasets::PlanCityInput input;
  input.rules = choice.rules.empty() ? datasets::shipped_demand_rules() : datasets::load_demand_rules(choice.rules);
  input.horizon = choice.horizon;
  input.threads =
      static_cast<int>(choice.threads != 0 ? choice.threads : std::max(1u, std::thread::hardware_concurrency()));
  if (package.units().empty()) {
    throw InputError("plan_no_units", choice.package.string() + ": unit",
                     "the package has no units: import them first");
  }
  std::unique_ptr<engine::demand::Forecaster> forecaster;
  if (!package.enrolment().empty()) {
    if (!reckon_demand(choice, progress, input, forecaster)) return nullptr;
  } else {
    input.base_year = choice.base_year != 0 ? choice.base_year : last_layer_year(package) - 1;
    if (input.base_year < 1900) {
      throw InputError("plan_year", "--base-year", "the package has neither enrolment nor zones: name a year");
    }
  }
  auto city = datasets::load_plan_city(package, input);
  return progress(1) ? city : nullptr;
}

}  // namespace catchment::plans
