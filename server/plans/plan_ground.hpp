// The city that plans speak of, made ready from its package: its demand fitted and forecast, its walks reckoned.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "datasets/city_package.hpp"
#include "datasets/city_plan.hpp"

namespace catchment::plans {

struct GroundChoice {
  std::filesystem::path package, rules;  // rules empty: those shipped
  int base_year = 0;                     // 0: the last with enrolment, else the year before the last layer's
  int horizon = 12;
  unsigned threads = 0;                        // 0: as many as the machine has; the result does not depend on it
  std::function<bool(double share)> progress;  // false cancels; none: never
};

// Null if cancelled. Throws InputError: what reading a package, its rules and its demand throws; plan_no_units,
// plan_year. Seconds to minutes.
std::shared_ptr<const engine::planning::PlanCity> load_ground(const datasets::CityPackage& package,
                                                              const GroundChoice& choice);

}  // namespace catchment::plans
