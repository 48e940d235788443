// Properties of walks on random streets.
#include <gtest/gtest.h>

#include "geo/projection.hpp"
#include "tests/support/random_streets.hpp"

namespace catchment::geo {
namespace {

using test::PlainStreets;
using test::Random;
using test::random_streets;
using test::street_place;
using test::StreetWorld;

constexpr std::uint64_t kSeeds = 40;

std::vector<Point> random_places(std::uint64_t seed, int count) {
  Random random(seed * 7919);
  std::vector<Point> places;
  for (int i = 0; i < count; ++i) {
    places.push_back(street_place(random.between(0, 900), random.between(0, 900)));
  }
  return places;
}

std::vector<std::vector<Snap>> one_each(const std::vector<Snap>& snaps) {
  std::vector<std::vector<Snap>> gates;
  for (const Snap& snap : snaps) gates.push_back({snap});
  return gates;
}

TEST(StreetWalks, EqualAPlainDijkstraOnTheLinesAsDrawn) {
  std::size_t walked = 0;
  std::size_t crossing = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const StreetWorld world = random_streets(seed);
    const StreetNetwork network = world.build();
    std::vector<Snap> snaps = network.snap(random_places(seed, 12));
    std::erase_if(snaps, [&](const Snap& s) { return test::near_barrier(world, s.at); });
    PlainStreets plain(world);
    for (const Snap& snap : snaps) plain.add(snap);
    const WalkTable table = network.walks(one_each(snaps), snaps);
    for (std::size_t i = 0; i < snaps.size(); ++i) {
      auto labels = plain.from(snaps[i].from);
      for (std::size_t j = 0; j < snaps.size(); ++j) {
        const Walk walk = table.get(i, j);
        const auto expected = labels[snaps[j].from];
        if (i == j) {  // the street and back: the place itself is nearer, but a gate is reached on streets
          EXPECT_NEAR(walk.distance_m, 2 * snaps[i].distance_m, 0.003);
          continue;
        }
        ASSERT_EQ(walk.way == Way::walked, std::isfinite(expected.metres)) << seed << ' ' << i << ' ' << j;
        if (walk.way != Way::walked) continue;
        EXPECT_NEAR(walk.distance_m, expected.metres, 0.1) << seed << ' ' << i << ' ' << j;
        EXPECT_EQ(walk.crossings, expected.crossings) << seed << ' ' << i << ' ' << j;
        ++walked;
        crossing += walk.crossings.total() > 0;
      }
    }
  }
  EXPECT_GT(walked, 3000u);
  EXPECT_GT(crossing, 1000u);
}

TEST(StreetWalks, AreSymmetricNeverShorterThanStraightAndKeepTheTriangleInequality) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const StreetNetwork network = random_streets(seed).build();
    const std::vector<Snap> snaps = network.snap(random_places(seed, 20));
    const WalkTable table = network.walks(one_each(snaps), snaps);
    for (std::size_t a = 0; a < snaps.size(); ++a) {
      for (std::size_t b = 0; b < snaps.size(); ++b) {
        const Walk ab = table.get(a, b);
        EXPECT_EQ(ab, table.get(b, a));
        if (ab.way != Way::walked) continue;
        EXPECT_GE(ab.distance_m + 1e-6, geodesic_length_m(snaps[a].from, snaps[b].from));
        for (std::size_t c = 0; c < snaps.size(); ++c) {
          const Walk bc = table.get(b, c);
          if (bc.way != Way::walked) continue;
          EXPECT_LE(table.get(a, c).distance_m, ab.distance_m + bc.distance_m + 1e-9);
        }
      }
    }
  }
}

TEST(StreetWalks, ARouteIsAsLongAsTheWalkAndLeadsFromPlaceToGate) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const StreetNetwork network = random_streets(seed).build();
    const std::vector<Snap> snaps = network.snap(random_places(seed, 10));
    const std::vector<std::vector<Snap>> schools{{snaps[0], snaps[1], snaps[2]}};
    const WalkTable table = network.walks(schools, snaps);
    for (std::size_t i = 3; i < snaps.size(); ++i) {
      const Route route = network.route(snaps[i], schools[0]);
      EXPECT_EQ(route.walk, table.get(0, i));
      if (route.walk.way != Way::walked) continue;
      EXPECT_NEAR(geodesic_length_m(route.line), route.walk.distance_m, 0.1);
      EXPECT_EQ(route.line.front(), snaps[i].from);
      EXPECT_EQ(route.line.back(), schools[0][route.gate].from);
      const std::vector<Snap> that_gate{schools[0][route.gate]};
      EXPECT_EQ(network.route(snaps[i], that_gate).walk, route.walk);
    }
  }
}

