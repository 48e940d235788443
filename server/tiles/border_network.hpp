// The borders of a layer as a network: arcs that run from junction to junction, each stored once whichever zones share
// it, and every zone as rings of arcs. What is done to an arc is done to all its zones alike, so neighbours stay
// neighbours.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/zone_index.hpp"

namespace catchment::tiles {

// In world coordinates: the Web Mercator square as [0, 1), x east, y down.
struct WorldPoint {
  double x = 0;
  double y = 0;
};
WorldPoint to_world(geo::Point p);

struct Arc {
  std::uint32_t begin = 0;  // vertices are network.vertices[begin, end); both end points included
  std::uint32_t end = 0;
  bool loop = false;       // begins and ends at one place
  std::uint32_t left = 0;  // zone sets of the index, as of geo::Border
  std::uint32_t right = 0;
};

struct DirectedArc {
  std::uint32_t arc = 0;
  bool forward = true;
};

struct ArcPolygon {
  std::vector<DirectedArc> shell;
  std::vector<std::vector<DirectedArc>> holes;
};

struct BorderNetwork {
  std::vector<geo::Point> points;    // as in the index
  std::vector<WorldPoint> vertices;  // the same in world coordinates
  std::vector<double> importance;    // area in world units squared up to which a vertex is kept; ends are kept always
  std::vector<Arc> arcs;
  std::vector<std::vector<ArcPolygon>> zones;  // by zone number; a zone's interior is the even-odd one of the index
};

BorderNetwork build_network(const geo::ZoneIndex& index);

}  // namespace catchment::tiles
