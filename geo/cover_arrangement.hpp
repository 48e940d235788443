// How many zones cover each place, exactly, from the unmatched edges alone. Internal to the soundness checks.
//
// Let every zone's edges run with the zone on their left. The number of zones over a point is then the winding number
// of all edges around it, and an edge that meets its opposite contributes nothing: in a sound layer everything cancels
// but the outer edge. What is left is split where it crosses or touches itself, as rational numbers without rounding,
// and its faces get their covering count by walking across pieces from the outside, where it is zero.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/shapes.hpp"
#include "geo/zone_index.hpp"

namespace catchment::geo {

struct ZoneEdge {
  Point a;  // the zone lies on the left of a -> b
  Point b;
  ZoneNumber zone = 0;
};

struct CoverNode {
  double x = 0;  // units east and north of the arrangement's origin; right to 1e-6 unit
  double y = 0;
  bool whole = false;  // at whole units, where `point` says
  Point point;         // nearest whole units
};

struct EdgeUse {
  ZoneNumber zone = 0;
  std::int32_t side = 0;  // +1: the zone is on the left of from -> to, -1: on the right
};

struct CoverPiece {
  std::uint32_t from = 0;  // nodes; from is less than to by (x, y)
  std::uint32_t to = 0;
  std::uint32_t first_use = 0;  // into CoverArrangement::uses
  std::uint32_t use_count = 0;
  int net = 0;  // covering count on the left less that on the right; never 0
};

// A vertex of some zones in the open interior of edges of others.
struct LooseVertex {
  Point place;
  std::vector<ZoneNumber> with;     // zones that have a vertex there, sorted
  std::vector<ZoneNumber> without;  // zones whose edge runs through, sorted
  bool opposite = false;            // some edge of `with` runs along one of `without` in the opposite direction
};

// Half-edge 2i runs along piece i from -> to, 2i + 1 back. Its face is on its left.
using HalfEdge = std::uint32_t;

struct CoverFace {
  int count = 0;                 // zones over it
  std::vector<HalfEdge> cycles;  // one half-edge of each cycle of its edge; the outer one first, if it is bounded
};

struct CoverArrangement {
  Point origin;
  std::vector<CoverNode> nodes;
  std::vector<CoverPiece> pieces;
  std::vector<EdgeUse> uses;
  std::vector<HalfEdge> next;          // along the same face
  std::vector<std::uint32_t> face_of;  // of a half-edge
  std::vector<CoverFace> faces;        // 0 is the outside
  std::vector<LooseVertex> loose;      // sorted by place

  std::uint32_t start(HalfEdge h) const { return (h & 1) == 0 ? pieces[h / 2].from : pieces[h / 2].to; }
  std::span<const EdgeUse> uses_of(HalfEdge h) const {
    return std::span(uses).subspan(pieces[h / 2].first_use, pieces[h / 2].use_count);
  }
  bool on_left(EdgeUse use, HalfEdge h) const { return (use.side > 0) == ((h & 1) == 0); }
  std::vector<HalfEdge> cycle(HalfEdge first) const {
    std::vector<HalfEdge> out;
    HalfEdge h = first;
    do {
      out.push_back(h);
      h = next[h];
    } while (h != first);
    return out;
  }
};

// The edges of a valid zone, whichever way its rings run.
void append_zone_edges(const MultiPolygon& zone, ZoneNumber number, std::vector<ZoneEdge>& edges);

CoverArrangement arrange_unmatched(std::span<const ZoneEdge> edges);

}  // namespace catchment::geo
