// Point in zone in doubles, for positions between whole units that are known not to lie on an edge.
#pragma once

#include "geo/shapes.hpp"

namespace catchment::geo {

// x, y: units east and north of origin. The even-odd rule over all rings.
inline bool covers_between_units(const MultiPolygon& zone, Point origin, double x, double y) {
  bool inside = false;
  for_each_ring(zone, [&](const Ring& ring) {
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      const double yi = static_cast<double>(ring[i].lat) - origin.lat;
      const double yj = static_cast<double>(ring[j].lat) - origin.lat;
      if ((yi > y) == (yj > y)) continue;
      const double xi = static_cast<double>(ring[i].lon) - origin.lon;
      const double xj = static_cast<double>(ring[j].lon) - origin.lon;
      if (x < xi + (xj - xi) * (y - yi) / (yj - yi)) inside = !inside;
    }
  });
  return inside;
}

}  // namespace catchment::geo
