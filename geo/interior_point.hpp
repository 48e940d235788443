// One point that stands for an area.
#pragma once

#include <optional>

#include "geo/shapes.hpp"

namespace catchment::geo {

// A point inside the area (even-odd over all its rings), in the middle of the longest of seven level cuts through it;
// so not near the line unless the area is thin everywhere. Nothing for an area that no cut meets for at least two
// units.
std::optional<Point> find_interior_point(const MultiPolygon& shape);

}  // namespace catchment::geo
