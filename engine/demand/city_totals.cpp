#include "engine/demand/city_totals.hpp"

#include <algorithm>
#include <cmath>

#include "engine/demand/estimates.hpp"

namespace catchment::engine::demand {
namespace {

constexpr double kFixed = 65536;  // pupils of one draw as whole numbers

}  // namespace

CityTotals::CityTotals(std::size_t grades, std::size_t years, std::size_t draws)
    : years_(years), draws_(draws), grades_(grades, std::vector<std::int64_t>(years * draws, 0)) {}

void CityTotals::add(const CityTotals& other) {
  for (std::size_t g = 0; g < grades_.size(); ++g) {
    for (std::size_t i = 0; i < grades_[g].size(); ++i) grades_[g][i] += other.grades_[g][i];
  }
}

void CityTotals::count(std::size_t first_place, const StageDraws& drawn, std::int64_t sign, Cohorts cohorts) {
  for (std::size_t g = 0; g < drawn.pupils.size(); ++g) {
    std::vector<std::int64_t>& sum = grades_[first_place + g];
    const std::vector<float>& pupils = drawn.pupils[g];
    const std::size_t first = cohorts.all ? 0 : std::min(years_, cohorts.entering_from + g) * draws_;
    for (std::size_t i = first; i < pupils.size(); ++i) {
      sum[i] += sign * static_cast<std::int64_t>(pupils[i] * static_cast<float>(kFixed));
    }
  }
}

Estimate CityTotals::estimate_of(std::span<const std::int64_t> sums, const std::array<double, 3>& factor) const {
  std::vector<float> values(sums.size());
  double mean = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double value = static_cast<double>(sums[i]) / kFixed;
    mean += value;
    values[i] = static_cast<float>(value);
  }
  Estimate e = estimate(values, factor);
  e.mean = std::round(mean / static_cast<double>(sums.size()) * 1000) / 1000;
  return e;
}

void CityTotals::report(const DemandModel& model, const CityTotals* before, CityForecast& city) const {
  const CityHistory& h = model.history;
  const std::size_t stages = std::min(kStages, h.rules().stages.size());
  if (before == nullptr) {
    city = {};
    for (std::size_t g = 0; g < grades_.size(); ++g) {
      city.grades.push_back({h.lowest_grade() + static_cast<int>(g), std::vector<Estimate>(years_)});
    }
    for (std::size_t k = 0; k < stages; ++k) {
      city.stages.push_back({h.rules().stages[k].first_grade, std::vector<Estimate>(years_)});
    }
  }
  std::vector<char> changed(grades_.size() * years_, 1);
  for (std::size_t g = 0; g < grades_.size(); ++g) {
    for (std::size_t y = 0; y < years_; ++y) {
      if (before != nullptr && std::ranges::equal(of(g, y), before->of(g, y))) {
        changed[g * years_ + y] = 0;
      } else {
        city.grades[g].years[y] = estimate_of(of(g, y), model.calibration.of(OutcomeKind::city_grade, y));
      }
    }
  }
  std::vector<std::int64_t> sum(draws_);
  for (std::size_t k = 0; k < stages; ++k) {
    const StageRule& rule = h.rules().stages[k];
    const auto first = static_cast<std::size_t>(rule.first_grade - h.lowest_grade());
    const std::size_t end = first + static_cast<std::size_t>(rule.grades());
    for (std::size_t y = 0; y < years_; ++y) {
      bool any = false;
      for (std::size_t g = first; g < end; ++g) any = any || changed[g * years_ + y] != 0;
      if (!any) continue;
      std::ranges::fill(sum, 0);
      for (std::size_t g = first; g < end; ++g) {
        for (std::size_t d = 0; d < draws_; ++d) sum[d] += grades_[g][y * draws_ + d];
      }
      city.stages[k].years[y] = estimate_of(sum, model.calibration.of(OutcomeKind::city_stage, y));
    }
  }
}

}  // namespace catchment::engine::demand
