// The ground plan of a made-up city: its blocks and how many live in each.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "datasets/synth/cell_map.hpp"
#include "geo/point.hpp"

namespace catchment::datasets::synth {

// Metres per unit, one pair for the whole city, rounded to 1e-9 so that libm's last digit does not matter.
struct Metric {
  double lon_m = 0;
  double lat_m = 0;

  explicit Metric(geo::Point centre) {
    const geo::LocalScale scale = geo::local_scale(centre.lat);
    lon_m = std::nearbyint(scale.lon_m * 1e9) / 1e9;
    lat_m = std::nearbyint(scale.lat_m * 1e9) / 1e9;
  }
  double x_m(geo::Point from, geo::Point to) const { return (static_cast<double>(to.lon) - from.lon) * lon_m; }
  double y_m(geo::Point from, geo::Point to) const { return (static_cast<double>(to.lat) - from.lat) * lat_m; }
  double distance_m(geo::Point from, geo::Point to) const {
    const double x = x_m(from, to);
    const double y = y_m(from, to);
    return std::sqrt(x * x + y * y);
  }
  geo::Point moved(geo::Point from, double x, double y) const {
    return {from.lon + static_cast<std::int32_t>(std::nearbyint(x / lon_m)),
            from.lat + static_cast<std::int32_t>(std::nearbyint(y / lat_m))};
  }
};

// Smooth noise in [0, 1] over the plane, one hill or hollow about every unit of length; from integers by + - * only.
double value_noise(double x, double y, std::uint64_t seed);

struct Layout {
  CellMap map;  // a cell is a unit
  Metric metric;
  geo::Point centre;
  std::vector<std::int64_t> weight;  // per unit: relative number of homes; 0 in parks and works
};

// A connected blob of `units` blocks around the centre, small blocks and many homes in the middle, large and few
// outside.
Layout make_layout(int units, geo::Point centre, std::uint64_t seed);

// Units that share a border, sorted. closed_borders: per border whether it separates; empty: none does.
std::vector<std::vector<std::int32_t>> neighbours(const CellMap& map, const std::vector<char>& closed_borders);

}  // namespace catchment::datasets::synth
