// How far one walks, as one number that can be added and compared: the length first, then what is crossed on the way.
#pragma once

#include <cstdint>

#include "geo/street_network/lines.hpp"

namespace catchment::geo {

// Barriers crossed on a way, by kind; kMost means that many or more. Lines are counted as they are drawn: a bridge or
// an underpass counts, and a road of two carriageways or a railway of two tracks counts twice where it is two lines.
struct Crossings {
  static constexpr int kMost = 1023;
  int trunk_road = 0;
  int rail = 0;
  int river = 0;

  int total() const { return trunk_road + rail + river; }
  friend bool operator==(const Crossings&, const Crossings&) = default;
};

// 31 bits of millimetres over three counts of 10 bits, each under a guard bit. The smaller of two keys is the shorter
// way; of ways equally long the one with fewer trunk roads, then railways, then rivers.
class WalkKey {
 public:
  constexpr WalkKey() = default;
  static constexpr WalkKey of_length(std::uint64_t mm) { return WalkKey(mm << kLengthShift); }
  static constexpr WalkKey of_crossing(BarrierKind kind) {
    return WalkKey(std::uint64_t{1} << (11 * (2 - static_cast<unsigned>(kind))));
  }
  // Above every way of at most so many millimetres, and below every longer one.
  static constexpr WalkKey last_of_length(std::uint64_t mm) {
    return WalkKey((mm << kLengthShift) | ((std::uint64_t{1} << kLengthShift) - 1));
  }
  static constexpr WalkKey none() { return WalkKey(~std::uint64_t{0}); }

  constexpr std::uint64_t length_mm() const { return bits_ >> kLengthShift; }
  constexpr Crossings crossings() const {
    const auto field = [this](unsigned shift) { return static_cast<int>((bits_ >> shift) & kField); };
    return {field(22), field(11), field(0)};
  }
  // Counts stop at kMost; lengths must add up to less than 2^31 mm.
  friend constexpr WalkKey operator+(WalkKey a, WalkKey b) {
    const std::uint64_t sum = a.bits_ + b.bits_;
    return WalkKey((sum & kGuards) == 0 ? sum : saturated(sum));
  }
  friend constexpr auto operator<=>(WalkKey, WalkKey) = default;

 private:
  explicit constexpr WalkKey(std::uint64_t bits) : bits_(bits) {}
  static constexpr unsigned kLengthShift = 33;
  static constexpr std::uint64_t kField = 1023;
  static constexpr std::uint64_t kGuards =
      (std::uint64_t{1} << 10) | (std::uint64_t{1} << 21) | (std::uint64_t{1} << 32);
  static constexpr std::uint64_t saturated(std::uint64_t sum) {
    const std::uint64_t over = sum & kGuards;
    return (sum & ~kGuards) | (over - (over >> 10));  // a guard bit becomes the ten ones below it
  }

  std::uint64_t bits_ = 0;
};

// The longest street between two junctions and the longest way asked for: their sum fits a key.
inline constexpr std::uint64_t kMaxWalk_mm = 1'000'000'000;

}  // namespace catchment::geo
