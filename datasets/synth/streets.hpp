// Named streets along the borders of a made-up city's blocks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/synth/barriers.hpp"
#include "datasets/synth/layout.hpp"

namespace catchment::datasets::synth {

struct Street {
  std::string name;         // no two alike, until share_street_names()
  std::string kind;         // trunk | secondary | residential
  std::vector<Side> sides;  // head to tail
  bool odd_on_left = true;  // odd door numbers, going along the sides
  geo::Polyline line;       // the sides' lines, cut 20 m short where the street ends at a river or railway
};

// Borders are chained straight ahead at crossings. The longest chains are trunk roads, then secondary, the rest
// residential; long ones are cut into parts (青禾东路, 青禾中路, 青禾西路), short neighbours share a stem (青禾一巷,
// 青禾二巷). Trunk and secondary roads cross rivers and railways, of the others one in three does: the rest end on the
// bank. Borders under a barrier carry no street.
std::vector<Street> make_streets(const Layout& layout, const Barriers& barriers, std::uint64_t seed);

}  // namespace catchment::datasets::synth
