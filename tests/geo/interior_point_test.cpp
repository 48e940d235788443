#include "geo/interior_point.hpp"

#include <gtest/gtest.h>

#include "geo/zone_index.hpp"

namespace catchment::geo {
namespace {

// By the exact index: strictly inside.
bool is_inside(const MultiPolygon& shape, Point p) {
  const std::vector<MultiPolygon> zones{shape};
  const FaceHit hit = ZoneIndex::build(zones).face_at(p);
  return hit.face() != kNoFace && !hit.on_boundary();
}

TEST(InteriorPoint, LiesInsideWhereTheCentreDoesNot) {
  // A horseshoe, open to the north, and a ring around a hole: the middle of either is outside.
  const MultiPolygon horseshoe{
      {{{0, 0}, {9000, 0}, {9000, 9000}, {7000, 9000}, {7000, 1500}, {2000, 1500}, {2000, 9000}, {0, 9000}}, {}}};
  const MultiPolygon ring{
      {{{0, 0}, {9000, 0}, {9000, 9000}, {0, 9000}}, {{{1000, 1000}, {1000, 8000}, {8000, 8000}, {8000, 1000}}}}};
  for (const MultiPolygon& shape : {horseshoe, ring}) {
    const auto found = find_interior_point(shape);
    ASSERT_TRUE(found);
    EXPECT_TRUE(is_inside(shape, *found)) << found->lon << " " << found->lat;
  }
}

TEST(InteriorPoint, TakesTheLargerOfTwoParts) {
  const MultiPolygon two{{{{0, 0}, {10, 0}, {10, 800}, {0, 800}}, {}},
                         {{{5000, 0}, {9000, 0}, {9000, 800}, {5000, 800}}, {}}};
  const auto found = find_interior_point(two);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->lon, 7000);
}

TEST(InteriorPoint, VerticesOnTheCutDoNotMatter) {
  // Vertices at every height of a cut, in a saw.
  const MultiPolygon saw{{{{0, 0}, {4000, 0}, {4000, 800}, {0, 800}, {300, 600}, {100, 400}, {300, 200}}, {}}};
  const auto found = find_interior_point(saw);
  ASSERT_TRUE(found);
  EXPECT_TRUE(is_inside(saw, *found));
}

TEST(InteriorPoint, NothingHasNone) {
  EXPECT_FALSE(find_interior_point({}));
  EXPECT_FALSE(find_interior_point({{{{0, 0}, {0, 9000}}, {}}}));
}

}  // namespace
}  // namespace catchment::geo
