#include "geo/soundness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace catchment::geo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Point kCorner{1136000000, 347000000};

Ring ring(std::initializer_list<std::pair<int, int>> offsets) {
  Ring out;
  for (const auto& [x, y] : offsets) out.push_back({kCorner.lon + x, kCorner.lat + y});
  return out;
}
Point at(int x, int y) { return {kCorner.lon + x, kCorner.lat + y}; }
constexpr int kSide = 10000;  // about 92 m x 111 m

// n x n squares, row by row from the south-west, every corner a vertex of each zone that meets there.
std::vector<MultiPolygon> squares(int n) {
  std::vector<MultiPolygon> zones;
  for (int y = 0; y < n; ++y) {
    for (int x = 0; x < n; ++x) {
      const int l = x * kSide;
      const int b = y * kSide;
      zones.push_back({{ring({{l, b}, {l + kSide, b}, {l + kSide, b + kSide}, {l, b + kSide}}), {}}});
    }
  }
  return zones;
}

std::vector<std::string> kinds(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& f : findings) out.emplace_back(to_word(f.kind));
  return out;
}

TEST(Soundness, SquaresThatFitAreSound) { EXPECT_THAT(check_coverage(squares(4)), IsEmpty()); }

TEST(Soundness, LayerWithoutZonesIsSound) { EXPECT_THAT(check_coverage({}), IsEmpty()); }

TEST(Soundness, ZonesThatMeetInAPointAreSound) {
  const std::vector<MultiPolygon> all = squares(2);
  EXPECT_THAT(check_coverage(std::vector<MultiPolygon>{all[0], all[3]}), IsEmpty());
}

TEST(Soundness, VertexOneUnitOffInTheMiddleIsFoundWithPlaceAndSize) {
  std::vector<MultiPolygon> zones = squares(2);
  zones[0][0].shell[2].lon -= 1;  // the corner all four share, one unit west in zone 0
  const std::vector<Finding> findings = check_coverage(zones);
  // The triangle towards zone 1 opens; along the border with zone 2 the corner only moves along the line.
  ASSERT_THAT(kinds(findings), ElementsAre("sliver_gap", "t_junction"));
  EXPECT_THAT(findings[0].zones, ElementsAre(0, 1, 2));
  EXPECT_EQ(findings[0].place.lat, at(0, kSide).lat);
  EXPECT_NEAR(findings[0].place.lon, at(kSide, 0).lon, 1);
  EXPECT_NEAR(findings[0].area_m2, 0.5 * 0.00915 * 111, 0.01);
  EXPECT_EQ(findings[0].severity, Severity::error);
}

TEST(Soundness, NotchOneUnitWideAtTheOuterEdgeIsFound) {
  std::vector<MultiPolygon> zones = squares(2);
  zones[0][0].shell[1].lon -= 1;  // (kSide, 0): shared with zone 1, on the city's southern edge
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("sliver_gap"));
  EXPECT_EQ(findings[0].detail, "open at an end");
  EXPECT_THAT(findings[0].zones, ElementsAre(0, 1));
  EXPECT_NEAR(findings[0].place.lon, at(kSide, 0).lon, 1);
  EXPECT_EQ(findings[0].place.lat, at(kSide, 0).lat);
  EXPECT_NEAR(findings[0].width_m, 0.00915, 0.0002);
  EXPECT_NEAR(findings[0].length_m, 111, 1);
}

TEST(Soundness, OverlapOneUnitWideAtTheOuterEdgeIsFound) {
  std::vector<MultiPolygon> zones = squares(2);
  zones[0][0].shell[1].lon += 1;
  const std::vector<Finding> findings = check_coverage(zones);
  // Its corner now lies on zone 1's southern edge, and zone 1's corner on its own.
  ASSERT_THAT(kinds(findings), ElementsAre("sliver_overlap", "t_junction", "t_junction"));
  EXPECT_THAT(findings[0].zones, ElementsAre(0, 1));
}

TEST(Soundness, CornerThatSlidesAlongTheBorderIsATJunction) {
  std::vector<MultiPolygon> zones = squares(2);
  zones[0][0].shell[1].lat += 1;
  EXPECT_THAT(kinds(check_coverage(zones)), ElementsAre("t_junction"));
  zones[0][0].shell[1].lat -= 2;
  EXPECT_THAT(kinds(check_coverage(zones)), ElementsAre("t_junction"));
}

TEST(Soundness, StripBetweenTwoSeparateZonesIsANotchOpenAtBothEnds) {
  std::vector<MultiPolygon> zones = squares(2);
  zones.resize(2);
  for (Point& p : zones[1][0].shell) p.lon += 100;  // 0.9 m
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("sliver_gap"));
  EXPECT_NEAR(findings[0].width_m, 0.915, 0.01);
}

