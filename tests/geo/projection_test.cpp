#include "geo/projection.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <thread>
#include <vector>

#include "geo/china_datum.hpp"
#include "geo/input_error.hpp"

namespace catchment::geo {
namespace {

template <class Call>
std::string error_code(Call&& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.code;
  }
  return "none";
}

std::string open_error(const char* text) {
  return error_code([&] { Projection{parse_crs(text)}; });
}

void expect_near(std::optional<Degrees> found, Degrees wanted, double tolerance = 1e-6) {
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->lon, wanted.lon, tolerance);
  EXPECT_NEAR(found->lat, wanted.lat, tolerance);
}

TEST(ParseCrs, EverySpellingHasOneText) {
  EXPECT_EQ(to_text(parse_crs(" epsg:4490 ")), "EPSG:4490");
  EXPECT_EQ(to_text(parse_crs("EPSG:04547@YX")), "EPSG:4547@yx");
  EXPECT_EQ(to_text(parse_crs("gcj-02")), "GCJ02");
  EXPECT_EQ(to_text(parse_crs("BD-09@yx")), "BD09@yx");
  EXPECT_EQ(to_text(parse_crs("EPSG:3857+gcj02")), "EPSG:3857+GCJ02");
  EXPECT_EQ(to_text(parse_crs("EPSG:4326+BD09")), "BD09");
  EXPECT_EQ(to_text(parse_crs("CRS84")), "EPSG:4326");
}

TEST(ParseCrs, NothingDeclaredIsNotTheSameAsUnknown) {
  for (const char* text : {"", "  ", "\t\n"}) {
    EXPECT_EQ(error_code([&] { parse_crs(text); }), "crs_undeclared");
  }
  for (const char* text : {"4547", "EPSG:", "EPSG:0", "EPSG:12x", "EPSG:4547@xy", "EPSG:4547+", "EPSG:3857+WGS84",
                           "WGS84", "EPSG:-1", "EPSG:9999999999", "GCJ02+EPSG:3857", "@yx"}) {
    EXPECT_EQ(error_code([&] { parse_crs(text); }), "crs_unknown") << text;
  }
}

TEST(Projection, GaussKrugerWithAndWithoutZonePrefixMeet) {
  const Degrees zhengzhou{113.625419, 34.741687};
  expect_near(Projection(parse_crs("EPSG:4547")).to_cgcs2000(465698, 3846000), zhengzhou);
  expect_near(Projection(parse_crs("EPSG:4526")).to_cgcs2000(38465698, 3846000), zhengzhou);
  expect_near(Projection(parse_crs("EPSG:4547@yx")).to_cgcs2000(3846000, 465698), zhengzhou);
}

TEST(Projection, EveryChineseZoneHoldsItsCentralMeridian) {
  const auto context = make_proj_context();
  for (int code = 4491; code <= 4554; ++code) {
    const bool six_degrees = code <= 4512;
    const int step = six_degrees ? 6 : 3;
    const int first = six_degrees ? (code <= 4501 ? 4491 : 4502) : (code <= 4533 ? 4513 : 4534);
    const int zone = (six_degrees ? 13 : 25) + code - first;
    const double meridian = zone * step - (six_degrees ? 3 : 0);
    const bool prefixed = first == 4491 || first == 4513;
    const Projection projection(parse_crs("EPSG:" + std::to_string(code)), Ballpark::refuse, context);
    const auto xy = projection.from_cgcs2000({meridian, 43});
    ASSERT_TRUE(xy) << code;
    EXPECT_NEAR(xy->x, 500000.0 + (prefixed ? zone * 1e6 : 0.0), 1e-6) << code;
    EXPECT_TRUE(projection.authority_puts_north_first()) << code;
  }
}

TEST(Projection, SwappedAxesAndWrongZonePrefixAreOutside) {
  const Projection plain(parse_crs("EPSG:4547"));
  const Projection prefixed(parse_crs("EPSG:4526"));
  EXPECT_FALSE(plain.to_cgcs2000(3846000, 465698));
  EXPECT_FALSE(plain.to_cgcs2000(38465698, 3846000));
  EXPECT_FALSE(prefixed.to_cgcs2000(465698, 3846000));
  EXPECT_FALSE(prefixed.to_cgcs2000(39465698, 3846000));
  EXPECT_FALSE(plain.from_cgcs2000({13.4, 52.5}));
}

