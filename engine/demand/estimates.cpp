#include "engine/demand/estimates.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace catchment::engine::demand {
namespace {

constexpr float kNothing = 1e-5f;  // pupils: draws no further apart are one figure

double rounded(double x) { return std::round(std::max(0.0, x) * 1000) / 1000; }

std::size_t rank_of(std::size_t count, double p) {
  const double at = p * static_cast<double>(count - 1);
  return std::min(count - 1, static_cast<std::size_t>(at));
}

// The draws of several ranks at once. Draws are counted into equal bins between their least and greatest; only the bins
// that hold a rank asked for are sorted. O(n), and no branch depends on the draws, which selection's would.
class Ranks {
 public:
  Ranks(std::span<const float> draws, float low, float high) : draws_(draws), low_(low) {
    scale_ = static_cast<float>(kBins) / (high - low);
    count_.fill(0);
    for (const float d : draws) ++count_[bin_of(d)];
  }

  // `ranks` ascending.
  template <std::size_t N>
  std::array<float, N> at(const std::array<std::size_t, N>& ranks) {
    std::array<std::size_t, N> bin{}, before{};
    std::size_t seen = 0, next = 0;
    std::array<bool, kBins> wanted{};
    for (std::size_t b = 0; b < kBins && next < N; ++b) {
      for (; next < N && ranks[next] < seen + count_[b]; ++next) bin[next] = b, before[next] = seen, wanted[b] = true;
      seen += count_[b];
    }
    picked_.clear();
    for (const float d : draws_) {
      const std::size_t b = bin_of(d);
      if (wanted[b]) picked_.emplace_back(b, d);
    }
    std::ranges::sort(picked_);
    std::array<float, N> result{};
    for (std::size_t i = 0; i < N; ++i) {
      const auto first = std::ranges::lower_bound(picked_, bin[i], {}, &std::pair<std::size_t, float>::first);
      result[i] = first[static_cast<std::ptrdiff_t>(ranks[i] - before[i])].second;
    }
    return result;
  }

 private:
  static constexpr std::size_t kBins = 512;

  std::size_t bin_of(float d) const {
    return std::min(kBins - 1, static_cast<std::size_t>(static_cast<int>((d - low_) * scale_)));
  }

  std::span<const float> draws_;
  float low_, scale_ = 1;
  std::array<std::uint32_t, kBins> count_;
  std::vector<std::pair<std::size_t, float>> picked_;
};

}  // namespace

float quantile(std::span<const float> draws, double p) {
  const auto [low, high] = std::ranges::minmax(draws);
  if (!(high - low > kNothing)) return low;
  return Ranks(draws, low, high).at(std::array{rank_of(draws.size(), p)})[0];
}

Estimate estimate(std::span<const float> draws, const std::array<double, 3>& factor) {
  Estimate e;
  if (draws.empty()) return e;
  double sum = 0;
  float low = draws[0], high = draws[0];
  for (const float d : draws) sum += static_cast<double>(d), low = std::min(low, d), high = std::max(high, d);
  e.mean = rounded(sum / static_cast<double>(draws.size()));
  if (!(high - low > kNothing)) {
    e.median = rounded(static_cast<double>(low));
    e.low.fill(e.median), e.high.fill(e.median);
    return e;
  }
  constexpr std::size_t levels = kLevels.size();
  std::array<std::size_t, 2 * levels + 1> ranks{};
  ranks[levels] = rank_of(draws.size(), 0.5);
  for (std::size_t level = 0; level < levels; ++level) {
    ranks[levels - 1 - level] = rank_of(draws.size(), (1 - kLevels[level]) / 2);
    ranks[levels + 1 + level] = draws.size() - 1 - ranks[levels - 1 - level];
  }
  const auto found = Ranks(draws, low, high).at(ranks);
  e.median = static_cast<double>(found[levels]);
  for (std::size_t level = 0; level < levels; ++level) {
    e.low[level] = static_cast<double>(found[levels - 1 - level]);
    e.high[level] = static_cast<double>(found[levels + 1 + level]);
  }
  e = widened(e, factor);
  e.median = rounded(e.median);
  return e;
}

Estimate widened(const Estimate& estimate, const std::array<double, 3>& factor) {
  Estimate e = estimate;
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    e.low[level] = rounded(e.median - factor[level] * (e.median - estimate.low[level]));
    e.high[level] = rounded(e.median + factor[level] * (estimate.high[level] - e.median));
    if (level == 0) continue;
    e.low[level] = std::min(e.low[level], e.low[level - 1]);
    e.high[level] = std::max(e.high[level], e.high[level - 1]);
  }
  return e;
}

}  // namespace catchment::engine::demand
