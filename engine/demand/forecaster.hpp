// From a fitted model and a plan to a forecast, and to the next one after a change.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/demand/forecast.hpp"
#include "engine/demand/model.hpp"

namespace catchment::engine::demand {

struct ForecastOptions {
  int horizon = 12;  // years, 1 to 30
  int draws = 1000;  // 100 to 100,000
  std::uint64_t seed = 1;
  unsigned threads = 0;                  // 0: as many as the machine has; the result does not depend on it
  std::function<bool(double)> progress;  // share done, 0-1; false cancels
};

// One change of a plan. `from_year` is the first school year it holds for; pupils who sit in a school stay
// (老生老办法), but for those of a closed one, who go with their units' share.
struct ScenarioChange {
  enum class Kind { reassign_unit, open_school, close_school, merge_school, delay_housing, add_housing };
  Kind kind = Kind::reassign_unit;
  int from_year = 0;
  std::string unit_id;           // reassign_unit
  std::string school_id;         // reassign: to it; open, close: it; merge: the one that ends
  std::string into_school_id;    // merge: where its pupils and units go
  Stage stage = Stage::primary;  // reassign, open
  double share = 1;              // reassign: of the unit's children
  Housing housing;               // add_housing; delay_housing: id and the new completion_year
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

  // Entry-grade pupils of a school and year in every draw, scaled to the calibrated spread; what warnings count.
  std::vector<float> entry_draws(std::size_t school, int year_ahead, Stage stage) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::engine::demand