TEST(Projection, ForeignSystemsAgreeWithCs2cs) {
  expect_near(Projection(parse_crs("EPSG:3857")).to_cgcs2000(1491636, 6894701), {13.3995942, 52.5200066}, 6e-8);
  expect_near(Projection(parse_crs("EPSG:25833")).to_cgcs2000(391780, 5820073), {13.4050106, 52.5200077}, 6e-8);
  expect_near(Projection(parse_crs("EPSG:2924")).to_cgcs2000(11765618.4, 7048564.3), {-77.5052569, 38.9994549}, 2e-5);
  expect_near(Projection(parse_crs("EPSG:3826")).to_cgcs2000(169000, 2544000), {120.2098947, 22.9954728}, 6e-8);
}

TEST(Projection, RoundTripIsBelowTwoMillimetres) {
  struct Case {
    const char* crs;
    Degrees place;
  };
  for (const Case& c :
       {Case{"EPSG:4547", {113.6, 34.7}}, Case{"EPSG:4546@yx", {111, 34.5}}, Case{"EPSG:3857", {13.4, 52.5}},
        Case{"EPSG:25833", {13.4, 52.5}}, Case{"EPSG:2924", {-77.5, 39.0}}, Case{"GCJ02", {106.7, 26.5}},
        Case{"BD09@yx", {106.7, 26.5}}, Case{"EPSG:3857+GCJ02", {113.6, 34.7}}, Case{"EPSG:4545+BD09", {106.5, 29.5}},
        Case{"EPSG:31467", {9.2, 48.8}}, Case{"EPSG:27700", {-0.1, 51.5}}, Case{"EPSG:27572", {2.3, 48.9}},
        Case{"EPSG:4807", {2.3, 48.9}}, Case{"EPSG:3035", {13.4, 52.5}}, Case{"EPSG:28356", {151.2, -33.9}}}) {
    const Projection projection(parse_crs(c.crs));
    const auto xy = projection.from_cgcs2000(c.place);
    ASSERT_TRUE(xy) << c.crs;
    expect_near(projection.to_cgcs2000(xy->x, xy->y), c.place, 2e-8);
  }
}

TEST(Projection, DegreesPassUnchanged) {
  for (const char* crs : {"EPSG:4490", "EPSG:4326", "EPSG:4258"}) {
    const auto d = Projection(parse_crs(crs)).to_cgcs2000(113.6254, 34.7466);
    ASSERT_TRUE(d);
    EXPECT_EQ(d->lon, 113.6254);
    EXPECT_EQ(d->lat, 34.7466);
  }
  expect_near(Projection(parse_crs("EPSG:4490@yx")).to_cgcs2000(34.7466, 113.6254), {113.6254, 34.7466}, 0);
}

TEST(Projection, WhatCannotBeHeldIsEmptyNeverInfinite) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  const double around = 2 * std::numbers::pi * 6378137;
  for (const char* crs : {"EPSG:4547", "EPSG:4526", "EPSG:3857", "EPSG:25833", "EPSG:4490", "GCJ02", "EPSG:32661"}) {
    const Projection projection(parse_crs(crs));
    for (const Xy p : {Xy{nan, 1}, Xy{1, nan}, Xy{inf, 1}, Xy{1, -inf}, Xy{1e300, 1e300}, Xy{-1e9, 1e9},
                       Xy{1484544 + around, 6898804}}) {
      EXPECT_FALSE(projection.to_cgcs2000(p.x, p.y)) << crs << ' ' << p.x << ' ' << p.y;
    }
    for (const Degrees d : {Degrees{nan, 1}, Degrees{181, 30}, Degrees{113, 90.001}, Degrees{inf, inf}}) {
      EXPECT_FALSE(projection.from_cgcs2000(d)) << crs;
    }
  }
}

TEST(Projection, WhatIsNotAHorizontalSystemIsRefused) {
  for (const char* crs : {"EPSG:4979", "EPSG:4480", "EPSG:4479", "EPSG:4978", "EPSG:5972", "EPSG:5773", "EPSG:7405"}) {
    EXPECT_EQ(open_error(crs), "crs_not_horizontal") << crs;
  }
  for (const char* crs : {"EPSG:99999", "EPSG:7030", "EPSG:16398"}) EXPECT_EQ(open_error(crs), "crs_unknown") << crs;
  EXPECT_EQ(open_error("EPSG:32661@yx"), "crs_axis_order");
}