// Places are vertices, so that they stay where they are.
std::vector<Point> vertex_places(const StreetWorld& world, std::uint64_t seed, int count) {
  Random random(seed * 104729);
  std::vector<Point> places;
  while (static_cast<int>(places.size()) < count) {
    const auto& line = world.street_shapes()[random.next() % world.street_count()];
    if (!line.empty()) places.push_back(line.front());
  }
  return places;
}

double length_or_infinite(const Walk& walk) { return walk.way == Way::walked ? walk.distance_m : HUGE_VAL; }

TEST(StreetWalks, ARemovedStreetNeverShortensAWalk) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    StreetWorld world = random_streets(seed);
    const std::vector<Point> places = vertex_places(world, seed, 12);
    const StreetNetwork before = world.build();
    world.remove_street(seed * 31 % world.street_count());
    const StreetNetwork after = world.build();
    const std::vector<Snap> old_snaps = before.snap(places);
    std::vector<Snap> snaps = after.snap(places);
    std::erase_if(snaps, [](const Snap& s) { return s.distance_m > 0; });  // stood on the street removed
    const WalkTable old_table = before.walks(one_each(old_snaps), old_snaps);
    for (std::size_t i = 0; i < old_snaps.size(); ++i) {
      for (const Snap& to : snaps) {
        const Snap from = after.snap(old_snaps[i].from);
        if (from.distance_m > 0) continue;
        const std::vector<Snap> gate{from};
        const auto j = static_cast<std::size_t>(std::find(places.begin(), places.end(), to.from) - places.begin());
        EXPECT_GE(length_or_infinite(after.route(to, gate).walk) + 0.02, length_or_infinite(old_table.get(i, j)));
      }
    }
  }
}

TEST(StreetWalks, ADeclaredCrossingNeverLengthensAWalk) {
  std::size_t opened = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    StreetWorld world = random_streets(seed);
    const std::vector<Point> places = vertex_places(world, seed, 12);
    NetworkOptions options;
    options.only_declared = {true, true, true};
    options.crossing_reach_m = 60;
    StreetNetwork before = world.build(options);
    Random random(seed);
    for (int round = 0; round < 6; ++round) {
      const auto& line = world.barrier_shapes()[random.next() % 3];
      const Point p = line[random.next() % line.size()];
      for (const BarrierKind kind : {BarrierKind::trunk_road, BarrierKind::rail, BarrierKind::river})
        world.crossing(p, kind);
      const StreetNetwork after = world.build(options);
      const std::vector<Snap> old_snaps = before.snap(places);
      const std::vector<Snap> snaps = after.snap(places);
      const WalkTable old_table = before.walks(one_each(old_snaps), old_snaps);
      const WalkTable table = after.walks(one_each(snaps), snaps);
      for (std::size_t i = 0; i < places.size(); ++i) {
        for (std::size_t j = 0; j < places.size(); ++j) {
          EXPECT_LE(length_or_infinite(table.get(i, j)), length_or_infinite(old_table.get(i, j)) + 1e-9);
          opened += length_or_infinite(table.get(i, j)) < length_or_infinite(old_table.get(i, j));
        }
      }
      before = after;
    }
  }
  EXPECT_GT(opened, 100u);
}

