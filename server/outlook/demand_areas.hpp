// Where schools' children live: zones or a plan's units, for maps, features and neighbours.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "engine/demand/warnings.hpp"

namespace catchment::outlook {

struct DemandArea {
  std::string id, name;
  engine::Stage stage = engine::Stage::primary;
  int school_year = 0;
  std::vector<std::string> school_ids;
  geo::MultiPolygon shape;
};

// The zones in force in `school_year` of each stage (the last layers at or before it, else the first; those of kind
// "general" if there are any), or those chosen. With a plan, its schools' units stand for the zones of its
// stage, one area a school. By stage, then id.
std::vector<DemandArea> find_areas(const datasets::CityPackage& package, int school_year,
                                   const std::vector<engine::LayerKey>& chosen, const std::string& plan);

// Schools of a stage whose areas share a zone or a stretch of border (two vertices), by school, then stage; with the
// kind, shared_zone or adjacent_zone.
using Neighbourhood = std::map<std::pair<std::string, engine::Stage>, std::map<std::string, std::string>>;
Neighbourhood find_neighbours(const std::vector<DemandArea>& areas);

}  // namespace catchment::outlook
