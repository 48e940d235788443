#include "engine/zone_text/printing/print_edges.hpp"

#include <gmock/gmock.h>

#include "engine/zone_text/compiling/polyline_math.hpp"
#include "tests/support/grid_city.hpp"

namespace catchment::engine::zone_text {
namespace {

using testing::ElementsAre;
using tests::GridCity;

std::vector<std::string> names(const std::vector<Stretch>& chain, const Ground& ground) {
  std::vector<std::string> out;
  for (const Stretch& s : chain) {
    out.push_back(s.line == kUnnamed ? "-" : s.line == kOutline ? "outline" : ground.lines()[s.line].name);
  }
  return out;
}

std::vector<std::string> names_of(const GridCity& city, const geo::MultiPolygon& shape) {
  return names(EdgeNamer(city.ground()).name(shape.front().shell), city.ground());
}

TEST(PrintEdges, SidesOfABlockComeFromTheNorthClockwise) {
  const GridCity city;
  EXPECT_THAT(names_of(city, city.region_of({{1, 1}})),
              ElementsAre(city.row_name(2), city.column_name(2), city.row_name(1), city.column_name(1)));
}

TEST(PrintEdges, AStretchGoesOnAlongItsLineOverCrossings) {
  const GridCity city;
  EXPECT_THAT(names_of(city, city.region_of(GridCity::rectangle(1, 1, 3, 3))),
              ElementsAre(city.row_name(4), city.column_name(4), city.row_name(1), city.column_name(1)));
}

TEST(PrintEdges, ALineLeftAndMetAgainIsNamedTwice) {
  const GridCity city;
  // An L: its inner corner leaves column 2 for row 2.
  EXPECT_THAT(names_of(city, city.region_of({{1, 1}, {2, 1}, {1, 2}})),
              ElementsAre(city.row_name(3), city.column_name(2), city.row_name(2), city.column_name(3),
                          city.row_name(1), city.column_name(1)));
}

TEST(PrintEdges, ABoundaryDrawnEightMetresBesideItsLinesIsStillTheirs) {
  const GridCity city;
  geo::MultiPolygon shape = city.region_of(GridCity::rectangle(1, 1, 2, 2));
  for (geo::Point& p : shape.front().shell) p = {p.lon + 600, p.lat + 500};
  const std::vector<Stretch> chain = EdgeNamer(city.ground()).name(shape.front().shell);
  EXPECT_THAT(names(chain, city.ground()),
              ElementsAre(city.row_name(3), city.column_name(3), city.row_name(1), city.column_name(1)));
  for (const Stretch& s : chain) EXPECT_LT(s.off_m, 12);
}

TEST(PrintEdges, WhatCutsThroughABlockHasNoName) {
  const GridCity city;
  const geo::MultiPolygon block = city.region_of({{1, 1}});
  const geo::Ring half{city.node(1, 1), city.node(2, 1), city.node(1, 2)};
  const std::vector<Stretch> chain = EdgeNamer(city.ground()).name(half);
  const std::vector<std::string> got = names(chain, city.ground());
  const auto open = std::find(got.begin(), got.end(), "-");
  ASSERT_NE(open, got.end());
  EXPECT_GT(chain[static_cast<std::size_t>(open - got.begin())].length_m, 200);
}

TEST(PrintEdges, TheSameRingFromAnotherVertexOrTheOtherWayRoundGivesTheSameChain) {
  const GridCity city;
  geo::Ring ring = city.region_of({{1, 1}, {2, 1}, {1, 2}}).front().shell;
  const EdgeNamer namer(city.ground());
  const std::vector<std::string> expected = names(namer.name(ring), city.ground());
  std::rotate(ring.begin(), ring.begin() + 5, ring.end());
  EXPECT_EQ(names(namer.name(ring), city.ground()), expected);
  std::reverse(ring.begin(), ring.end());
  EXPECT_EQ(names(namer.name(ring), city.ground()), expected);
}

}  // namespace
}  // namespace catchment::engine::zone_text
