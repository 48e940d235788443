// The unmatched edges of a layer and the places where they cross or touch, without rounding. Internal to
// geo/cover_arrangement.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/cover_arrangement.hpp"

namespace catchment::geo {

using Wide = __int128;

// One unmatched edge, a < b, with the zones it bounds.
struct Unmatched {
  Point a;
  Point b;
  std::uint32_t first_use = 0;
  std::uint32_t use_count = 0;
};

// Groups edges that join the same two points; cancels a zone against itself, then drops groups that balance.
void collect_unmatched(std::span<const ZoneEdge> edges, std::vector<Unmatched>& out, std::vector<EdgeUse>& uses);

// A node at the fraction numerator / denominator of an unmatched edge.
struct Stop {
  std::uint32_t edge = 0;
  std::uint32_t node = 0;
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
};

struct SplitEdges {
  std::vector<Stop> stops;  // sorted along each edge, both ends included
  std::vector<CoverNode> nodes;
};
SplitEdges split_unmatched(std::span<const Unmatched> edges, Point origin);

}  // namespace catchment::geo
