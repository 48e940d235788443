// A made-up layer of zones that fit together exactly, for tests and benchmarks.
#pragma once

#include <cstdint>
#include <vector>

#include "datasets/synth/noisy_line.hpp"
#include "geo/shapes.hpp"

namespace catchment::datasets::synth {

// About 40 x 40 km in the Qinling hills at 33.5 N: a place for maps, no more.
inline constexpr geo::Box kTessellationBox{{1'102'900'000, 333'200'000}, {1'107'100'000, 336'800'000}};

struct TessellationOptions {
  int rows = 0;                     // 0: as many as cells_per_side
  geo::Box box = kTessellationBox;  // the zones fill it but for noise on its sides
  double jitter = 0.42;             // of a cell: how far a site strays from its place in the grid, < 0.5
  int depth_min = 5;                // as NoiseOptions
  int depth_max = 9;
  double min_segment_share = 0.0012;  // of a cell's width: no segment is shorter on average
};

struct Tessellation {
  std::vector<geo::MultiPolygon> zones;  // row by row from the south-west; one part, no holes, counter-clockwise
  geo::MultiPolygon outline;             // their union, counter-clockwise
  geo::Box box;                          // bounds of the outline
};

// cells_per_side x rows noisy Voronoi cells of a jittered grid. Neighbours share border vertices bit for bit, borders
// never cross, every zone is a simple ring. With the default depths a zone has about 1,000 vertices, from about 200 to
// 2,500, whatever the number of cells. Columns and rows from 1 to 1,000; throws InputError("synth_argument").
Tessellation make_tessellation(int cells_per_side, std::uint64_t seed, const TessellationOptions& options = {});

}  // namespace catchment::datasets::synth
