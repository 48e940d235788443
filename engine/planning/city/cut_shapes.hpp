// Cutting areas by a line or a polygon.
#pragma once

#include <vector>

#include "geo/shapes.hpp"

namespace catchment::engine::planning {

// Both may be empty; without holes where one touches the other. On whole units, so their sum is the shape but for
// roundings of a centimetre where the cut enters an edge.
struct CutArea {
  geo::MultiPolygon first, second;
};

// first: what lies in the region. Shapes must be valid.
CutArea cut_by_region(const geo::MultiPolygon& shape, const geo::MultiPolygon& region);

enum class LineSide {
  apart,  // the line does not bound it
  left,
  right,
  both,  // the line passes it on either hand
};

// A piece of what shapes and a line part together, and its side of the line.
struct LineFace {
  geo::Polygon shape;
  double inside_lon = 0, inside_lat = 0;  // a position inside, in units
  LineSide side = LineSide::apart;
};

// The faces that the edges of the shapes and the line make. Ends of the line that part nothing are left out.
std::vector<LineFace> part_by_line(const std::vector<geo::MultiPolygon>& shapes, const geo::Polyline& line);

// Whether a point is in a shape; of two shapes that share an edge exactly one has a point on it, but for vertices that
// only one of them has.
bool covers_point(const geo::MultiPolygon& shape, geo::Point p);

}  // namespace catchment::engine::planning
