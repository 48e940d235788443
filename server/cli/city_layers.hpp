// The layers of a package, from its snapshot when one is given, and the names that answers print.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "engine/matching/zone_layer.hpp"

namespace catchment::cli {

// names: layer keys to use ("primary/2024/general"); empty = all. Throws InputError("layer_unknown") naming those there
// are.
std::vector<engine::ZoneLayer> load_layers(const datasets::CityPackage& package, const std::string& snapshot,
                                           const std::vector<std::string>& names);

// The keys of `there` that are named, in that order; all of them if none is. Throws InputError("layer_unknown").
std::vector<engine::LayerKey> choose_layers(const std::vector<engine::LayerKey>& there,
                                            const std::vector<std::string>& names);

// As choose_layers, but none if none is named.
std::vector<engine::LayerKey> chosen_layers(const datasets::CityPackage& package,
                                            const std::vector<std::string>& names);

std::map<std::string, std::string> school_names(const datasets::CityPackage& package);

}  // namespace catchment::cli
