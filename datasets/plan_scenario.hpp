// Changes to a boundary plan as a planner writes them down: datasets/policy/plan_scenario.schema.json.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/planning/city/plan_change.hpp"

namespace catchment::datasets {

// A list of changes, in the order they are carried out. Places are [longitude, latitude] in degrees of CGCS2000, kept
// to 1e-7 degree. Throws InputError with `where` = name#pointer and code scenario_json, scenario_key, scenario_type or
// scenario_value. What the city has and a plan allows, apply() tells; its complaint names the place in the list:
// plan_scenario_place() makes it one in the file.
std::vector<engine::planning::PlanChange> parse_plan_scenario(std::string_view json, const std::string& name);

// Throws InputError("scenario_open") too.
std::vector<engine::planning::PlanChange> load_plan_scenario(const std::filesystem::path& file);

// "changes/2/units/0", as apply() names a place, as it is in the file: name#/2/units/0.
std::string plan_scenario_place(const std::string& where, const std::string& name);

}  // namespace catchment::datasets
