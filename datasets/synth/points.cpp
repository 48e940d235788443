#include "datasets/synth/points.hpp"

#include <algorithm>
#include <cmath>

#include "datasets/synth/random.hpp"

namespace catchment::datasets::synth {
namespace {

constexpr std::uint64_t kUniformStream = 11;
constexpr std::uint64_t kClusterStream = 12;
constexpr double kClusterSigma = 19'000;  // units, about 200 m

std::int32_t uniform_between(Random& random, std::int64_t lo, std::int64_t hi) {
  return static_cast<std::int32_t>(lo +
                                   static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(hi - lo) + 1)));
}

std::int32_t scattered(Random& random, std::int32_t centre) {
  return centre + static_cast<std::int32_t>(std::nearbyint(random.normal() * kClusterSigma));
}

}  // namespace

std::vector<geo::Point> uniform_points(const geo::Box& box, std::size_t count, std::uint64_t seed) {
  Random random(seed, kUniformStream);
  const std::int64_t margin_lon = (std::int64_t{box.max.lon} - box.min.lon) / 50;
  const std::int64_t margin_lat = (std::int64_t{box.max.lat} - box.min.lat) / 50;
  std::vector<geo::Point> points(count);
  for (geo::Point& p : points) {
    p.lon = uniform_between(random, box.min.lon - margin_lon, box.max.lon + margin_lon);
    p.lat = uniform_between(random, box.min.lat - margin_lat, box.max.lat + margin_lat);
  }
  return points;
}

std::vector<geo::Point> clustered_points(const geo::Box& box, std::size_t count, std::uint64_t seed, int clusters) {
  Random random(seed, kClusterStream);
  std::vector<geo::Point> centres(static_cast<std::size_t>(clusters));
  std::vector<double> cumulated(centres.size());
  double sum = 0;
  for (std::size_t i = 0; i < centres.size(); ++i) {
    centres[i].lon = uniform_between(random, box.min.lon, box.max.lon);
    centres[i].lat = uniform_between(random, box.min.lat, box.max.lat);
    sum += 1.0 / std::sqrt(1.0 + static_cast<double>(i));
    cumulated[i] = sum;
  }
  std::vector<geo::Point> points(count);
  for (geo::Point& p : points) {
    const auto found = std::upper_bound(cumulated.begin(), cumulated.end() - 1, random.unit() * sum);
    const geo::Point centre = centres[static_cast<std::size_t>(found - cumulated.begin())];
    p.lon = scattered(random, centre.lon);
    p.lat = scattered(random, centre.lat);
  }
  return points;
}

std::uint32_t hilbert_index(const geo::Box& box, geo::Point p) {
  const auto scaled = [](std::int32_t v, std::int32_t lo, std::int32_t hi) {
    const std::int64_t extent = std::max<std::int64_t>(1, std::int64_t{hi} - lo);
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>((std::int64_t{v} - lo) * 65536 / extent, 0, 65535));
  };
  std::uint32_t x = scaled(p.lon, box.min.lon, box.max.lon);
  std::uint32_t y = scaled(p.lat, box.min.lat, box.max.lat);
  std::uint32_t index = 0;
  for (std::uint32_t s = 1u << 15; s != 0; s >>= 1) {
    const std::uint32_t rx = (x & s) != 0 ? 1 : 0;
    const std::uint32_t ry = (y & s) != 0 ? 1 : 0;
    index += s * s * ((3 * rx) ^ ry);
    if (ry == 0) {
      if (rx == 1) {
        x = 65535 - x;
        y = 65535 - y;
      }
      std::swap(x, y);
    }
  }
  return index;
}

void sort_hilbert(const geo::Box& box, std::vector<geo::Point>& points) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> keys(points.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i) keys[i] = {hilbert_index(box, points[i]), i};
  std::sort(keys.begin(), keys.end());
  std::vector<geo::Point> sorted(points.size());
  for (std::size_t i = 0; i < keys.size(); ++i) sorted[i] = points[keys[i].second];
  points = std::move(sorted);
}

}  // namespace catchment::datasets::synth
