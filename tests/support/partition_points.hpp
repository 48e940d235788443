// The points that try a layer hardest: uniform ones, and those on and beside its lines.
#pragma once

#include <numeric>
#include <span>
#include <vector>

#include "geo/zone_index.hpp"
#include "tests/support/random.hpp"

namespace catchment::test {

inline std::vector<geo::Point> uniform_points(const geo::Box& box, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<geo::Point> points(count);
  for (geo::Point& p : points) {
    p.lon = random.between(box.min.lon, box.max.lon);
    p.lat = random.between(box.min.lat, box.max.lat);
  }
  return points;
}

// Exactly on lines: half of them vertices, half points inside an edge that happens to pass through whole units.
inline std::vector<geo::Point> points_on_lines(std::span<const geo::Border> borders, std::size_t count,
                                               std::uint64_t seed) {
  Random random(seed);
  std::vector<geo::Point> points;
  const auto any_border = [&] { return borders[random.next() % borders.size()]; };
  for (std::size_t tries = 0; points.size() < count / 2 && tries < 100 * count; ++tries) {
    const geo::Border b = any_border();
    const std::int64_t dx = std::int64_t{b.b.lon} - b.a.lon;
    const std::int64_t dy = std::int64_t{b.b.lat} - b.a.lat;
    const std::int64_t steps = std::gcd(dx, dy);
    if (steps < 2) continue;
    const auto k = 1 + static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(steps - 1));
    points.push_back(
        {static_cast<std::int32_t>(b.a.lon + dx / steps * k), static_cast<std::int32_t>(b.a.lat + dy / steps * k)});
  }
  while (points.size() < count) points.push_back(any_border().a);
  return points;
}

// Every vertex and its eight neighbours one unit away.
inline std::vector<geo::Point> points_around_vertices(std::span<const geo::MultiPolygon> zones) {
  std::vector<geo::Point> points;
  for (const geo::MultiPolygon& zone : zones) {
    geo::for_each_ring(zone, [&](const geo::Ring& ring) {
      for (const geo::Point p : ring) {
        for (std::int32_t dx = -1; dx <= 1; ++dx) {
          for (std::int32_t dy = -1; dy <= 1; ++dy) points.push_back({p.lon + dx, p.lat + dy});
        }
      }
    });
  }
  return points;
}

}  // namespace catchment::test
