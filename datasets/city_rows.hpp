// Rows of a package's notices as the compiler of zone texts takes them.
#pragma once

#include <vector>

#include "datasets/city_package.hpp"
#include "engine/zone_text/references.hpp"

namespace catchment::datasets {

// Each with its school's name, and with the campus it is of, else all of the school's, as seeds.
std::vector<engine::zone_text::LintRow> compiler_rows(const CityPackage& package, const engine::LayerKey& layer);

// The rows of the latest earlier school year of the same stage and kind: what 原 refers to. Empty if there is none.
std::vector<engine::zone_text::LintRow> earlier_rows(const CityPackage& package, const engine::LayerKey& layer);

}  // namespace catchment::datasets
