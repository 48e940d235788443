#include "geo/china_datum.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace catchment::geo {
namespace {

constexpr double kPi = std::numbers::pi;

// Solves shift(position) = shifted. In and around China the shifts change by less than 0.03 per degree, so plain
// fixed-point iteration gains more than a digit a step; only at 105 E, where the formula has a cusp, is it slower.
template <class Shift>
Degrees unshift(Degrees shifted, Shift shift) {
  constexpr int kMaxSteps = 60;
  constexpr double kSettled = 1e-12;
  Degrees position = shifted;
  for (int step = 0; step < kMaxSteps; ++step) {
    const Degrees moved = shift(position);
    const double lon_error = shifted.lon - moved.lon;
    const double lat_error = shifted.lat - moved.lat;
    position.lon += lon_error;
    position.lat += lat_error;
    if (std::fabs(lon_error) < kSettled && std::fabs(lat_error) < kSettled) return position;
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  return {kNone, kNone};
}

double ripple(double x) { return (20.0 * std::sin(6.0 * x * kPi) + 20.0 * std::sin(2.0 * x * kPi)) * 2.0 / 3.0; }

double swell(double t, double twelfth, double thirtieth) {
  return (20.0 * std::sin(t * kPi) + 40.0 * std::sin(t / 3.0 * kPi)) * 2.0 / 3.0 +
         (twelfth * std::sin(t / 12.0 * kPi) + thirtieth * std::sin(t / 30.0 * kPi)) * 2.0 / 3.0;
}

}  // namespace

// Source of the constants: eviltransform and gcoord, which agree; Krasovsky's ellipsoid, f = 1/298.3.
Degrees gcj02_from_cgcs2000(Degrees position) {
  constexpr double kA = 6378245.0;
  constexpr double kEe = 0.00669342162296594323;
  const double x = position.lon - 105.0;
  const double y = position.lat - 35.0;
  const double root = std::sqrt(std::fabs(x));
  const double north =
      -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple(x) + swell(y, 160.0, 320.0);
  const double east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple(x) + swell(x, 150.0, 300.0);
  const double phi = position.lat / 180.0 * kPi;
  const double magic = 1.0 - kEe * std::sin(phi) * std::sin(phi);
  const double meridian = kA * (1.0 - kEe) / (magic * std::sqrt(magic));
  const double parallel = kA / std::sqrt(magic) * std::cos(phi);
  return {position.lon + east * 180.0 / (parallel * kPi), position.lat + north * 180.0 / (meridian * kPi)};
}

Degrees cgcs2000_from_gcj02(Degrees position) { return unshift(position, gcj02_from_cgcs2000); }

Degrees bd09_from_gcj02(Degrees position) {
  constexpr double kXPi = kPi * 3000.0 / 180.0;
  const double x = position.lon;
  const double y = position.lat;
  const double z = std::sqrt(x * x + y * y) + 0.00002 * std::sin(y * kXPi);
  const double theta = std::atan2(y, x) + 0.000003 * std::cos(x * kXPi);
  return {z * std::cos(theta) + 0.0065, z * std::sin(theta) + 0.006};
}

Degrees gcj02_from_bd09(Degrees position) { return unshift(position, bd09_from_gcj02); }

Degrees bd09_from_cgcs2000(Degrees position) { return bd09_from_gcj02(gcj02_from_cgcs2000(position)); }

Degrees cgcs2000_from_bd09(Degrees position) { return cgcs2000_from_gcj02(gcj02_from_bd09(position)); }

}  // namespace catchment::geo
