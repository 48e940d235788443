// The school finders of a city package, one for every layer that has zones, rows of notices or feeder rows.
#pragma once

#include <span>
#include <vector>

#include "datasets/city_package.hpp"
#include "engine/matching/school_finder.hpp"
#include "engine/zone_text/lint.hpp"

namespace catchment::datasets {

struct LayerFinder {
  engine::LayerKey key;
  engine::SchoolFinder finder;
};

using FinderOptions = engine::zone_text::LintOptions;  // threads and progress

// The layers that have zones or rows of notices, sorted.
std::vector<engine::LayerKey> finder_layers(const CityPackage& package);

// For each of `keys`, in that order. `layers` holds those that have zones; it and `names` must outlive the finders.
// Reads and compiles every row of the notices; empty if the progress said stop.
std::vector<LayerFinder> build_finders(const CityPackage& package, const geo::Gazetteer& names,
                                       std::span<const engine::ZoneLayer* const> layers,
                                       std::span<const engine::LayerKey> keys, const FinderOptions& options = {});

}  // namespace catchment::datasets
