// Pupils of the whole city, draw by draw: what all schools come to, in whole numbers, so that no order matters.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/demand/forecast.hpp"
#include "engine/demand/school_draws.hpp"

namespace catchment::engine::demand {

class CityTotals {
 public:
  CityTotals() = default;
  CityTotals(std::size_t grades, std::size_t years, std::size_t draws);

  void add(const CityTotals& other);
  // Adds (sign 1) or takes out (-1) the cohorts of a stage whose first grade has this place.
  void count(std::size_t first_place, const StageDraws& drawn, std::int64_t sign, Cohorts cohorts);
  // Estimates of every grade, stage and year. Those whose totals are as they were `before` are left as `city` has them;
  // without it, all are made. O(grades x years x draws).
  void report(const DemandModel& model, const CityTotals* before, CityForecast& city) const;

 private:
  std::span<const std::int64_t> of(std::size_t place, std::size_t year) const {
    return std::span(grades_[place]).subspan(year * draws_, draws_);
  }
  Estimate estimate_of(std::span<const std::int64_t> sums, const std::array<double, 3>& factor) const;

  std::size_t years_ = 0, draws_ = 0;
  std::vector<std::vector<std::int64_t>> grades_;  // [grade][year * draws + draw]: 1/65,536 pupils
};

}  // namespace catchment::engine::demand
