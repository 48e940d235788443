// A plan's zones as a GeoPackage.
#pragma once

#include <span>
#include <string>

#include "engine/planning/city/plan_zones.hpp"

namespace catchment::plans {

// The bytes of the file: one table, plan_zone, with the columns of zone_properties() (plan_json.hpp). Written to the
// folder of temporary files and removed. Throws as datasets::FeatureFile.
std::string zones_geopackage(const engine::planning::PlanCity& city, std::span<const engine::planning::PlanZone> zones);

}  // namespace catchment::plans
