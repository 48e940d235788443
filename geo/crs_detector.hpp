// Which reference system is a layer really in? Told from anchors: things whose true position is known (schools, named
// crossings) and which also occur in the layer.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "geo/projection.hpp"

namespace catchment::geo {

struct Anchor {
  double x = 0;  // as the layer holds it, before any conversion
  double y = 0;
  Degrees truth;  // CGCS2000
};

struct CrsCluster {
  std::vector<std::size_t> anchors;  // positions in the span given, sorted
  std::string crs;                   // parse_crs() text ("GCJ02", "EPSG:4547@yx", ...) or "unknown"
  double residual_m = 0;             // median distance from truth under that reading
  double margin_m = 0;               // how much worse the best reading of another place on the ground is
};

// Candidates are CGCS2000/WGS 84 lon,lat and lat,lon, GCJ-02 and BD-09 (either axis order), Web Mercator, every
// CGCS2000 Gauss-Kruger zone near the truth with and without zone prefix (4502-4554) in either axis order, UTM, Beijing
// 1954 and Xi'an 1980 zones, and `extra`. A reading is named only if its median residual is under 30 m and the next
// best that differs on the ground is over 100 m worse; otherwise "unknown". A layer mixed of several readings comes
// back as several clusters, largest first.
std::vector<CrsCluster> detect_crs(std::span<const Anchor> anchors, std::span<const std::string> extra = {});

}  // namespace catchment::geo
