// Made-up point sets over a box, for tests and benchmarks.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::datasets::synth {

// Uniform on the box widened by 2 % of its size on every side, so that some points lie outside every zone.
std::vector<geo::Point> uniform_points(const geo::Box& box, std::size_t count, std::uint64_t seed);

// As people live: around `clusters` centres uniform in the box, the r-th largest (r from 0) with weight 1 / sqrt(1 +
// r), scattered normally by about 200 m. Some fall outside the box.
std::vector<geo::Point> clustered_points(const geo::Box& box, std::size_t count, std::uint64_t seed,
                                         int clusters = 3000);

// Position along the Hilbert curve of order 16 over the box; points outside count as on its edge.
std::uint32_t hilbert_index(const geo::Box& box, geo::Point p);

// Sorts by hilbert_index, then by the order given.
void sort_hilbert(const geo::Box& box, std::vector<geo::Point>& points);

}  // namespace catchment::datasets::synth
