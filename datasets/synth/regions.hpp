// Connected groups of about equal weight over a graph of areas.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::datasets::synth {

using Graph = std::vector<std::vector<std::int32_t>>;  // per area its neighbours, sorted

struct RegionInput {
  const Graph* preferred = nullptr;  // grown along these first, so that groups stay on one bank of a river
  const Graph* all = nullptr;        // the areas cut off by that follow along these
  std::vector<std::int64_t> weight;
  std::vector<geo::Point> position;  // of each area
  int count = 1;                     // groups wanted, 1 to the number of areas
};

struct Regions {
  std::vector<std::int32_t> of_area;  // group of each area, 0 to count - 1, numbered along the Hilbert curve
  std::vector<std::int32_t> seed;     // per group the area it grew from
};

// Seeds at equal weight along the Hilbert curve, then moved to the middle of what grew from them, a few times. The
// lightest group takes the next area, nearest to its seed first; then areas on a group's rim go over to a lighter
// neighbour while that evens the two out without ragged edges. Every group is connected in `all` if `all` is.
Regions grow_regions(const RegionInput& input);

// True if the group stays connected (and not empty) without the area.
bool connected_without(const Graph& graph, std::span<const std::int32_t> of_area, std::int32_t area);

// The graph of the groups.
Graph contract(const Graph& graph, std::span<const std::int32_t> of_area, int count);

}  // namespace catchment::datasets::synth
