#include "datasets/synth/tessellation.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "datasets/synth/cell_map.hpp"
#include "datasets/synth/dissolve.hpp"
#include "datasets/synth/points.hpp"
#include "geo/input_error.hpp"
#include "tests/datasets/synth/tiling.hpp"

namespace catchment::datasets::synth {
namespace {

TEST(Tessellation, TilesItsOutlineExactly) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Tessellation t = make_tessellation(6, seed, {.rows = 5});
    ASSERT_EQ(t.zones.size(), 30u);
    EXPECT_EQ(find_tiling_fault(t.zones, rim_of({t.outline})), "");
  }
}

TEST(Tessellation, HasAboutAThousandVerticesAZone) {
  const Tessellation t = make_tessellation(20, 1);
  std::size_t vertices = 0;
  std::size_t fewest = 1'000'000;
  std::size_t most = 0;
  for (const geo::MultiPolygon& zone : t.zones) {
    const std::size_t count = zone.front().shell.size();
    vertices += count;
    fewest = std::min(fewest, count);
    most = std::max(most, count);
  }
  EXPECT_NEAR(static_cast<double>(vertices) / 400, 1000, 150);
  EXPECT_GE(fewest, 150u);
  EXPECT_LE(most, 3000u);
}

TEST(Tessellation, SameSeedSameVertices) {
  EXPECT_EQ(make_tessellation(8, 7).zones, make_tessellation(8, 7).zones);
  EXPECT_NE(make_tessellation(8, 7).zones, make_tessellation(8, 8).zones);
}

TEST(Tessellation, OneCellIsEnough) {
  const Tessellation t = make_tessellation(1, 1);
  EXPECT_EQ(find_tiling_fault(t.zones, rim_of({t.outline})), "");
}

TEST(Tessellation, RefusesAbsurdArguments) {
  const auto refused = [](int columns, const TessellationOptions& options) {
    try {
      make_tessellation(columns, 1, options);
    } catch (const InputError& e) {
      return e.code == "synth_argument";
    }
    return false;
  };
  EXPECT_TRUE(refused(0, {}));
  EXPECT_TRUE(refused(-3, {}));
  EXPECT_TRUE(refused(1001, {}));
  EXPECT_TRUE(refused(5, {.rows = -1}));
  EXPECT_TRUE(refused(5, {.jitter = 0.5}));
  EXPECT_TRUE(refused(5, {.depth_min = 9, .depth_max = 5}));
  EXPECT_TRUE(refused(5, {.box = geo::Box{}}));
}

TEST(NoisyLine, StaysSimpleWhenRoundingBites) {
  NoiseOptions options;
  options.min_segment = 0;  // segments of less than a unit
  for (std::uint64_t i = 0; i < 200; ++i) {
    Random random(9, i);
    const Kite kite{{0, 0}, {random.between(5, 400), random.between(0, 40)}, {50, 300}, {60, -300}};
    const geo::Polyline line = noisy_line(kite, options, random);
    EXPECT_TRUE(is_simple(line));
    EXPECT_EQ(line.front(), kite.from);
    EXPECT_EQ(line.back(), kite.to);
  }
}

TEST(NoisyLine, SimpleMeansNoTouch) {
  EXPECT_TRUE(is_simple({{0, 0}, {10, 0}, {10, 10}, {5, 1}}));
  EXPECT_FALSE(is_simple({{0, 0}, {10, 0}, {10, 10}, {5, 0}}));   // touches
  EXPECT_FALSE(is_simple({{0, 0}, {10, 0}, {10, 10}, {5, -1}}));  // crosses
  EXPECT_FALSE(is_simple({{0, 0}, {10, 0}, {4, 0}}));             // folds back
  EXPECT_FALSE(is_simple({{0, 0}, {10, 0}, {10, 10}, {0, 0}}));   // closes
}

