// Streets and barriers cut at one another's vertices, so that they meet in vertices only. Internal to the street
// network.
#pragma once

#include <vector>

#include "geo/street_network/lines.hpp"

namespace catchment::geo {

// A street leads over (or under) a barrier between two of its vertices.
struct Passage {
  Point at;  // rounded to a unit
  BarrierKind kind = BarrierKind::river;

  friend bool operator==(const Passage&, const Passage&) = default;
};

// A straight stretch of a street from a to b, a < b, with the barriers it crosses in that order. No street vertex and
// no barrier vertex lies inside it.
struct StreetPiece {
  Point a;
  Point b;
  std::uint32_t line = 0;  // of the input; the lowest number if several run here
  StreetKind kind = StreetKind::residential;
  std::vector<Passage> passages;
};

// A straight stretch of a barrier; no street vertex lies inside it. Stretches that two lines of a kind have in common
// stand here once.
struct BarrierPiece {
  Point a;
  Point b;
  BarrierKind kind = BarrierKind::river;

  friend auto operator<=>(const BarrierPiece&, const BarrierPiece&) = default;
};

struct NodedLines {
  std::vector<StreetPiece> pieces;  // sorted by ends, each pair of ends once
  std::vector<BarrierPiece> barriers;
  std::size_t lines_without_length = 0;  // streets of fewer than two different vertices
  std::size_t duplicate_pieces = 0;
};

NodedLines node_lines(std::span<const StreetLine> streets, std::span<const BarrierLine> barriers,
                      const NetworkOptions& options);

}  // namespace catchment::geo
