#include "engine/demand/sorted_draws.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

// 110 % of 100 seats is 110, whatever 1.1 is in binary.
constexpr double kSlack = 1e-9;

}  // namespace

Draws::Draws(std::span<const float> draws, double share) {
  sorted_.reserve(draws.size());
  for (const float draw : draws) sorted_.push_back(static_cast<double>(draw) * share);
  sort();
}

Draws::Draws(std::vector<double> draws) : sorted_(std::move(draws)) { sort(); }

void Draws::sort() {
  if (sorted_.empty()) throw InputError("seat_draws", "", "there are no draws");
  for (const double draw : sorted_) {
    if (!(draw >= 0) || std::isinf(draw)) throw InputError("seat_draws", "", "a draw is negative or no number");
  }
  std::ranges::sort(sorted_);
  mean_ = std::accumulate(sorted_.begin(), sorted_.end(), 0.0) / static_cast<double>(sorted_.size());
}

double Draws::share_from(double threshold) const {
  const auto at = threshold > 0 ? std::ranges::lower_bound(sorted_, threshold * (1 - kSlack))
                                : std::ranges::upper_bound(sorted_, 0.0);
  return static_cast<double>(sorted_.end() - at) / static_cast<double>(sorted_.size());
}

double Draws::share_below(double threshold) const {
  const auto at = std::ranges::lower_bound(sorted_, threshold * (1 - kSlack));
  return static_cast<double>(at - sorted_.begin()) / static_cast<double>(sorted_.size());
}

double Draws::quantile(double p) const {
  const double place = p * static_cast<double>(sorted_.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, sorted_.size() - 1);
  return sorted_[below] + (place - std::floor(place)) * (sorted_[above] - sorted_[below]);
}

Estimate Draws::estimate() const {
  Estimate out;
  out.mean = mean_;
  out.median = quantile(0.5);
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    out.low[i] = quantile((1 - kLevels[i]) / 2);
    out.high[i] = quantile((1 + kLevels[i]) / 2);
  }
  return out;
}

}  // namespace catchment::engine::demand