// A barrier through the streets' vertices counts like the same barrier a few centimetres beside them.
TEST(StreetWalks, ABarrierThroughJunctionsCountsLikeOneBesideThem) {
  std::size_t crossing = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Random random(seed);
    StreetWorld through("");
    StreetWorld beside("");
    std::vector<std::vector<Point>> nodes(9);
    for (int x = 0; x < 9; ++x) {
      for (int y = 0; y < 9; ++y) {
        nodes[static_cast<std::size_t>(x)].push_back(
            street_place(100 * x + random.between(-30, 30), 100 * y + random.between(-30, 30)));
      }
    }
    const auto add = [&](Point a, Point b) {
      if (random.between(0, 99) < 15) return;
      through.add_street({a, b});
      beside.add_street({a, b});
    };
    for (std::size_t x = 0; x < 9; ++x) {
      for (std::size_t y = 0; y < 9; ++y) {
        if (x < 8) add(nodes[x][y], nodes[x + 1][y]);
        if (y < 8 && x != 3 && x != 5) add(nodes[x][y], nodes[x][y + 1]);  // no street along the barriers
      }
    }
    for (const std::size_t column : {std::size_t{3}, std::size_t{5}}) {
      Polyline line = nodes[column];
      line.insert(line.begin(), {line.front().lon, line.front().lat - 10000});
      line.push_back({line.back().lon, line.back().lat + 10000});
      through.add_barrier(line, column == 3 ? BarrierKind::river : BarrierKind::rail);
      for (Point& p : line) p.lon += 3;
      beside.add_barrier(line, column == 3 ? BarrierKind::river : BarrierKind::rail);
    }
    std::vector<Point> places;
    for (const std::size_t x : {0u, 1u, 2u, 4u, 6u, 8u})
      places.push_back(nodes[x][static_cast<std::size_t>(random.between(0, 8))]);
    const StreetNetwork first = through.build();
    const StreetNetwork second = beside.build();
    for (const Point a : places) {
      for (const Point b : places) {
        const Walk x = test::walk_between(first, a, b);
        const Walk y = test::walk_between(second, a, b);
        EXPECT_EQ(x.way, y.way);
        EXPECT_NEAR(x.distance_m, y.distance_m, 0.1);
        EXPECT_EQ(x.crossings, y.crossings) << seed;
        crossing += x.crossings.total() > 0;
      }
    }
  }
  EXPECT_GT(crossing, 200u);
}

TEST(StreetWalks, AreTheSameOnAnyNumberOfThreads) {
  const StreetNetwork network = random_streets(5, 14).build();
  const std::vector<Point> places = random_places(5, 90);
  const std::vector<Snap> snaps = network.snap(places);
  std::vector<std::vector<Snap>> schools;
  for (std::size_t i = 0; i + 1 < snaps.size(); i += 2) schools.push_back({snaps[i], snaps[i + 1]});
  const WalkTable one = network.walks(schools, snaps);
  for (const int threads : {2, 3, 7}) {
    WalkOptions options;
    options.threads = threads;
    const WalkTable table = network.walks(schools, network.snap(places, {}, threads), options);
    for (std::size_t d = 0; d < schools.size(); ++d) {
      for (std::size_t p = 0; p < snaps.size(); ++p) EXPECT_EQ(table.get(d, p), one.get(d, p));
    }
  }
}

TEST(StreetWalks, EndAtTheirBound) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const StreetNetwork network = random_streets(seed).build();
    const std::vector<Snap> snaps = network.snap(random_places(seed, 15));
    const WalkTable all = network.walks(one_each(snaps), snaps);
    WalkOptions options;
    options.max_m = 500;
    const WalkTable near = network.walks(one_each(snaps), snaps, options);
    for (std::size_t a = 0; a < snaps.size(); ++a) {
      for (std::size_t b = 0; b < snaps.size(); ++b) {
        const Walk walk = all.get(a, b);
        if (walk.way == Way::walked && walk.distance_m > 500) {
          EXPECT_EQ(near.get(a, b).way, Way::too_far);
        } else {
          EXPECT_EQ(near.get(a, b), walk);
        }
      }
    }
  }
}

TEST(StreetWalks, LengthsOfStretchesAreThoseOfGeodesics) {
  Random random(11);
  for (int i = 0; i < 2000; ++i) {
    const Point a{random.between(-1'000'000'000, 1'000'000'000), random.between(-600'000'000, 600'000'000)};
    const Point b{a.lon + random.between(-90'000, 90'000), a.lat + random.between(-90'000, 90'000)};
    StreetWorld world("");
    world.add_street({a, b});
    EXPECT_NEAR(world.build().figures().length_m, geodesic_length_m(a, b) + 0.0005, 0.0006);  // rounded up to 1 mm
  }
}

}  // namespace
}  // namespace catchment::geo
