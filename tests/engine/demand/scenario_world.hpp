// A made-up city whose plan is changed, and the changes written shortly.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/demand/forecaster.hpp"
#include "tests/engine/demand/demand_checks.hpp"
#include "tests/support/demand_world.hpp"

namespace catchment::engine::demand {

using Kind = ScenarioChange::Kind;
using test::bytes_of, test::world_junior, test::world_primary, test::world_unit;

constexpr int kHorizon = 8;
constexpr int kFirst = 2025;  // the first year ahead

inline ForecastOptions quick_scenario() {
  ForecastOptions options;
  options.draws = 200, options.horizon = kHorizon, options.threads = 2;
  return options;
}

inline DemandModel fitted(const DemandInput& input) {
  FitOptions options;
  options.calibrate = false;
  return fit(CityHistory::make(input, {}), options);
}

class ScenarioWorld : public testing::Test {
 protected:
  static DemandInput make(bool feeders) {
    test::DemandWorldOptions options;
    options.housing = true, options.feeders = feeders;
    return test::make_demand_world(options).input;
  }

  std::size_t at(const Forecaster& f, const std::string& id) const {
    const auto& schools = f.forecast().schools;
    const auto place = std::ranges::find(schools, id, &SchoolForecast::school_id);
    EXPECT_NE(place, schools.end()) << id;
    return static_cast<std::size_t>(place - schools.begin());
  }
  const SchoolForecast& school(const Forecaster& f, const std::string& id) const {
    return f.forecast().schools[at(f, id)];
  }

  const DemandInput input_ = make(true);
  const DemandModel model_ = fitted(input_);
};

inline ScenarioChange reassign(const std::string& unit, const std::string& to, int year, Stage stage = Stage::primary,
                               double share = 1) {
  ScenarioChange c;
  c.kind = Kind::reassign_unit, c.unit_id = unit, c.school_id = to, c.from_year = year, c.stage = stage,
  c.share = share;
  return c;
}
inline ScenarioChange merge(const std::string& from, const std::string& into, int year) {
  ScenarioChange c;
  c.kind = Kind::merge_school, c.school_id = from, c.into_school_id = into, c.from_year = year;
  return c;
}
inline ScenarioChange close(const std::string& school, int year) {
  ScenarioChange c;
  c.kind = Kind::close_school, c.school_id = school, c.from_year = year;
  return c;
}
inline ScenarioChange open(const std::string& school, int year, const std::string& district) {
  ScenarioChange c;
  c.kind = Kind::open_school, c.school_id = school, c.from_year = year, c.district_id = district;
  return c;
}
inline ScenarioChange delay(const std::string& project, int year) {
  ScenarioChange c;
  c.kind = Kind::delay_housing, c.housing.id = project, c.housing.completion_year = year;
  return c;
}
inline ScenarioChange add(const std::string& project, const std::string& unit, int dwellings, int year) {
  ScenarioChange c;
  c.kind = Kind::add_housing;
  c.housing = {project, "", unit, "commodity", dwellings, year, {}};
  return c;
}

inline double pupils(const SchoolForecast& s, std::size_t year) {
  double sum = 0;
  for (const GradeForecast& g : s.grades) sum += g.years[year].mean;
  return sum;
}

}  // namespace catchment::engine::demand
