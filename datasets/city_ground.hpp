// What the notices of a city package are looked up in: its lines, its areas and its names.
#pragma once

#include "datasets/city_package.hpp"
#include "engine/zone_text/ground.hpp"

namespace catchment::datasets {

// `names` are the package's (datasets/city_names.hpp) and must outlive the ground.
engine::zone_text::Ground build_ground(const CityPackage& package, const geo::Gazetteer& names);

}  // namespace catchment::datasets
