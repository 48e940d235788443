#include "geo/china_datum.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "geo/projection.hpp"
#include "tests/support/random.hpp"

namespace catchment::geo {
namespace {

double distance_m(Degrees a, Degrees b) {
  const LocalScale scale = local_scale(find_point(a)->lat);
  return std::hypot((a.lon - b.lon) * kUnitsPerDegree * scale.lon_m, (a.lat - b.lat) * kUnitsPerDegree * scale.lat_m);
}

double uniform(test::Random& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random.next() >> 11) * 0x1p-53;
}

struct Place {
  Degrees wgs84, gcj02, bd09;
};

// Source: eviltransform's own tests.
constexpr std::array<std::array<Degrees, 2>, 3> kEviltransform{{
    {{{121.5272106, 31.1774276}, {121.531541859215, 31.17530398364597}}},
    {{{113.912316, 22.543847}, {113.9171764808363, 22.540796131694766}}},
    {{{116.377817, 39.911954}, {116.38404722455657, 39.91334545536069}}},
}};

std::vector<Place> gcoord_places() {
  std::ifstream file(CATCHMENT_SOURCE_DIR "/tests/golden/coord_transform/china_cities.csv");
  std::string line;
  std::getline(file, line);
  std::vector<Place> places;
  while (std::getline(file, line)) {
    for (char& c : line) c = c == ',' ? ' ' : c;
    std::istringstream row(line);
    Place p;
    row >> p.wgs84.lon >> p.wgs84.lat >> p.gcj02.lon >> p.gcj02.lat >> p.bd09.lon >> p.bd09.lat;
    places.push_back(p);
  }
  return places;
}

TEST(ChinaDatum, PublicFormulaMeetsItsVectorsToTheNanometre) {
  for (const auto& [wgs84, gcj02] : kEviltransform) {
    EXPECT_LT(distance_m(gcj02_from_cgcs2000(wgs84), gcj02), 1e-8);
    EXPECT_LT(distance_m(cgcs2000_from_gcj02(gcj02), wgs84), 1e-6);
  }
}

TEST(ChinaDatum, LocalVectorsAreMetToTheirSixDecimals) {
  const std::array<Place, 3> places{{
      {{113.6254, 34.7466}, {113.631447, 34.745417}, {113.637847, 34.751723}},
      {{106.7135, 26.5783}, {106.717272, 26.574778}, {106.723807, 26.580660}},
      {{106.5516, 29.5630}, {106.555318, 29.560151}, {106.561748, 29.566466}},
  }};
  for (const Place& p : places) {
    EXPECT_NEAR(gcj02_from_cgcs2000(p.wgs84).lon, p.gcj02.lon, 5.1e-7);
    EXPECT_NEAR(gcj02_from_cgcs2000(p.wgs84).lat, p.gcj02.lat, 5.1e-7);
    EXPECT_NEAR(bd09_from_cgcs2000(p.wgs84).lon, p.bd09.lon, 5.1e-7);
    EXPECT_NEAR(bd09_from_cgcs2000(p.wgs84).lat, p.bd09.lat, 5.1e-7);
  }
}

// The file's GCJ-02 column is a service's answer: the public formula plus the same 0.48 m east and 0.47 m north
// everywhere.
TEST(ChinaDatum, ServicesGcj02DiffersFromThePublicFormulaByAConstant) {
  const auto places = gcoord_places();
  ASSERT_EQ(places.size(), 664u);
  double worst = 0, worst_left = 0;
  for (const Place& p : places) {
    const Degrees ours = gcj02_from_cgcs2000(p.wgs84);
    const LocalScale scale = local_scale(find_point(p.wgs84)->lat);
    const double east = (p.gcj02.lon - ours.lon) * kUnitsPerDegree * scale.lon_m;
    const double north = (p.gcj02.lat - ours.lat) * kUnitsPerDegree * scale.lat_m;
    worst = std::max(worst, std::hypot(east, north));
    worst_left = std::max(worst_left, std::hypot(east - 0.479, north - 0.470));
  }
  std::printf("GCJ-02 against 664 places: at most %.4f m, %.4f m after the constant\n", worst, worst_left);
  EXPECT_LT(worst, 0.75);
  EXPECT_LT(worst_left, 0.08);
}

TEST(ChinaDatum, Bd09OfGcj02MeetsTheServicesRounding) {
  double worst = 0, worst_inverse = 0;
  for (const Place& p : gcoord_places()) {
    worst = std::max(worst, distance_m(bd09_from_gcj02(p.gcj02), p.bd09));
    worst_inverse = std::max(worst_inverse, distance_m(gcj02_from_bd09(p.bd09), p.gcj02));
  }
  std::printf("BD-09 of GCJ-02 against 664 places: at most %.4f m, inverse %.4f m\n", worst, worst_inverse);
  EXPECT_LT(worst, 0.0125);
  EXPECT_LT(worst_inverse, 0.0125);
}

TEST(ChinaDatum, InverseReturnsWithinABillionthOfADegree) {
  test::Random random(20240901);
  double worst = 0;
  for (int i = 0; i < 200'000; ++i) {
    const bool cusp = i % 10 == 0;  // at 105 E the formula has a square root of nought
    const Degrees d{cusp ? 105.0 + uniform(random, -1e-7, 1e-7) : uniform(random, 60, 150), uniform(random, 0, 60)};
    for (const Degrees back : {cgcs2000_from_gcj02(gcj02_from_cgcs2000(d)), cgcs2000_from_bd09(bd09_from_cgcs2000(d)),
                               gcj02_from_bd09(bd09_from_gcj02(d))}) {
      ASSERT_TRUE(std::isfinite(back.lon)) << d.lon << ' ' << d.lat;
      worst = std::max({worst, std::fabs(back.lon - d.lon), std::fabs(back.lat - d.lat)});
    }
  }
  std::printf("round trips: at most %.2e degree\n", worst);
  EXPECT_LT(worst, 1e-9);
}

TEST(ChinaDatum, NothingLooksAtWhereAPointIs) {
  for (const Degrees d : {Degrees{126.98, 37.57}, Degrees{114.17, 22.30}, Degrees{71.9, 39.5}, Degrees{140.0, 36.0}}) {
    EXPECT_GT(distance_m(d, gcj02_from_cgcs2000(d)), 100.0);
  }
}

TEST(ChinaDatum, WhatIsNotFiniteStaysSo) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  for (const Degrees d : {Degrees{nan, 30}, Degrees{113, nan}, Degrees{inf, 30}, Degrees{113, -inf}}) {
    EXPECT_FALSE(find_point(gcj02_from_cgcs2000(d)));
    EXPECT_FALSE(find_point(cgcs2000_from_gcj02(d)));
    EXPECT_FALSE(find_point(cgcs2000_from_bd09(d)));
  }
}

}  // namespace
}  // namespace catchment::geo
