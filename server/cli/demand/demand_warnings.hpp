// The seat warnings of a city, and the ways to write them.
#pragma once

#include <string>
#include <vector>

#include "server/cli/demand/demand_city.hpp"
#include "server/outlook/seat_outlook.hpp"

namespace catchment::cli {

using outlook::DemandArea;
using outlook::find_warnings;
using outlook::severity_of;
using outlook::warning_name;

std::string to_csv(const std::vector<engine::demand::SeatWarning>& warnings, const DemandCity& city);
// Layers zone_warning (the severest of the zone's schools a year) and campus_warning (every one).
void write_warning_features(const std::string& path, const std::vector<engine::demand::SeatWarning>& warnings,
                            const DemandCity& city, const SeatBook& book, const std::vector<DemandArea>& areas);

}  // namespace catchment::cli
