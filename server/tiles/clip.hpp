// Cutting to a box on the integer grid of tiles.
#pragma once

#include <span>
#include <vector>

#include "server/tiles/planar.hpp"

namespace catchment::tiles {

// The part in the box. Input: valid, shells of positive and holes of negative area (turned() makes them so). Output:
// valid, the same way round, integer corners. The corners a cut makes are rounded along the box; where that could make
// two lines touch, where a line only touches the box, or where several parts are cut, GEOS' overlay decides instead (a
// few cuts in a thousand).
std::vector<TilePolygon> clipped(std::span<const TilePolygon> polygons, const TileBox& box);

// Pieces of a path in the box, with corners rounded on its sides.
std::vector<TilePath> clipped(const TilePath& path, const TileBox& box);

// Shells to positive area, holes to negative.
void turn(std::vector<TilePolygon>& polygons);

}  // namespace catchment::tiles
