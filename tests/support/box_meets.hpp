// A closed box and a shape, by the definition of meeting: plainly, without an index.
#pragma once

#include <span>

#include "tests/support/brute_force.hpp"

namespace catchment::test {

// Whether two closed segments share a point, by the sides their ends lie on.
inline bool segments_meet(geo::Point a, geo::Point b, geo::Point c, geo::Point d) {
  const auto side = [](geo::Point p, geo::Point q, geo::Point r) {
    const std::int64_t turn = geo::cross(p, q, r);
    return (turn > 0) - (turn < 0);
  };
  if (geo::on_segment(a, b, c) || geo::on_segment(a, b, d) || geo::on_segment(c, d, a) || geo::on_segment(c, d, b))
    return true;
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

// A box and a shape by the definition: a corner covered, or a line of one on a line of the other, or a vertex inside.
inline bool meets_box(const geo::MultiPolygon& shape, const geo::Box& box) {
  const geo::Point corners[] = {box.min, {box.max.lon, box.min.lat}, box.max, {box.min.lon, box.max.lat}};
  for (const geo::Point corner : corners) {
    if (!brute_force(std::span(&shape, 1), corner).covering.empty()) return true;
  }
  bool meets = false;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const geo::Point a = ring[i], b = ring[(i + 1) % ring.size()];
      meets |= box.contains(a);
      for (std::size_t k = 0; k < 4; ++k) meets |= segments_meet(a, b, corners[k], corners[(k + 1) % 4]);
    }
  });
  return meets;
}

}  // namespace catchment::test
