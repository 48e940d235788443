// Whole numbers of children drawn from expectations, without libm.
#pragma once

#include <algorithm>
#include <cmath>

#include "datasets/synth/random.hpp"

namespace catchment::datasets::synth {

// How many of n do what each does with probability p. Exact up to 64, beyond that rounded from a normal of the same
// mean and variance.
inline int draw_binomial(int n, double p, Random& random) {
  constexpr int kExact = 64;
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (n <= kExact) {
    int hits = 0;
    for (int i = 0; i < n; ++i) hits += random.unit() < p ? 1 : 0;
    return hits;
  }
  const double drawn = n * p + std::sqrt(n * p * (1 - p)) * random.normal();
  return std::clamp(static_cast<int>(std::nearbyint(drawn)), 0, n);
}

// A count of that mean whose variance is at least three quarters of it: nearly Poisson's.
inline int draw_count(double mean, Random& random) {
  if (mean <= 0) return 0;
  const int n = 4 * static_cast<int>(std::ceil(mean));
  return draw_binomial(n, mean / n, random);
}

// What becomes of n children when `ratio` times as many are expected: some leave and others come, `churn` of them even
// where as many come as leave.
inline int draw_change(int n, double ratio, double churn, Random& random) {
  const double leave = churn + std::max(0.0, 1 - ratio);
  const int stay = n - draw_binomial(n, leave, random);
  return stay + draw_binomial(n, ratio - 1 + leave, random);
}

}  // namespace catchment::datasets::synth
