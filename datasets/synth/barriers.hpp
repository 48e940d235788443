// Rivers and a railway through a made-up city, along the borders of its blocks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/synth/layout.hpp"

namespace catchment::datasets::synth {

struct Barrier {
  std::string name;
  std::string kind;  // river | rail
  std::vector<Side> sides;
  geo::Polyline line;
};

struct Barriers {
  std::vector<Barrier> list;
  std::vector<char> closed;     // per border: a barrier runs along it, so no street does
  std::vector<char> at_vertex;  // per vertex: a barrier runs through it
};

// From edge to edge of the city on cheapest ways, the rivers winding. One river, two in a city of 3,000 units; one
// railway that keeps off the middle. A city too small for a way has none.
Barriers make_barriers(const Layout& layout, std::uint64_t seed);

// The borders' lines joined head to tail.
geo::Polyline join(const CellMap& map, const std::vector<Side>& sides);

}  // namespace catchment::datasets::synth
