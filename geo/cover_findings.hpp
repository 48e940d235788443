// Names what the arrangement of unmatched edges shows: gaps, overlaps, slivers, T-junctions, open notches. Internal to
// geo/soundness.
#pragma once

#include "geo/cover_arrangement.hpp"
#include "geo/soundness.hpp"

namespace catchment::geo {

// zones: valid, as the arrangement was made from.
void append_cover_findings(std::span<const MultiPolygon> zones, const CoverArrangement& cover,
                           const CoverageOptions& options, std::vector<Finding>& findings);

// A narrow strip outside every zone between two zones' edges, open at one end or both.
struct Notch {
  std::vector<ZoneNumber> zones;  // sorted
  Point place;                    // at its widest
  double area_m2 = 0;
  double width_m = 0;  // greatest
  double length_m = 0;
  MultiPolygon shape;            // four-cornered pieces, side by side
  std::vector<Polyline> mouths;  // lines across its open ends
};

// faces: those where notches are looked for; face 0 and wide gaps. Sorted by (zones, place).
std::vector<Notch> find_notches(const CoverArrangement& cover, const std::vector<bool>& faces, double width_m);

}  // namespace catchment::geo
