#include "datasets/synth/tessellation.hpp"

#include <algorithm>

#include "datasets/synth/cell_map.hpp"
#include "datasets/synth/dissolve.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets::synth {
namespace {

using geo::Point;

constexpr int kMaxPerSide = 1000;
constexpr int kSiteAttempts = 8;

void check(int columns, int rows, const TessellationOptions& options) {
  if (columns < 1 || columns > kMaxPerSide || rows < 1 || rows > kMaxPerSide) {
    throw InputError(
        "synth_argument", "cells_per_side",
        "a tessellation has 1 to 1000 columns and rows, not " + std::to_string(columns) + " x " + std::to_string(rows));
  }
  if (!(options.jitter >= 0 && options.jitter < 0.5)) {
    throw InputError("synth_argument", "jitter", "the jitter must be at least 0 and below 0.5 of a cell");
  }
  if (options.depth_min < 0 || options.depth_max < options.depth_min || options.depth_max > 16) {
    throw InputError("synth_argument", "depth", "depths must satisfy 0 <= depth_min <= depth_max <= 16");
  }
  const std::int64_t width = std::int64_t{options.box.max.lon} - options.box.min.lon;
  const std::int64_t height = std::int64_t{options.box.max.lat} - options.box.min.lat;
  if (width < std::int64_t{columns} * 1000 || height < std::int64_t{rows} * 1000 || width > 100'000'000 ||
      height > 100'000'000) {
    throw InputError("synth_argument", "box",
                     "the box must be 1000 units or more a cell and at most 10 degrees a side");
  }
}

// The grid's sites, then for each its mirror image in the box's four sides, so that those sides are Voronoi borders.
std::vector<Point> make_sites(int columns, int rows, std::uint64_t seed, const TessellationOptions& options) {
  Random random(seed);
  const geo::Box& box = options.box;
  const double width = static_cast<double>(box.max.lon) - box.min.lon;
  const double height = static_cast<double>(box.max.lat) - box.min.lat;
  std::vector<Point> sites;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const double x = (column + 0.5 + random.uniform(-options.jitter, options.jitter)) * width / columns;
      const double y = (row + 0.5 + random.uniform(-options.jitter, options.jitter)) * height / rows;
      sites.push_back({box.min.lon + static_cast<std::int32_t>(x), box.min.lat + static_cast<std::int32_t>(y)});
    }
  }
  const std::size_t cells = sites.size();
  for (std::size_t i = 0; i < cells; ++i) {
    const Point p = sites[i];
    sites.push_back({box.min.lon - (p.lon - box.min.lon), p.lat});
    sites.push_back({box.max.lon - (p.lon - box.max.lon), p.lat});
    sites.push_back({p.lon, box.min.lat - (p.lat - box.min.lat)});
    sites.push_back({p.lon, box.max.lat - (p.lat - box.max.lat)});
  }
  return sites;
}

}  // namespace

Tessellation make_tessellation(int columns, std::uint64_t seed, const TessellationOptions& options) {
  const int rows = options.rows == 0 ? columns : options.rows;
  check(columns, rows, options);
  const std::int32_t cells = columns * rows;
  CellMapOptions map_options;
  map_options.noise.depth_min = options.depth_min;
  map_options.noise.depth_max = options.depth_max;
  map_options.noise.min_segment =
      options.min_segment_share * (static_cast<double>(options.box.max.lon) - options.box.min.lon) / columns;
  CellMap map;
  for (std::uint64_t attempt = 0; map.borders.empty(); ++attempt) {
    if (attempt == kSiteAttempts)
      throw InputError("synth_argument", "box", "the cells are too small to be drawn soundly");
    const std::vector<Point> sites = make_sites(columns, rows, seed + (attempt << 32), options);
    std::vector<std::int32_t> cell_of_site(sites.size(), kOutside);
    for (std::int32_t i = 0; i < cells; ++i) cell_of_site[static_cast<std::size_t>(i)] = i;
    map = make_cell_map(sites, cell_of_site, seed, map_options);
  }
  Tessellation result;
  for (std::int32_t i = 0; i < cells; ++i) result.zones.push_back({geo::Polygon{map.ring(i), {}}});
  const std::vector<std::int32_t> one_group(static_cast<std::size_t>(cells), 0);
  result.outline = dissolve(map, one_group, 1).front();
  result.box = geo::bounding_box(result.outline);
  return result;
}

}  // namespace catchment::datasets::synth
