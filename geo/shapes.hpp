// Plain shapes in fixed-point coordinates. No invariants: validity is a question for geo/topology and geo/soundness.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "geo/point.hpp"

namespace catchment::geo {

// Vertices in order; the edge from the last back to the first is implied, so the first point is not repeated at the
// end.
using Ring = std::vector<Point>;

struct Polygon {
  Ring shell;
  std::vector<Ring> holes;

  friend bool operator==(const Polygon&, const Polygon&) = default;
};

using MultiPolygon = std::vector<Polygon>;
using Polyline = std::vector<Point>;

// Closed box. The default is empty: it contains nothing and extends to whatever is added first.
struct Box {
  Point min{std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::max()};
  Point max{std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::min()};

  bool empty() const { return min.lon > max.lon; }
  void extend(Point p) {
    min = {std::min(min.lon, p.lon), std::min(min.lat, p.lat)};
    max = {std::max(max.lon, p.lon), std::max(max.lat, p.lat)};
  }
  void extend(const Box& b) {
    if (b.empty()) return;
    extend(b.min);
    extend(b.max);
  }
  bool contains(Point p) const { return min.lon <= p.lon && p.lon <= max.lon && min.lat <= p.lat && p.lat <= max.lat; }
  bool intersects(const Box& b) const {
    return min.lon <= b.max.lon && b.min.lon <= max.lon && min.lat <= b.max.lat && b.min.lat <= max.lat;
  }
};

// Calls visit(ring) for the shell and holes of every part.
template <class Visit>
void for_each_ring(const MultiPolygon& shape, Visit&& visit) {
  for (const Polygon& part : shape) {
    visit(part.shell);
    for (const Ring& hole : part.holes) visit(hole);
  }
}

inline Box bounding_box(const MultiPolygon& shape) {
  Box box;
  for_each_ring(shape, [&](const Ring& ring) {
    for (const Point p : ring) box.extend(p);
  });
  return box;
}

// Twice the signed area in square units, positive for counter-clockwise. Exact within the extent limit of cross().
inline __int128 signed_area_twice(const Ring& ring) {
  __int128 sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point a = ring[i];
    const Point b = ring[i + 1 == ring.size() ? 0 : i + 1];
    sum += static_cast<__int128>(a.lon) * b.lat - static_cast<__int128>(b.lon) * a.lat;
  }
  return sum;
}

}  // namespace catchment::geo