TEST(Projection, OldChineseDatumsHaveNoPublishedWayToCgcs2000) {
  for (const char* crs : {"EPSG:2383", "EPSG:2362", "EPSG:4610", "EPSG:2435", "EPSG:2414", "EPSG:4214", "EPSG:4555"}) {
    EXPECT_EQ(open_error(crs), "crs_no_transformation") << crs;
    EXPECT_TRUE(Projection(parse_crs(crs), Ballpark::allow).is_ballpark()) << crs;
  }
}

TEST(Projection, ShiftedDegreesUnderAProjectionAreUnshifted) {
  const Degrees place{113.6254, 34.7466};
  const Degrees gcj02 = gcj02_from_cgcs2000(place);
  const auto xy = Projection(parse_crs("EPSG:3857")).from_cgcs2000(gcj02);
  expect_near(Projection(parse_crs("EPSG:3857+GCJ02")).to_cgcs2000(xy->x, xy->y), place, 1e-9);
}

TEST(Projection, BatchEqualsOneByOne) {
  for (const char* crs : {"EPSG:4547@yx", "EPSG:3857", "GCJ02", "EPSG:2924"}) {
    const Projection projection(parse_crs(crs));
    std::vector<Xy> from;
    for (int i = 0; i < 10'000; ++i) from.push_back({113.0 + i * 400.0, 34.0 + i * 500.0});
    from[5000].x = std::numeric_limits<double>::quiet_NaN();
    std::vector<Degrees> to(from.size());
    const std::size_t converted = projection.to_cgcs2000(from, to);
    std::size_t expected = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto one = projection.to_cgcs2000(from[i].x, from[i].y);
      expected += one ? 1u : 0u;
      ASSERT_EQ(one.has_value(), find_point(to[i]).has_value()) << crs << i;
      ASSERT_TRUE(!one || (one->lon == to[i].lon && one->lat == to[i].lat)) << crs << i;
    }
    EXPECT_EQ(converted, expected);
  }
}

TEST(Projection, ThreadsWithTheirOwnProjectionAgree) {
  std::vector<Degrees> answers(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back(
        [&answers, i] { answers[i] = *Projection(parse_crs("EPSG:25833")).to_cgcs2000(391780, 5820073); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Degrees d : answers) EXPECT_TRUE(d.lon == answers[0].lon && d.lat == answers[0].lat);
}

TEST(Geodesic, LengthIsOnTheEllipsoid) {
  EXPECT_NEAR(geodesic_length_m({0, 0}, {10'000'000, 0}), 111319.4908, 1e-3);
  EXPECT_NEAR(geodesic_length_m({0, 0}, {0, 10'000'000}), 110574.3886, 1e-3);
  EXPECT_EQ(geodesic_length_m(Polyline{}), 0);
  EXPECT_NEAR(geodesic_length_m(Polyline{{0, 0}, {10'000'000, 0}, {0, 0}}), 2 * 111319.4908, 2e-3);
}

TEST(Geodesic, AreaTakesHolesOffWhateverTheirDirection) {
  const Ring square{{0, 0}, {10'000'000, 0}, {10'000'000, 10'000'000}, {0, 10'000'000}};
  const Ring hole{{2'000'000, 2'000'000}, {4'000'000, 2'000'000}, {4'000'000, 4'000'000}, {2'000'000, 4'000'000}};
  const Ring reversed(hole.rbegin(), hole.rend());
  const double whole = geodesic_area_m2({{square, {}}});
  const double inner = geodesic_area_m2({{hole, {}}});
  EXPECT_NEAR(whole, 12'308'778'361.0, 20.0);  // GeographicLib's Planimeter, WGS 84
  EXPECT_NEAR(geodesic_area_m2({{square, {hole}}}), whole - inner, 1e-3);
  EXPECT_NEAR(geodesic_area_m2({{square, {reversed}}}), whole - inner, 1e-3);
  EXPECT_NEAR(geodesic_area_m2({{{square.rbegin(), square.rend()}, {}}, {hole, {}}}), whole + inner, 1e-3);
  EXPECT_EQ(geodesic_area_m2({}), 0);
}

TEST(Geodesic, FlatAreaOfASmallSquareAgrees) {
  const Point corner{1'136'000'000, 347'000'000};
  const LocalScale scale = local_scale(corner.lat);
  const Ring ring{corner,
                  {corner.lon + 10'000, corner.lat},
                  {corner.lon + 10'000, corner.lat + 10'000},
                  {corner.lon, corner.lat + 10'000}};
  const double flat = 1e8 * scale.lon_m * scale.lat_m;
  EXPECT_NEAR(geodesic_area_m2({{ring, {}}}) / flat, 1.0, 1e-4);
}

}  // namespace
}  // namespace catchment::geo
