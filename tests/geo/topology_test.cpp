#include "geo/topology.hpp"

#include <gtest/gtest.h>

#include "geo/input_error.hpp"

namespace catchment::geo {
namespace {

// Zhengzhou, so that no coordinate is near zero and doubles without a local origin would show.
constexpr Point kCorner{1136000000, 347000000};

Ring ring(std::initializer_list<std::pair<int, int>> offsets) {
  Ring out;
  for (const auto& [x, y] : offsets) out.push_back({kCorner.lon + x, kCorner.lat + y});
  return out;
}
MultiPolygon square(int x, int y, int size) {
  return {{ring({{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}}), {}}};
}

TEST(Topology, SquareIsValid) { EXPECT_TRUE(check_validity(square(0, 0, 100)).valid); }
TEST(Topology, EmptyShapeIsValid) { EXPECT_TRUE(check_validity({}).valid); }

TEST(Topology, BowtieIsInvalidAtItsCrossing) {
  const Validity v = check_validity({{ring({{0, 0}, {100, 100}, {100, 0}, {0, 100}}), {}}});
  EXPECT_FALSE(v.valid);
  EXPECT_EQ(v.reason, "Self-intersection");
  EXPECT_EQ(v.place, (Point{kCorner.lon + 50, kCorner.lat + 50}));
}

TEST(Topology, RingOfTwoPointsIsInvalidNotAnError) {
  EXPECT_EQ(check_validity({{ring({{0, 0}, {100, 100}}), {}}}).reason, "Too few points in geometry component");
  EXPECT_TRUE(make_valid({{ring({{0, 0}, {100, 100}}), {}}}).empty());
}

TEST(Topology, BowtieIsRepairedIntoItsTwoTriangles) {
  const MultiPolygon repaired = make_valid({{ring({{0, 0}, {100, 100}, {100, 0}, {0, 100}}), {}}});
  ASSERT_EQ(repaired.size(), 2u);
  EXPECT_TRUE(check_validity(repaired).valid);
}

TEST(Topology, PartsThatShareAnEdgeAreRepairedIntoOneArea) {
  MultiPolygon shape = square(0, 0, 100);
  shape.push_back(square(100, 0, 100)[0]);
  EXPECT_FALSE(check_validity(shape).valid);
  EXPECT_EQ(make_valid(shape).size(), 1u);
}

TEST(Topology, CrossingBetweenUnitsIsRepairedOntoWholeUnits) {
  // The edges cross at a third of a unit.
  const MultiPolygon repaired = make_valid({{ring({{0, 0}, {7, 3}, {7, 0}, {0, 4}}), {}}});
  EXPECT_TRUE(check_validity(repaired).valid);
}

TEST(Topology, OverlayHasIntegerVerticesAndExactAreas) {
  const MultiPolygon both = overlay(square(0, 0, 100), square(50, 50, 100), OverlayKind::intersection);
  EXPECT_EQ(both, normalised(square(50, 50, 50)));
  EXPECT_EQ(signed_area_twice(overlay(square(0, 0, 100), square(50, 50, 100), OverlayKind::union_of).at(0).shell),
            2 * (10000 + 10000 - 2500));
  EXPECT_TRUE(overlay(square(0, 0, 10), square(50, 50, 10), OverlayKind::intersection).empty());
}

TEST(Topology, DissolveOfFourSquaresIsOneSquareWithTheirOuterVertices) {
  const std::vector<MultiPolygon> tiles{square(0, 0, 10), square(10, 0, 10), square(0, 10, 10), square(10, 10, 10)};
  const MultiPolygon all = dissolve(tiles);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(signed_area_twice(all[0].shell), 2 * 400);
}

TEST(Topology, RelateOfNeighboursIsTouchAlongALine) {
  EXPECT_EQ(relate(square(0, 0, 10), square(10, 0, 10)), "FF2F11212");
}

TEST(Topology, ArrangementPutsAVertexWhereANeighbourHasOne) {
  // The right square's corner lies on the middle of the left one's edge.
  const std::vector<MultiPolygon> zones{square(0, 0, 100), square(100, 50, 100)};
  const std::vector<ArrangedFace> faces = arrange(zones);
  ASSERT_EQ(faces.size(), 2u);
  const Ring& left = faces[0].shape.shell;
  EXPECT_NE(std::find(left.begin(), left.end(), Point{kCorner.lon + 100, kCorner.lat + 50}), left.end());
}

TEST(Topology, ArrangedFacesJoinBackIntoTheirShapes) {
  const std::vector<MultiPolygon> zones{square(0, 0, 100), square(50, 50, 100)};
  std::vector<Polygon> of_first;
  for (const ArrangedFace& face : arrange(zones)) {
    if (face.inside_lon < kCorner.lon + 100 && face.inside_lat < kCorner.lat + 100) of_first.push_back(face.shape);
  }
  ASSERT_EQ(of_first.size(), 2u);
  EXPECT_EQ(relate(join_faces(of_first), zones[0]), "2FFF1FFF2");
}

TEST(Topology, NormalFormForgetsDirectionStartAndOrder) {
  const MultiPolygon a{{ring({{0, 0}, {10, 0}, {10, 10}}), {}}};
  const MultiPolygon b{{ring({{10, 10}, {10, 0}, {0, 0}}), {}}};
  EXPECT_EQ(normalised(a), normalised(b));
}

TEST(Topology, FlatAreaOfAHundredthDegreeSquareAtZhengzhou) {
  // 0.01 degree: 914.9 m x 1109.5 m at 34.7 N.
  EXPECT_NEAR(flat_area_m2(square(0, 0, 100000)), 916.5 * 1109.3, 2000);
  MultiPolygon holed = square(0, 0, 100);
  holed[0].holes.push_back(square(10, 10, 10)[0].shell);
  EXPECT_NEAR(flat_area_m2(holed) / flat_area_m2(square(0, 0, 100)), 0.99, 1e-9);
}

}  // namespace
}  // namespace catchment::geo
