// The children of an overflow in order, with the schools each may go to: what both rules run on.
#pragma once

#include "engine/admission/assignment/overflow.hpp"

namespace catchment::engine::admission {

struct SchoolWay {
  std::uint32_t school = 0;
  int metres = 0;

  auto operator<=>(const SchoolWay& o) const {
    return metres != o.metres ? metres <=> o.metres : school <=> o.school;  // as a child wants them
  }
  bool operator==(const SchoolWay&) const = default;
};

// Children are numbered in order here: 0 is the first of the first tier.
struct OverflowWorld {
  std::vector<std::uint32_t> given;  // by child: its number in the input
  std::vector<std::uint8_t> level;   // by child: which of the tiers
  std::vector<int> tiers;            // present, first first
  std::vector<std::uint32_t> first;  // by child, one more at the end: into ways
  std::vector<SchoolWay> ways;       // by child, the most wanted first; only to schools that have a free seat
  std::vector<int> seats;            // by school

  std::span<const SchoolWay> ways_of(std::uint32_t child) const {
    return std::span(ways).subspan(first[child], first[child + 1] - first[child]);
  }
};

// Throws as place_overflow does.
OverflowWorld make_overflow_world(const OverflowInput& input);

// What is known of a seat a child wanted more than its own.
struct SeatPlan {
  std::vector<std::uint32_t> school;          // by child; kNobody: none
  std::vector<WantedSeat> wanted;             // by child, of those that wanted another
  std::vector<std::uint32_t> parted_bundles;  // by first member
};

// OverflowRule::least_walk.
SeatPlan seat_at_least_walk(const OverflowWorld& world, const std::vector<std::vector<std::uint32_t>>& bundles);

}  // namespace catchment::engine::admission
