// The draws of one figure to come, in order, so that a probability is a search.
#pragma once

#include <span>
#include <vector>

#include "engine/demand/forecast.hpp"

namespace catchment::engine::demand {

class Draws {
 public:
  // Every draw times `share`. Throws InputError("seat_draws") if there is none, or one is negative or not a number.
  explicit Draws(std::span<const float> draws, double share = 1);
  explicit Draws(std::vector<double> draws);

  double mean() const { return mean_; }
  double most() const { return sorted_.back(); }
  std::span<const double> sorted() const { return sorted_; }
  // Of the draws: how many, as a share, are `threshold` or more. A threshold of 0 or less counts those above 0.
  double share_from(double threshold) const;
  double share_below(double threshold) const;  // 0 for a threshold of 0
  Estimate estimate() const;                   // quantiles interpolated between draws (Hyndman and Fan's type 7)

 private:
  void sort();
  double quantile(double p) const;

  std::vector<double> sorted_;
  double mean_ = 0;
};

}  // namespace catchment::engine::demand
