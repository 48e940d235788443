// Pseudo-random numbers that are the same on every machine and compiler. The standard's distributions and std::shuffle
// are not: their output is left to the library.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace catchment::datasets::synth {

// splitmix64 (Steele, Lea, Flood 2014; public-domain reference by S. Vigna). All doubles come from integers by + - *
// only, which IEEE 754 rounds the same everywhere; nothing here calls libm.
class Random {
 public:
  // Streams of one seed that differ in any part are independent for our purposes: name one per thing generated, so
  // that asking more of one thing does not change another.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0, std::uint64_t item = 0)
      : state_(mix(mix(seed + 0x9E3779B97F4A7C15u) ^ mix(stream * 0xD1B54A32D192ED03u + item + 1))) {}

  std::uint64_t next() { return mix(state_ += 0x9E3779B97F4A7C15u); }

  // Uniform in [0, n), n > 0, without bias (Lemire 2019: multiply, reject the short slice).
  std::uint64_t below(std::uint64_t n) {
    assert(n > 0);
    for (;;) {
      const unsigned __int128 product = static_cast<unsigned __int128>(next()) * n;
      const auto low = static_cast<std::uint64_t>(product);
      if (low >= n || low >= (0 - n) % n) return static_cast<std::uint64_t>(product >> 64);
    }
  }
  // Uniform in [lo, hi], both included.
  int between(int lo, int hi) { return lo + static_cast<int>(below(static_cast<std::uint64_t>(hi - lo) + 1)); }
  // Uniform in [0, 1), a multiple of 2^-53.
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double uniform(double lo, double hi) { return lo + (hi - lo) * unit(); }
  // True in `permille` of 1,000 draws.
  bool chance_permille(int permille) { return below(1000) < static_cast<std::uint64_t>(permille); }
  // Mean 0, variance 1: the sum of twelve uniforms less six (Irwin-Hall). Never beyond +-6, thinner tails than a true
  // normal.
  double normal() {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += unit();
    return sum;
  }

 private:
  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

// Fisher-Yates from the back.
template <class Sequence>
void shuffle(Sequence& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

// Deals a total out over parts in proportion to their weights: part i gets floor(total * W(i+1) / W) - floor(total *
// W(i) / W), W(i) the weights before it. The parts sum to the total exactly and no part is off by more than one.
class Dealer {
 public:
  Dealer(std::int64_t total, std::int64_t weight_sum) : total_(total), weight_sum_(weight_sum) {}
  std::int64_t deal(std::int64_t weight) {
    const std::int64_t before = dealt();
    weight_ += weight;
    return dealt() - before;
  }

 private:
  std::int64_t dealt() const {
    return weight_sum_ == 0 ? 0 : static_cast<std::int64_t>(static_cast<__int128>(total_) * weight_ / weight_sum_);
  }
  std::int64_t total_;
  std::int64_t weight_sum_;
  std::int64_t weight_ = 0;
};

}  // namespace catchment::datasets::synth
