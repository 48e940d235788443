// The streets of a city package as a street network takes them.
#pragma once

#include <vector>

#include "datasets/city_package.hpp"
#include "geo/street_network/lines.hpp"

namespace catchment::datasets {

// A street of kind trunk is a barrier too: it is crossed where others lead over it. Kinds the network does not know are
// residential streets, and no barriers.
struct CityStreets {
  std::vector<engine::Line> streets, barriers;  // what the lines below are views of; moves with them
  std::vector<geo::StreetLine> street_lines;
  std::vector<geo::BarrierLine> barrier_lines;

  CityStreets() = default;
  CityStreets(CityStreets&&) = default;
  CityStreets& operator=(CityStreets&&) = default;
};

CityStreets read_streets(const CityPackage& package);

}  // namespace catchment::datasets
