// Shapes back from GeoJSON, to the unit.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geo/shapes.hpp"

namespace catchment::testing {

inline geo::Point point_of(const nlohmann::json& at) {
  return geo::find_point({at[0].get<double>(), at[1].get<double>()}).value();
}

// Rings turned as GeoJSON wants them, from the same first vertex.
inline geo::MultiPolygon turned_rings(geo::MultiPolygon shape) {
  for (geo::Polygon& part : shape) {
    const auto turn = [](geo::Ring& ring, bool counter_clockwise) {
      if ((geo::signed_area_twice(ring) > 0) != counter_clockwise) std::reverse(ring.begin() + 1, ring.end());
    };
    turn(part.shell, true);
    for (geo::Ring& hole : part.holes) turn(hole, false);
  }
  return shape;
}

inline geo::MultiPolygon shape_of(const nlohmann::json& geometry) {
  geo::MultiPolygon shape;
  if (geometry.is_null()) return shape;
  for (const nlohmann::json& part : geometry["coordinates"]) {
    geo::Polygon& polygon = shape.emplace_back();
    for (std::size_t r = 0; r < part.size(); ++r) {
      geo::Ring& ring = r == 0 ? polygon.shell : polygon.holes.emplace_back();
      for (std::size_t v = 0; v + 1 < part[r].size(); ++v) ring.push_back(point_of(part[r][v]));
    }
  }
  return shape;
}

}  // namespace catchment::testing
