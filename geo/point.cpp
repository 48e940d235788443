#include "geo/point.hpp"

#include <numbers>

namespace catchment::geo {

LocalScale local_scale(std::int32_t lat) {
  // CGCS2000: a = 6378137 m, 1/f = 298.257222101 (GB 22021-2008).
  constexpr double kA = 6378137.0;
  constexpr double kF = 1.0 / 298.257222101;
  constexpr double kE2 = kF * (2.0 - kF);
  constexpr double kRadiansPerUnit = std::numbers::pi / 180.0 / kUnitsPerDegree;
  const double phi = lat * kRadiansPerUnit;
  const double w2 = 1.0 - kE2 * std::sin(phi) * std::sin(phi);
  const double prime_vertical = kA / std::sqrt(w2);
  const double meridian = prime_vertical * (1.0 - kE2) / w2;
  return {prime_vertical * std::cos(phi) * kRadiansPerUnit, meridian * kRadiansPerUnit};
}

double flat_distance_m(Point from, Point to) {
  const LocalScale scale = local_scale(from.lat);
  const double dx = (static_cast<double>(to.lon) - from.lon) * scale.lon_m;
  const double dy = (static_cast<double>(to.lat) - from.lat) * scale.lat_m;
  return std::sqrt(dx * dx + dy * dy);
}

}  // namespace catchment::geo
