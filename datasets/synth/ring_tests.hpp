// Exact questions about one ring, for construction and tests. Linear in its vertices: not for look-ups.
#pragma once

#include "geo/shapes.hpp"

namespace catchment::datasets::synth {

enum class RingSide { outside, on_line, inside };

// Even-odd, in integers.
inline RingSide locate(const geo::Ring& ring, geo::Point p) {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    const geo::Point a = ring[j];
    const geo::Point b = ring[i];
    if ((a.lat > p.lat) == (b.lat > p.lat)) {
      if (a.lat == p.lat && geo::on_segment(a, b, p)) return RingSide::on_line;
      continue;
    }
    const std::int64_t side = geo::cross(a, b, p);
    if (side == 0) return RingSide::on_line;
    if ((side > 0) == (b.lat > a.lat)) inside = !inside;
  }
  return inside ? RingSide::inside : RingSide::outside;
}

}  // namespace catchment::datasets::synth
