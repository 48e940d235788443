// What sets children apart when seats lack, as a city writes it down: datasets/policy/household_classes.schema.json.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/planning/season/simulate_season.hpp"

namespace catchment::datasets {

// In the file's order. Throws InputError with `where` = name#pointer and code households_json, households_key,
// households_type or households_value (an id twice, shares that do not add up to 1).
std::vector<engine::planning::HouseholdClass> parse_household_classes(std::string_view json, const std::string& name);

// Throws InputError("households_open") too.
std::vector<engine::planning::HouseholdClass> load_household_classes(const std::filesystem::path& file);

}  // namespace catchment::datasets
