// Coordinate reference systems in, CGCS2000 fixed-point out. The only user of PROJ; axis order is settled here and
// nowhere else.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "geo/point.hpp"

namespace catchment::geo {

// A declared reference system: "EPSG:n" (any code PROJ knows, geographic or projected), "GCJ02" or "BD09".
// Coordinates are (x, y) = (easting or longitude, northing or latitude) whatever order the authority defines: files
// store them so. `authority_axis_order` says the source really holds the authority's order (EPSG:4490 lat,lon;
// EPSG:4547 northing first), as Chinese survey files with "X" = north do.
struct Crs {
  std::string code;
  bool authority_axis_order = false;
};

// Parses "EPSG:4547", "epsg:4490", "GCJ02", "GCJ-02", "BD09", "BD-09"; a suffix "@yx" sets authority_axis_order for
// codes whose authority puts north first, and is refused otherwise. Throws InputError("crs_unknown" | "crs_undeclared"
// when empty).
Crs parse_crs(std::string_view text);

// Not thread-safe: one per thread.
class Projection {
 public:
  // Throws InputError("crs_unknown") if PROJ does not know the code.
  explicit Projection(const Crs& crs);
  ~Projection();
  Projection(Projection&&) noexcept;
  Projection& operator=(Projection&&) noexcept;

  // To CGCS2000 degrees; empty if the position is outside what the projection can hold or not finite.
  std::optional<Degrees> to_cgcs2000(double x, double y) const;
  // The inverse, as (x, y) in the order the Crs says.
  std::optional<std::pair<double, double>> from_cgcs2000(Degrees position) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// On the CGCS2000 ellipsoid, by geodesic.
double geodesic_length_m(Point a, Point b);

}  // namespace catchment::geo