TEST(Soundness, OrdinaryConcaveCornersAreNoNotches) {
  // Two zones whose outer edges meet at 30 degrees.
  const std::vector<MultiPolygon> zones{
      {{ring({{0, 0}, {-10000, 0}, {-10000, 10000}, {-2500, 10000}}), {}}},
      {{ring({{0, 0}, {2500, 10000}, {10000, 10000}, {10000, 0}}), {}}},
  };
  EXPECT_THAT(check_coverage(zones), IsEmpty());
}

TEST(Soundness, MissingZoneIsAGapAndALakeAHole) {
  std::vector<MultiPolygon> zones = squares(3);
  zones.erase(zones.begin() + 4);
  CoverageOptions options;
  options.hole_width_m = 200;
  std::vector<Finding> findings = check_coverage(zones, options);
  ASSERT_THAT(kinds(findings), ElementsAre("gap"));
  EXPECT_THAT(findings[0].zones, ElementsAre(1, 3, 4, 6));
  EXPECT_NEAR(findings[0].area_m2, 91.6 * 110.9, 30);
  options.hole_width_m = 50;
  findings = check_coverage(zones, options);
  ASSERT_THAT(kinds(findings), ElementsAre("hole"));
  EXPECT_EQ(findings[0].severity, Severity::note);
}

TEST(Soundness, IslandInAHoleKeepsTheHolesRing) {
  std::vector<MultiPolygon> zones = squares(3);
  zones[4] = {{ring({{13000, 13000}, {17000, 13000}, {17000, 17000}, {13000, 17000}}), {}}};
  CoverageOptions options;
  options.hole_width_m = 1000;
  const std::vector<Finding> findings = check_coverage(zones, options);
  ASSERT_THAT(kinds(findings), ElementsAre("gap"));
  EXPECT_THAT(findings[0].zones, ElementsAre(1, 3, 4, 5, 7));
  ASSERT_THAT(findings[0].shape, SizeIs(1));
  EXPECT_THAT(findings[0].shape[0].holes, SizeIs(1));
}

TEST(Soundness, ZoneInsideOthersIsAnOverlapWithAllOfThem) {
  std::vector<MultiPolygon> zones = squares(2);
  zones.push_back({{ring({{5000, 5000}, {15000, 5000}, {15000, 15000}, {5000, 15000}}), {}}});
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("overlap"));
  EXPECT_EQ(findings[0].zones.back(), 4u);
  EXPECT_GE(findings[0].zones.size(), 3u);
}

TEST(Soundness, DeclaredOverlapsAreNotReported) {
  std::vector<MultiPolygon> zones = squares(2);
  zones.push_back({{ring({{5000, 5000}, {15000, 5000}, {15000, 15000}, {5000, 15000}}), {}}});
  CoverageOptions options;
  options.shared = {false, false, false, false, true};
  EXPECT_THAT(check_coverage(zones, options), IsEmpty());
  options.shared = {};
  options.overlaps_declared = true;
  EXPECT_THAT(check_coverage(zones, options), IsEmpty());
}

TEST(Soundness, SharedZoneDoesNotExcuseTwoOthers) {
  std::vector<MultiPolygon> zones = squares(2);
  zones[0][0].shell[2].lon += 500;
  zones.push_back({{ring({{5000, 5000}, {15000, 5000}, {15000, 15000}, {5000, 15000}}), {}}});
  CoverageOptions options;
  options.shared = {false, false, false, false, true};
  const std::vector<Finding> findings = check_coverage(zones, options);
  ASSERT_FALSE(findings.empty());
  EXPECT_THAT(findings[0].zones, testing::IsSupersetOf({0, 1}));
}

TEST(Soundness, MissingVertexOnAStraightBorderIsATJunction) {
  std::vector<MultiPolygon> zones = squares(2);
  zones[0][0].shell.insert(zones[0][0].shell.begin() + 2, at(kSide, 4000));
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("t_junction"));
  EXPECT_EQ(findings[0].place, at(kSide, 4000));
  EXPECT_THAT(findings[0].zones, ElementsAre(0, 1));
  EXPECT_EQ(findings[0].severity, Severity::warning);
}

TEST(Soundness, MissingVertexThatRoundingMovedOffTheEdgeIsStillATJunction) {
  std::vector<MultiPolygon> zones = squares(2);
  zones[0][0].shell.insert(zones[0][0].shell.begin() + 2, at(kSide + 1, 4000));
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("t_junction"));
  EXPECT_EQ(findings[0].place, at(kSide + 1, 4000));
  EXPECT_GT(findings[0].area_m2, 0);
}

TEST(Soundness, ThreeZonesAtATJunctionAreOneFinding) {
  std::vector<MultiPolygon> zones = squares(2);
  zones[2] = {{ring({{0, kSide}, {2 * kSide, kSide}, {2 * kSide, 2 * kSide}, {0, 2 * kSide}}), {}}};
  zones.pop_back();
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("t_junction"));
  EXPECT_THAT(findings[0].zones, ElementsAre(0, 1, 2));
}

