// A simulated season as a table to read, JSON, and rows or features of its units.
#pragma once

#include <filesystem>
#include <string>

#include "engine/planning/season/simulate_season.hpp"

namespace catchment::cli {

void print_season(const engine::planning::CityPlan& plan, const engine::planning::SeasonOptions& options,
                  const engine::planning::SeasonResult& result);
std::string season_json(const engine::planning::CityPlan& plan, const engine::planning::SeasonOptions& options,
                        const engine::planning::SeasonResult& result);

// Means a season, by unit that has children; .csv or .gpkg (table unit_season). The file is whole or untouched.
void write_season_units(const std::filesystem::path& file, const engine::planning::CityPlan& plan,
                        const engine::planning::SeasonOptions& options, const engine::planning::SeasonResult& result);
// Throws InputError("output_format") for a name that write_season_units would refuse.
void check_season_file(const std::string& file);

}  // namespace catchment::cli
