// One edge a straight stretch, one node a side of a vertex: the walk graph before chains are joined. Internal.
#pragma once

#include <vector>

#include "geo/street_network/graph.hpp"

namespace catchment::geo {

struct RawEdge {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t line = 0;
  StreetKind kind = StreetKind::residential;
  EdgeSide side = EdgeSide::both;  // going from -> to
};

struct RawPassage {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  WalkKey key;
};

struct RawGraph {
  std::vector<Point> nodes;
  std::vector<RawEdge> edges;
  std::vector<RawPassage> passages;
  std::size_t open_passages[kBarrierKinds] = {};
  std::size_t closed_passages = 0;
  std::size_t unused_crossings = 0;
};

RawGraph build_raw_graph(const NodedLines& lines, std::span<const CrossingPoint> crossings,
                         const NetworkOptions& options);

}  // namespace catchment::geo
