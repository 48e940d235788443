// Latencies in buckets of less than one percent, whatever their number: 64 buckets an octave from 1 us to 17 min. What
// is shorter or longer counts as the first or last; the longest is kept as it was.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace catchment::bench {

class Latencies {
 public:
  void add(std::int64_t ns) {
    ++buckets_[bucket_of(ns)];
    ++count_;
    longest_ns_ = std::max(longest_ns_, ns);
  }
  std::uint64_t count() const { return count_; }
  double longest_ms() const { return static_cast<double>(longest_ns_) / 1e6; }
  // The upper end of the bucket in which the share lies; 0 if there are none.
  double at_ms(double share) const {
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      before += buckets_[i];
      if (before > rank) return std::min(upper_ms(i), longest_ms());
    }
    return longest_ms();
  }
  void add_all(const Latencies& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    longest_ns_ = std::max(longest_ns_, other.longest_ns_);
  }

 private:
  static constexpr int kFirstOctave = 10, kOctaves = 30, kSubBits = 6;

  static std::size_t bucket_of(std::int64_t ns) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 1 << kFirstOctave));
    const int octave = static_cast<int>(std::bit_width(value)) - 1;
    const auto sub = static_cast<std::size_t>(value >> (octave - kSubBits) & ((1u << kSubBits) - 1));
    return std::min((static_cast<std::size_t>(octave - kFirstOctave) << kSubBits) + sub,
                    (std::size_t{kOctaves} << kSubBits) - 1);
  }
  static double upper_ms(std::size_t bucket) {
    const int octave = kFirstOctave + static_cast<int>(bucket >> kSubBits);
    const auto sub = static_cast<double>(bucket & ((1u << kSubBits) - 1));
    return static_cast<double>(std::uint64_t{1} << octave) * (1 + (sub + 1) / (1u << kSubBits)) / 1e6;
  }

  std::array<std::uint32_t, std::size_t{kOctaves} << kSubBits> buckets_{};
  std::uint64_t count_ = 0;
  std::int64_t longest_ns_ = 0;
};

}  // namespace catchment::bench
