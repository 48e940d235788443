// The rules of demand of a city, from a JSON file of a policy pack: datasets/policy/demand_rules.schema.json.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/demand/demand_rules.hpp"

namespace catchment::datasets {

// Nothing has a default: what the rules say stands in the file. Throws InputError with `where` = name#pointer and code
// rules_json (no JSON, too long, a member twice), rules_key (a member unknown or lacking), rules_type or rules_value
// (out of its range, or against another figure: thresholds out of order, grades of two stages).
engine::demand::DemandRules parse_demand_rules(std::string_view json, const std::string& name);

// Throws InputError("rules_open") too.
engine::demand::DemandRules load_demand_rules(const std::filesystem::path& file);

// datasets/policy/demand_rules.json as it was when the program was built: the rules of a city that has none of its own.
engine::demand::DemandRules shipped_demand_rules();

}  // namespace catchment::datasets
