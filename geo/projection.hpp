// Coordinate reference systems in, CGCS2000 degrees out. The only user of PROJ; axis order is settled here and nowhere
// else.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/point.hpp"
#include "geo/shapes.hpp"

namespace catchment::geo {

// A declared reference system. Coordinates are (x, y) = (easting or longitude, northing or latitude) whatever order the
// authority defines: files store them so. `north_first` says this source does not: its first number is the northing or
// latitude, as in Chinese survey files whose "X" is north.
struct Crs {
  std::string code;  // "EPSG:n", "GCJ02", "BD09", "EPSG:n+GCJ02" or "EPSG:n+BD09" (shifted degrees, then projected)
  bool north_first = false;

  friend bool operator==(const Crs&, const Crs&) = default;
};

// Parses "EPSG:4547", "epsg:4490", "GCJ02", "GCJ-02", "BD09", "bd-09", "EPSG:3857+GCJ02", "CRS84" (which is EPSG:4326),
// each with an optional suffix "@yx" for north_first. Reads the text only; whether the code exists Projection says.
// Throws InputError("crs_undeclared" when empty | "crs_unknown").
Crs parse_crs(std::string_view text);

// The text parse_crs() reads back.
std::string to_text(const Crs& crs);

struct Xy {
  double x = 0;
  double y = 0;
};

// What to do when no transformation to CGCS2000 is published for the system's area of use, as for Beijing 1954 and
// Xi'an 1980: PROJ would then keep the degrees and be silently off by up to some 150 m. `allow` also spares the slow
// search for ways through a third system.
enum class Ballpark { refuse, allow };

// A connection to PROJ's database without network. Projections that share one belong to one thread.
class ProjContext;
std::shared_ptr<ProjContext> make_proj_context();

// Not thread-safe: one per thread, each with its own context unless one is given.
class Projection {
 public:
  // Throws InputError with code
  //   "crs_unknown"            PROJ does not know the code
  //   "crs_not_horizontal"     geographic 3D, geocentric, vertical or compound: name its horizontal part instead
  //   "crs_axis_order"         north_first for axes that are not an easting and a northing (polar, south-oriented)
  //   "crs_no_transformation"  see Ballpark; `allow` is for comparing readings, never for import
  explicit Projection(const Crs& crs, Ballpark ballpark = Ballpark::refuse,
                      std::shared_ptr<ProjContext> context = nullptr);
  ~Projection();
  Projection(Projection&&) noexcept;
  Projection& operator=(Projection&&) noexcept;

  // To CGCS2000 degrees (WGS 84, ETRS89, NAD83 and other frames whose published difference is null count as equal).
  // Empty if not finite, if the projection cannot hold it, or if more than 6 degrees outside a projected system's area
  // of use, which is how swapped axes and a missing or surplus zone prefix show.
  std::optional<Degrees> to_cgcs2000(double x, double y) const;

  // The same for many: some 4 million Gauss-Kruger or 1 million GCJ-02 positions a second on one core. Sizes must be
  // equal. What cannot be converted becomes NaN in both fields, for which find_point() is empty. Returns how many were
  // converted.
  std::size_t to_cgcs2000(std::span<const Xy> from, std::span<Degrees> to) const;

  // The inverse, as (x, y) in the order the Crs says; empty under the same conditions.
  std::optional<Xy> from_cgcs2000(Degrees position) const;

  bool is_projected() const;  // else its numbers are degrees or grads
  // True if the datum is taken as equal to CGCS2000: projecting is all that is done.
  bool is_plain_datum() const;
  // True if Ballpark::allow was needed.
  bool is_ballpark() const;
  // True if the authority's own order is northing or latitude first.
  bool authority_puts_north_first() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct ListedCrs {
  std::string code;  // "EPSG:n"
  bool projected = false;
  bool holds_place = false;  // the area of use holds the place asked for, not only its surroundings
  double extent_deg2 = 0;    // of the area of use's box
};

// Every EPSG system, projected or geographic 2D and not deprecated, whose area of use comes within `margin_deg` of a
// place; by code.
std::vector<ListedCrs> list_crs(Degrees place, double margin_deg, const std::shared_ptr<ProjContext>& context);

// On the CGCS2000 ellipsoid, by geodesic (Karney 2013, as PROJ ships it): good to nanometres.
double geodesic_length_m(Point a, Point b);
double geodesic_length_m(const Polyline& line);

// Edges are geodesics. Holes count negative; the direction of rings does not matter; parts must not overlap.
double geodesic_area_m2(const MultiPolygon& shape);

}  // namespace catchment::geo
