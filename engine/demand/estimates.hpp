// From draws to an estimate.
#pragma once

#include <array>
#include <span>

#include "engine/demand/forecast.hpp"

namespace catchment::engine::demand {

// Mean, median and bounds of draws, the bounds' distance from the median multiplied by the level's factor. Figures are
// rounded to 1/1000 pupil here and nowhere else, and are never below 0. O(draws).
Estimate estimate(std::span<const float> draws, const std::array<double, 3>& factor);

// The bounds' distance from the median multiplied by the level's factor; a wider level holds the narrower ones.
Estimate widened(const Estimate& estimate, const std::array<double, 3>& factor);

// The quantile at p (0-1) of draws: the draw of that rank, the lower one between two. O(draws).
float quantile(std::span<const float> draws, double p);

}  // namespace catchment::engine::demand
