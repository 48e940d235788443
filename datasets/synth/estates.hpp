// Housing estates in some of a made-up city's units.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/synth/layout.hpp"

namespace catchment::datasets::synth {

struct Estate {
  std::int32_t unit = 0;
  std::string name;               // no two alike; empty: a compound without a name, known by its gate's number
  std::string compound;           // 号院 or 号大院, of a compound
  int buildings = 0;              // how many fit
  std::uint32_t gate_border = 0;  // the unit's longest border that carries a street
  // The gate's street and door number; set when the street's doors are numbered.
  std::size_t gate_street = 0;
  int gate_number = 0;
};

// About half of the inhabited units with room for at least four buildings, by unit; one in 12 is a compound. None in
// the units where `without` is set.
std::vector<Estate> make_estates(const Layout& layout, const std::vector<geo::Ring>& rings,
                                 const std::vector<char>& closed_borders, const std::vector<char>& without,
                                 std::uint64_t seed);

// Where buildings stand: on rows 44 m apart, every 58 m, those whose footprint of 44 x 24 m is inside the ring; south
// to north, west to east.
std::vector<geo::Point> building_spots(const Layout& layout, const geo::Ring& ring);

}  // namespace catchment::datasets::synth
