// A map of cells that meet in shared borders: each border is stored once, with the cell on its left and on its right,
// so neighbours agree bit for bit and areas of cells are found by cancelling borders.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "datasets/synth/noisy_line.hpp"
#include "geo/shapes.hpp"

namespace catchment::datasets::synth {

inline constexpr std::int32_t kOutside = -1;

struct Border {
  std::uint32_t from = 0;  // vertices of the map
  std::uint32_t to = 0;
  std::int32_t left = 0;          // cell on the left going from -> to
  std::int32_t right = kOutside;  // cell on the right, or kOutside
  geo::Polyline line;             // both ends included
};

// A border as one of its cells sees it, that cell on the left.
struct Side {
  std::uint32_t border = 0;
  bool forward = true;
};

struct CellMap {
  std::vector<geo::Point> vertices;
  std::vector<Border> borders;           // sorted by the pair of sites they lie between
  std::vector<std::vector<Side>> cells;  // counter-clockwise, from the lowest border
  std::vector<geo::Point> sites;  // a point strictly inside each cell: the cell is star-shaped around it but for noise

  geo::Ring ring(std::int32_t cell) const;  // counter-clockwise
};

struct CellMapOptions {
  NoiseOptions noise;
  double merge_below =
      4;  // units: borders shorter than this shrink to a crossing of four, where that keeps the map sound
};

// The Voronoi diagram of integer sites, borders made noisy. cell_of_site: the cell a site makes, 0, 1, ... each once,
// or kOutside; cells must be bounded, so surround them with outside sites. Borders never cross or touch but at
// vertices: each lies strictly inside the kite of its ends and the two sites, and that the kites are disjoint is
// checked in integers after rounding. Returns an empty map if that check fails (sites a few units apart): call again
// with other sites.
CellMap make_cell_map(std::span<const geo::Point> sites, std::span<const std::int32_t> cell_of_site, std::uint64_t seed,
                      const CellMapOptions& options);

}  // namespace catchment::datasets::synth
