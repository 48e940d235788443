#include <geodesic.h>

#include <cmath>

#include "geo/projection.hpp"

namespace catchment::geo {
namespace {

// CGCS2000: a = 6378137 m, 1/f = 298.257222101 (GB 22021-2008).
const geod_geodesic& ellipsoid() {
  static const geod_geodesic kEllipsoid = [] {
    geod_geodesic g;
    geod_init(&g, 6378137.0, 1.0 / 298.257222101);
    return g;
  }();
  return kEllipsoid;
}

double ring_area_m2(const Ring& ring) {
  geod_polygon polygon;
  geod_polygon_init(&polygon, 0);
  for (const Point p : ring) {
    const Degrees d = to_degrees(p);
    geod_polygon_addpoint(&ellipsoid(), &polygon, d.lat, d.lon);
  }
  double area = 0;
  geod_polygon_compute(&ellipsoid(), &polygon, 0, 1, &area, nullptr);
  return std::fabs(area);
}

}  // namespace

double geodesic_length_m(Point a, Point b) {
  const Degrees from = to_degrees(a);
  const Degrees to = to_degrees(b);
  double length = 0;
  geod_inverse(&ellipsoid(), from.lat, from.lon, to.lat, to.lon, &length, nullptr, nullptr);
  return length;
}

double geodesic_length_m(const Polyline& line) {
  double length = 0;
  for (std::size_t i = 1; i < line.size(); ++i) length += geodesic_length_m(line[i - 1], line[i]);
  return length;
}

double geodesic_area_m2(const MultiPolygon& shape) {
  double area = 0;
  for (const Polygon& part : shape) {
    area += ring_area_m2(part.shell);
    for (const Ring& hole : part.holes) area -= ring_area_m2(hole);
  }
  return area;
}

}  // namespace catchment::geo
