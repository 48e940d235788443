#include "engine/planning/ensemble/mixing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace catchment::engine::planning {
namespace {

struct Half {
  std::span<const double> values;
  double mean = 0;
};

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

// Mean over the halves of the covariance between values a lag apart, over n.
double covariance(const std::vector<Half>& halves, std::size_t lag) {
  double sum = 0;
  for (const Half& h : halves) {
    double one = 0;
    for (std::size_t i = lag; i < h.values.size(); ++i) one += (h.values[i] - h.mean) * (h.values[i - lag] - h.mean);
    sum += one / static_cast<double>(h.values.size());
  }
  return sum / static_cast<double>(halves.size());
}

// 1 + 2 * the sum of correlations, in pairs of lags as long as they are positive and no greater than those before.
double correlation_time(const std::vector<Half>& halves, double within, double overall) {
  const std::size_t n = halves[0].values.size();
  const double bias = static_cast<double>(n) / static_cast<double>(n - 1);
  const auto correlation = [&](std::size_t lag) {
    return lag == 0 ? 1 : 1 - (within - bias * covariance(halves, lag)) / overall;
  };
  double sum = 0, last = std::numeric_limits<double>::infinity();
  for (std::size_t lag = 0; lag + 1 < n; lag += 2) {
    const double pair = std::min(last, correlation(lag) + correlation(lag + 1));
    if (pair <= 0) break;
    sum += pair;
    last = pair;
  }
  return 2 * sum - 1;
}

}  // namespace

Mixing measure_mixing(const std::vector<std::span<const double>>& chains) {
  std::size_t length = std::numeric_limits<std::size_t>::max(), total = 0;
  bool constant = true;
  for (const auto& c : chains) {
    length = std::min(length, c.size());
    total += c.size();
    for (const double v : c) constant = constant && v == chains[0][0];
  }
  Mixing out{std::numeric_limits<double>::infinity(), 0};
  if (chains.empty() || length < 8) return out;
  if (constant) return {1, static_cast<double>(total)};
  std::vector<Half> halves;
  for (const auto& c : chains) {
    for (const auto& half : {c.first(length / 2), c.last(length / 2)}) halves.push_back({half, mean_of(half)});
  }
  const double n = static_cast<double>(length / 2), m = static_cast<double>(halves.size());
  double mean = 0, between = 0;
  for (const Half& h : halves) mean += h.mean / m;
  for (const Half& h : halves) between += (h.mean - mean) * (h.mean - mean) / (m - 1);
  const double within = covariance(halves, 0) * n / (n - 1);
  const double overall = within * (n - 1) / n + between;
  if (within <= 0) return out;  // constant in each half, and not the same: stuck apart
  out.r_hat = std::sqrt(overall / within);
  out.effective = std::min(n * m, n * m / std::max(1e-9, correlation_time(halves, within, overall)));
  return out;
}

}  // namespace catchment::engine::planning
