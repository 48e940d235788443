// Validity and clipping on the integer grid of tiles. The only user of GEOS in the server.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "server/tiles/mvt.hpp"

namespace catchment::tiles {

struct TileBox {
  int min_x = 0, min_y = 0, max_x = 0, max_y = 0;

  bool contains(const TileBox& b) const {
    return min_x <= b.min_x && b.max_x <= max_x && min_y <= b.min_y && b.max_y <= max_y;
  }
  bool contains(TilePoint p) const { return min_x <= p.x && p.x <= max_x && min_y <= p.y && p.y <= max_y; }
  bool intersects(const TileBox& b) const {
    return min_x <= b.max_x && b.min_x <= max_x && min_y <= b.max_y && b.min_y <= max_y;
  }
};
TileBox box_of(std::span<const TilePolygon> polygons);

// All of them together as one OGC MultiPolygon.
bool is_valid(std::span<const TilePolygon> polygons);

// The area of the input as valid polygons with integer corners; collapsed parts vanish.
std::vector<TilePolygon> made_valid(std::span<const TilePolygon> polygons);

// The part in the box by GEOS' overlay on the integer grid: valid input gives valid output, lines that come to touch
// are snapped together. Some fifty times the cost of clipped(), which calls it when in doubt.
std::vector<TilePolygon> clipped_by_overlay(std::span<const TilePolygon> polygons, const TileBox& box);

// The middle of the largest circle inside; empty for no area.
std::optional<TilePoint> label_point(std::span<const TilePolygon> polygons);

}  // namespace catchment::tiles
