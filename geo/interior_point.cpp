#include "geo/interior_point.hpp"

#include <cmath>

namespace catchment::geo {
namespace {

constexpr int kCuts = 7;

// Where the rings cross the level half a unit above `lat`, on which no vertex lies; sorted.
void find_crossings(const MultiPolygon& shape, std::int64_t lat, std::vector<double>& crossings) {
  crossings.clear();
  const double level = static_cast<double>(lat) + 0.5;
  for_each_ring(shape, [&](const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point a = ring[i];
      const Point b = ring[i + 1 == ring.size() ? 0 : i + 1];
      if ((a.lat <= lat) == (b.lat <= lat)) continue;
      const double along = (level - a.lat) / (static_cast<double>(b.lat) - a.lat);
      crossings.push_back(a.lon + along * (static_cast<double>(b.lon) - a.lon));
    }
  });
  std::sort(crossings.begin(), crossings.end());
}

}  // namespace

std::optional<Point> find_interior_point(const MultiPolygon& shape) {
  const Box box = bounding_box(shape);
  if (box.empty()) return std::nullopt;
  const std::int64_t height = std::int64_t{box.max.lat} - box.min.lat;
  std::optional<Point> best;
  double longest = 2;
  std::vector<double> crossings;
  for (int cut = 1; cut <= kCuts; ++cut) {
    const std::int64_t lat = box.min.lat + height * cut / (kCuts + 1);
    find_crossings(shape, lat, crossings);
    for (std::size_t i = 1; i < crossings.size(); i += 2) {
      const double length = crossings[i] - crossings[i - 1];
      if (length < longest) continue;
      longest = length;
      best = Point{static_cast<std::int32_t>(std::nearbyint(crossings[i - 1] + length / 2)),
                   static_cast<std::int32_t>(lat)};
    }
  }
  return best;
}

}  // namespace catchment::geo
