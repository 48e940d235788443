// Changes to a city's plan as a planner writes them down: datasets/policy/demand_scenario.schema.json.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/demand/scenario.hpp"

namespace catchment::datasets {

// A list of changes, in the order they are carried out. Throws InputError with `where` = name#pointer and code
// scenario_json, scenario_key, scenario_type or scenario_value. Whether schools, units and years exist the forecaster
// tells; its complaint names the place in the list: see scenario_place().
std::vector<engine::demand::ScenarioChange> parse_scenario(std::string_view json, const std::string& name);

// Throws InputError("scenario_open") too.
std::vector<engine::demand::ScenarioChange> load_scenario(const std::filesystem::path& file);

// "changes/2", as the forecaster names a change, as the place in the file: name#/2.
std::string scenario_place(const std::string& where, const std::string& name);

}  // namespace catchment::datasets
