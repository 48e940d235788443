// A plan's zones as files: features for a map, rows for a table, and a copy of the package that has them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/planning/city/city_plan.hpp"
#include "engine/planning/city/plan_zones.hpp"
#include "engine/zone_text/ground.hpp"

namespace catchment::cli {

struct PlanZones {
  std::vector<engine::planning::PlanZone> zones;
  std::vector<std::string> texts;  // the notice's words of each, or none at all
  std::size_t changed = 0;         // addresses the words answer otherwise than the zones
};

// With a ground, in the words of a notice, each edition of a stage as one layer.
PlanZones make_plan_zones(const engine::planning::CityPlan& plan, const engine::zone_text::Ground* ground);

// By the name's ending: .gpkg (table plan_zone), .geojson, or .csv (a row for each school of a zone, without shapes).
// The file is whole or untouched. Equal plans give equal bytes, but for SQLite's own in a GeoPackage. Throws
// InputError("output_format").
void write_plan_zones(const std::filesystem::path& file, const engine::planning::CityPlan& plan,
                      const PlanZones& zones);

// Throws InputError("output_format") for a name that write_plan_zones would refuse.
void check_zones_file(const std::string& file);

// Text and a newline; the file is whole or untouched.
void write_whole(const std::filesystem::path& file, std::string_view text);

// `target` becomes the package and the plan: its zones as layers of kind `id`, one for each stage and edition, and, if
// no unit was split or merged, plans "<id>-<stage>-<year>" of the units that have one school. Throws
// InputError("plan_id", "target_is_source", "plan_exists").
struct PackagedPlan {
  std::size_t layers = 0, plans = 0;
  std::size_t shared_units = 0;  // that no row of a plan can say
  bool units_changed = false;    // so that no plans were written
};
PackagedPlan write_package_copy(const std::filesystem::path& source, const std::filesystem::path& target,
                                const std::string& id, const engine::planning::CityPlan& plan, const PlanZones& zones);
// What write_package_copy refuses, before anything is reckoned.
void check_package_copy(const std::filesystem::path& source, const std::filesystem::path& target,
                        const std::string& id);

}  // namespace catchment::cli