// A straight grid of 5 x 5 cells, the outer ring of them outside: cells 0-8 in rows from the south-west.
CellMap grid_of_nine() {
  std::vector<geo::Point> sites;
  std::vector<std::int32_t> cell_of_site;
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 5; ++x) {
      sites.push_back({x * 1000, y * 1000});
      const bool inner = x > 0 && x < 4 && y > 0 && y < 4;
      cell_of_site.push_back(inner ? (y - 1) * 3 + x - 1 : kOutside);
    }
  }
  CellMapOptions options;
  options.noise.width_share = 0;
  options.noise.depth_min = options.noise.depth_max = 0;
  return make_cell_map(sites, cell_of_site, 1, options);
}

TEST(Dissolve, TracesAHole) {
  const std::vector<std::int32_t> groups{0, 0, 0, 0, 1, 0, 0, 0, 0};
  const auto shapes = dissolve(grid_of_nine(), groups, 2);
  ASSERT_EQ(shapes[0].size(), 1u);
  ASSERT_EQ(shapes[0][0].holes.size(), 1u);
  EXPECT_LT(geo::signed_area_twice(shapes[0][0].holes[0]), 0);
  EXPECT_EQ(find_tiling_fault(shapes, rim_of(dissolve(grid_of_nine(), std::vector<std::int32_t>(9, 0), 1))), "");
}

TEST(Dissolve, SplitsPartsThatMeetInAVertex) {
  const std::vector<std::int32_t> groups{0, 1, 1, 1, 0, 1, 1, 1, 0};
  const auto shapes = dissolve(grid_of_nine(), groups, 2);
  EXPECT_EQ(shapes[0].size(), 3u);
  EXPECT_EQ(shapes[1].size(), 2u);
}

TEST(Dissolve, SplitsAShellThatTouchesItselfIntoShellAndHole) {
  const std::vector<std::int32_t> groups{1, 0, 0, 0, 1, 0, 0, 0, 0};  // the hole's corner meets the outer line
  const auto shapes = dissolve(grid_of_nine(), groups, 2);
  ASSERT_EQ(shapes[0].size(), 1u);
  EXPECT_EQ(shapes[0][0].holes.size(), 1u);
  EXPECT_EQ(shapes[1].size(), 2u);
}

TEST(Points, SameSeedSamePoints) {
  const geo::Box box = kTessellationBox;
  EXPECT_EQ(uniform_points(box, 1000, 11), uniform_points(box, 1000, 11));
  EXPECT_EQ(clustered_points(box, 1000, 12), clustered_points(box, 1000, 12));
}

TEST(Points, UniformCoversTheBoxAndALittleMore) {
  const geo::Box box = kTessellationBox;
  int inside = 0;
  for (const geo::Point p : uniform_points(box, 10000, 11)) inside += box.contains(p) ? 1 : 0;
  EXPECT_NEAR(inside / 10000.0, 0.924, 0.02);
}

TEST(Points, HilbertOrderKeepsThePointsAndShortensTheWay) {
  const geo::Box box = kTessellationBox;
  auto points = uniform_points(box, 10000, 11);
  auto sorted = points;
  sort_hilbert(box, sorted);
  const auto way = [](const std::vector<geo::Point>& v) {
    double sum = 0;
    for (std::size_t i = 1; i < v.size(); ++i) sum += geo::flat_distance_m(v[i - 1], v[i]);
    return sum;
  };
  EXPECT_LT(way(sorted), way(points) / 20);
  std::sort(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(points, sorted);
}

TEST(Random, BetweenIncludesBothEnds) {
  Random random(1);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const int v = random.between(-3, 3);
    ASSERT_TRUE(v >= -3 && v <= 3);
    sum += v;
  }
  EXPECT_NEAR(sum / 10000, 0, 0.1);
}

TEST(Random, DealerDealsEverything) {
  const std::vector<std::int64_t> weights{3, 0, 5, 1, 1, 7};
  Dealer dealer(1000, 17);
  std::int64_t sum = 0;
  for (const std::int64_t w : weights) {
    const std::int64_t part = dealer.deal(w);
    EXPECT_NEAR(static_cast<double>(part), static_cast<double>(1000 * w) / 17, 1.0);
    sum += part;
  }
  EXPECT_EQ(sum, 1000);
}

}  // namespace
}  // namespace catchment::datasets::synth
