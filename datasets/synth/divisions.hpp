// Districts, towns (街道), communities (社区) and villages (村) of a made-up city.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/synth/layout.hpp"
#include "datasets/synth/streets.hpp"
#include "geo/shapes.hpp"

namespace catchment::datasets::synth {

struct Division {
  std::string name;
  std::int32_t parent = -1;  // of the level above; districts: none
  geo::MultiPolygon shape;
};

struct Divisions {
  std::vector<Division> districts;
  std::vector<Division> towns;
  std::vector<Division> communities;
  std::vector<char> is_village;  // per community: it is a village on the city's rim, its units the village's groups
  std::vector<std::int32_t> community_of_unit;
  std::vector<std::int32_t> group_of_unit;  // 1, 2, ... within the village; 0 elsewhere

  std::int32_t town_of_unit(std::size_t unit) const {
    return communities[static_cast<std::size_t>(community_of_unit[unit])].parent;
  }
  std::int32_t district_of_unit(std::size_t unit) const {
    return towns[static_cast<std::size_t>(town_of_unit(unit))].parent;
  }
};

// Communities of about ten units on one bank of a river where that can be had, towns of about eight communities,
// districts of towns: one for 16 schools, at most nine. Every level tiles the city. One rim community in a dozen of all
// is a village; a city of fewer than four communities has none.
Divisions make_divisions(const Layout& layout, const std::vector<char>& closed_borders, int schools,
                         std::uint64_t seed);

// Gives the longest residential street that stays within one district the name of one in the district before, once or
// twice in a city: the same name on two streets that have nothing to do with each other.
void share_street_names(std::vector<Street>& streets, const Layout& layout, const Divisions& divisions);

}  // namespace catchment::datasets::synth
