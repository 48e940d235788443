// The simple forecasts a model has to beat.
#pragma once

#include <array>
#include <string_view>

#include "engine/demand/history.hpp"

namespace catchment::engine::demand {

enum class Baseline : std::uint8_t {
  last_year,    // the grade's pupils of the base year
  mean_3,       // the mean of its last three years
  carry,        // the cohort goes up unchanged; entry grades as last year
  progression,  // the cohort times the school's own ratios, grade by grade, summed over the last three years
  trend         // the straight line through its last five years, not below 0
};
inline constexpr std::array kBaselines{Baseline::last_year, Baseline::mean_3, Baseline::carry, Baseline::progression,
                                       Baseline::trend};
std::string_view to_word(Baseline baseline);

// Pupils of a grade `ahead` years (>= 1) after the base year, from rows up to that year; kUnknown where the rows needed
// are missing.
double baseline_of(const CityHistory& history, Baseline baseline, std::size_t school, int grade, int base_year,
                   int ahead);

}  // namespace catchment::engine::demand
