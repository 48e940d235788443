// What can be wrong with one zone by itself. Internal to geo/soundness.
#pragma once

#include "geo/soundness.hpp"

namespace catchment::geo {

// True if most shells of the layer run counter-clockwise; also when there are as many of either.
bool find_majority_direction(std::span<const MultiPolygon> zones);

// Appends everything but empty, duplicate_zone and the coverage's findings. shells_ccw: the layer's direction; holes
// run the other way. Returns false if the zone is invalid.
bool check_rings(const MultiPolygon& zone, ZoneNumber number, bool shells_ccw, const CoverageOptions& options,
                 std::vector<Finding>& findings);

}  // namespace catchment::geo
