// From a fitted model and a plan to a forecast, and to the next one after a change.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/demand/forecast.hpp"
#include "engine/demand/model.hpp"
#include "engine/demand/scenario.hpp"

namespace catchment::engine::demand {

struct ForecastOptions {
  int horizon = 12;  // years, 1 to 30
  int draws = 1000;  // 100 to 100,000
  std::uint64_t seed = 1;
  unsigned threads = 0;                  // 0: as many as the machine has; the result does not depend on it
  std::function<bool(double)> progress;  // share done, 0-1; false cancels
};

// Draws each school by itself from counters, so that a school whose units, feeders and housing did not change keeps
// its very draws. Not to be used by two threads at once.
class Forecaster {
 public:
  // Throws InputError("demand_option") on an option out of its range. The model must outlive it.
  Forecaster(const DemandModel& model, ForecastOptions options);
  ~Forecaster();
  Forecaster(Forecaster&&) noexcept;

  const Forecast& forecast() const;  // empty if progress cancelled
  bool cancelled() const;

  // Carries the changes out in order, without refitting, and forecasts again what they touch: O(schools touched x
  // their units x draws), not the city. Returns the schools whose figures changed, by place in forecast().schools; a
  // school opened is added at its place by id, so places hold until the next call. Throws InputError("demand_change",
  // which one) and then nothing has changed.
  std::vector<std::size_t> apply(std::span<const ScenarioChange> changes);

  // Entry-grade pupils of a school in every draw, one list a year, scaled to the calibrated spread; what warnings
  // count. `stage` is 0 or 1, the first or second of the rules. Empty lists for a school without that stage.
  std::vector<std::vector<float>> entry_draws(std::size_t school, std::size_t stage) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::engine::demand
