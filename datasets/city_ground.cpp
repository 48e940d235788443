#include "datasets/city_ground.hpp"

namespace catchment::datasets {

engine::zone_text::Ground build_ground(const CityPackage& package, const geo::Gazetteer& names) {
  return engine::zone_text::Ground::build(names, package.streets(), package.barriers(), package.places(),
                                          package.units());
}

}  // namespace catchment::datasets