TEST(Soundness, ReversedRingIsToldFromTheLayersOwnDirection) {
  std::vector<MultiPolygon> zones = squares(2);
  for (MultiPolygon& zone : zones) std::reverse(zone[0].shell.begin(), zone[0].shell.end());
  EXPECT_THAT(check_coverage(zones), IsEmpty()) << "Shapefiles run clockwise";
  std::reverse(zones[3][0].shell.begin(), zones[3][0].shell.end());
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("reversed_ring"));
  EXPECT_THAT(findings[0].zones, ElementsAre(3));
}

TEST(Soundness, DuplicateNodeIsOneWarning) {
  std::vector<MultiPolygon> zones = squares(2);
  zones[1][0].shell.insert(zones[1][0].shell.begin(), zones[1][0].shell.front());
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("duplicate_node"));
  EXPECT_EQ(findings[0].place, at(kSide, 0));
}

TEST(Soundness, SpikeOfNoWidthIsAnErrorAndTheRestOfTheLayerStaysSound) {
  std::vector<MultiPolygon> zones = squares(2);
  auto& shell = zones[0][0].shell;
  shell.insert(shell.begin() + 1, {at(3000, 0), at(3000, -500), at(3000, 0)});
  EXPECT_THAT(kinds(check_coverage(zones)), testing::Contains("spike"));
  EXPECT_THAT(kinds(check_coverage(zones)), testing::Not(testing::Contains("gap")));
}

TEST(Soundness, NeedleIsAWarning) {
  std::vector<MultiPolygon> zones = squares(2);
  auto& shell = zones[0][0].shell;
  shell.insert(shell.begin() + 1, {at(3000, 0), at(3001, -500), at(3002, 0)});
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("spike"));
  EXPECT_EQ(findings[0].place, at(3001, -500));
  EXPECT_EQ(findings[0].severity, Severity::warning);
}

TEST(Soundness, HoleThatTouchesItsShellIsFoundAtAVertexAndOnAnEdge) {
  for (const int x : {0, 2000}) {
    MultiPolygon zone = squares(1)[0];
    zone[0].holes.push_back(ring({{x, 0}, {x + 1000, 2000}, {x + 2000, 1000}}));
    const std::vector<Finding> findings = check_coverage(std::vector<MultiPolygon>{zone});
    ASSERT_THAT(kinds(findings), testing::Contains("hole_touches_shell"));
    EXPECT_THAT(kinds(findings), testing::Not(testing::Contains("invalid")));
  }
}

TEST(Soundness, BowtieIsInvalidWithPlace) {
  std::vector<MultiPolygon> zones = squares(1);
  std::swap(zones[0][0].shell[1], zones[0][0].shell[2]);
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].kind, FindingKind::invalid);
  EXPECT_EQ(findings[0].place, at(kSide / 2, kSide / 2));
  EXPECT_EQ(findings[0].detail, "Self-intersection");
}

TEST(Soundness, EmptyZoneAndZoneOfTwoPointsAreEmpty) {
  std::vector<MultiPolygon> zones = squares(1);
  zones.push_back({});
  zones.push_back({{ring({{0, 0}, {5, 5}}), {}}});
  EXPECT_THAT(kinds(check_coverage(zones)), ElementsAre("empty", "empty", "invalid"));
}

TEST(Soundness, DuplicateZoneIsOneFindingHoweverItsRingsStart) {
  std::vector<MultiPolygon> zones = squares(2);
  zones.push_back(zones[1]);
  std::rotate(zones[4][0].shell.begin(), zones[4][0].shell.begin() + 2, zones[4][0].shell.end());
  const std::vector<Finding> findings = check_coverage(zones);
  ASSERT_THAT(kinds(findings), ElementsAre("duplicate_zone"));
  EXPECT_THAT(findings[0].zones, ElementsAre(1, 4));
}

TEST(Soundness, DuplicateRingIsFound) {
  std::vector<MultiPolygon> zones = squares(1);
  zones[0].push_back(zones[0][0]);
  EXPECT_THAT(kinds(check_coverage(zones)), testing::Contains("duplicate_ring"));
}

TEST(Soundness, TwoWholeCoveragesOnTopOfEachOtherOverlap) {
  std::vector<MultiPolygon> zones = squares(2);
  zones.push_back({{ring({{0, 0}, {20000, 0}, {20000, 20000}, {0, 20000}}), {}}});
  EXPECT_THAT(kinds(check_coverage(zones)), testing::Contains("overlap"));
}

TEST(Soundness, FindingsDoNotDependOnRingStarts) {
  std::vector<MultiPolygon> zones = squares(3);
  zones[4][0].shell[2].lon -= 3;
  zones[4][0].shell[0].lat += 7;
  const auto words = kinds(check_coverage(zones));
  for (MultiPolygon& zone : zones) std::rotate(zone[0].shell.begin(), zone[0].shell.begin() + 3, zone[0].shell.end());
  EXPECT_EQ(kinds(check_coverage(zones)), words);
}

}  // namespace
}  // namespace catchment::geo
