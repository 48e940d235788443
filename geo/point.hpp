// Fixed-point positions and the exact predicates every geometric answer rests on.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <optional>

namespace catchment::geo {

// One unit is 1e-7 degree: about 1.1 cm north-south, less east-west. Datum CGCS2000 (EPSG:4490), which PROJ treats as
// equal to WGS 84; nothing else is allowed past import.
inline constexpr double kUnitsPerDegree = 1e7;

struct Point {
  std::int32_t lon = 0;  // east positive, [-180, 180] degrees in units
  std::int32_t lat = 0;  // north positive, [-90, 90] degrees in units

  friend constexpr auto operator<=>(const Point&, const Point&) = default;  // by lon, then lat
};

struct Degrees {
  double lon = 0;
  double lat = 0;
};

constexpr Degrees to_degrees(Point p) { return {p.lon / kUnitsPerDegree, p.lat / kUnitsPerDegree}; }

// Rounds to the nearest unit, ties to even. Empty if a coordinate is not finite or is off the globe.
inline std::optional<Point> find_point(Degrees d) {
  if (!(std::fabs(d.lon) <= 180.0 && std::fabs(d.lat) <= 90.0)) return std::nullopt;
  return Point{static_cast<std::int32_t>(std::nearbyint(d.lon * kUnitsPerDegree)),
               static_cast<std::int32_t>(std::nearbyint(d.lat * kUnitsPerDegree))};
}

// Twice the signed area of triangle a b p in square units: positive if p is left of a -> b, zero if on its line.
// Exact while the three points lie within 107 degrees of each other on each axis (products below 2^62).
constexpr std::int64_t cross(Point a, Point b, Point p) {
  const auto abx = std::int64_t{b.lon} - a.lon;
  const auto aby = std::int64_t{b.lat} - a.lat;
  const auto apx = std::int64_t{p.lon} - a.lon;
  const auto apy = std::int64_t{p.lat} - a.lat;
  return abx * apy - aby * apx;
}

// True if p lies on the closed segment a b, end points included. Same extent limit as cross().
constexpr bool on_segment(Point a, Point b, Point p) {
  const auto between = [](std::int32_t lo, std::int32_t hi, std::int32_t v) {
    return lo <= hi ? (lo <= v && v <= hi) : (hi <= v && v <= lo);
  };
  return between(a.lon, b.lon, p.lon) && between(a.lat, b.lat, p.lat) && cross(a, b, p) == 0;
}

// Metres per unit of longitude and latitude at a place, from the CGCS2000 ellipsoid's radii of curvature. A distance
// computed with it as if flat is right to 0.1 % within 5 km up to 50 degrees of latitude; lengths that must be better use
// geo/projection.
struct LocalScale {
  double lon_m = 0;
  double lat_m = 0;
};
LocalScale local_scale(std::int32_t lat);

// Metres between two points in the local scale of the first.
double flat_distance_m(Point from, Point to);

}  // namespace catchment::geo
