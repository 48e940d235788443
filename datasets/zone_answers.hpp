// Which schools a package's zones give to whole units.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "datasets/city_plan.hpp"
#include "datasets/unit_shares.hpp"

namespace catchment::datasets {

// The layers that count, by stage and year: of kind "general", else the first kind.
struct LayerChoice {
  std::map<std::pair<engine::Stage, int>, engine::LayerKey> taken;
  std::vector<engine::LayerKey> passed;  // those beside them
};
LayerChoice choose_plan_layers(const CityPackage& package, const engine::planning::PlanCity& city);

// Reads layers for the units of a city. Package and city must outlive it.
class LayerReader {
 public:
  LayerReader(const CityPackage& package, const engine::planning::PlanCity& city);

  // [unit]: the schools, ascending, of the zone that most of its addresses lie in; none where most lie in no zone.
  std::vector<std::vector<engine::planning::SchoolIndex>> read(const engine::LayerKey& key,
                                                               std::vector<PlanNote>& notes) const;

 private:
  const CityPackage& package_;
  const engine::planning::PlanCity& city_;
  UnitPoints points_;
  std::unordered_map<std::string, engine::planning::SchoolIndex> schools_;
};

}  // namespace catchment::datasets
