#include "geo/street_network/street_network.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "geo/input_error.hpp"
#include "geo/projection.hpp"
#include "tests/support/street_world.hpp"

namespace catchment::geo {
namespace {

using test::street_place;
using test::StreetWorld;
using test::walk_between;

// One block is 4 columns of 20 m by 2 rows of 40 m: 80 m each way.
constexpr std::string_view kBlocks = R"(
a---b---c
|   |   |
d---e---f
|   |   |
g---h---i)";

void expect_walk(const Walk& walk, double metres, Crossings crossings = {}) {
  EXPECT_EQ(walk.way, Way::walked);
  EXPECT_NEAR(walk.distance_m, metres, 0.1);
  EXPECT_EQ(walk.crossings, crossings);
}

TEST(StreetNetwork, WalksAlongStreetsAroundBlocks) {
  const StreetWorld world(kBlocks);
  const StreetNetwork network = world.build();
  EXPECT_EQ(network.figures().components.size(), 1u);
  EXPECT_NEAR(network.figures().length_m, 12 * 80, 0.2);
  expect_walk(walk_between(network, world.at('a'), world.at('i')), 320);
  expect_walk(walk_between(network, world.at('b'), world.at('b')), 0);
}

TEST(StreetNetwork, ShapeVerticesAreNoNodes) {
  const StreetWorld world("a---b---c");
  EXPECT_EQ(world.build().figures().nodes, 2u);
  EXPECT_EQ(world.build().figures().edges, 1u);
}

TEST(StreetNetwork, PlacesOnOneStreetWalkAlongItOrAroundWhicheverIsShorter) {
  const StreetWorld world("a---b");
  const StreetNetwork line = world.build();
  expect_walk(walk_between(line, street_place(10, 3), street_place(50, -4)), 47);
  StreetWorld ring("a----------b\n|          |\n+----------+");  // 220 by 80 m, one closed edge
  const StreetNetwork network = ring.build();
  EXPECT_EQ(network.figures().nodes, 1u);
  EXPECT_EQ(network.figures().edges, 1u);
  expect_walk(walk_between(network, street_place(10, 0), street_place(10, -80)), 100);
  expect_walk(walk_between(network, street_place(200, 0), street_place(200, -80)), 120);
  expect_walk(walk_between(network, street_place(100, 0), street_place(120, -80)), 300);
}

TEST(StreetNetwork, ARiverIsCrossedByTheBridgeOnly) {
  StreetWorld world(R"(
  a---b---c
  |       |
  d---e---f
  |
  g---h---i)");
  world.barrier(BarrierKind::river, R"(



+-------------+)");  // between the rows of d and g
  const StreetNetwork network = world.build();
  EXPECT_EQ(network.figures().passages[static_cast<std::size_t>(BarrierKind::river)], 1u);
  expect_walk(walk_between(network, world.at('f'), world.at('i')), 160 + 80 + 160, {0, 0, 1});
  expect_walk(walk_between(network, world.at('a'), world.at('f')), 240);
}

TEST(StreetNetwork, TheNearestStreetBeyondARiverIsPassedOver) {
  const Polyline river{street_place(-50, 0), street_place(250, 0)};
  StreetWorld both("");
  both.add_street({street_place(0, 40), street_place(200, 40)});
  both.add_street({street_place(0, -10), street_place(200, -10)});
  both.add_barrier(river, BarrierKind::river);
  const Point bank = street_place(100, 8);
  EXPECT_EQ(both.build().snap(bank).status, SnapStatus::snapped);
  EXPECT_NEAR(both.build().snap(bank).distance_m, 32, 0.1);
  StreetWorld one_side("");
  one_side.add_street({street_place(0, -10), street_place(200, -10)});
  one_side.add_barrier(river, BarrierKind::river);
  const StreetNetwork network = one_side.build();
  const Snap snap = network.snap(bank);
  EXPECT_EQ(snap.status, SnapStatus::across_barrier);
  EXPECT_NEAR(snap.distance_m, 18, 0.1);
  expect_walk(walk_between(network, bank, street_place(150, -10)), 18 + 50, {0, 0, 1});
  SnapOptions strict;
  strict.across = false;
  EXPECT_EQ(network.snap(bank, strict).status, SnapStatus::out_of_limit);
}

// The ends that a street has on the banks belong to their own bank, though they are one place.
TEST(StreetNetwork, AClosedBridgeIsReachedFromEitherBankOnly) {
  StreetWorld world("");
  world.add_street({street_place(0, -50), street_place(0, 50)});
  world.add_barrier({street_place(-90, 0.1), street_place(90, 0.1)}, BarrierKind::river);
  NetworkOptions options;
  options.only_declared = {true, true, true};
  const StreetNetwork network = world.build(options);
  for (const double north : {-0.2, -5.0, 0.3, 5.0}) {
    for (const double east : {-20.0, 20.0}) {
      const Snap snap = network.snap(street_place(east, north));
      EXPECT_EQ(snap.status, SnapStatus::snapped) << north;
      const Point own = street_place(0, north > 0.1 ? 50 : -50);
      const Point other = street_place(0, north > 0.1 ? -50 : 50);
      EXPECT_EQ(walk_between(network, snap.from, own).way, Way::walked) << north;
      EXPECT_EQ(walk_between(network, snap.from, other).way, Way::unreachable) << north;
    }
  }
}

TEST(StreetNetwork, ATrunkRoadIsCountedWhenCrossedAtAJunction) {
  StreetWorld world(R"(
    a
    |
b===c===d
    |
    e)");
  world.trunk_bars();
  const StreetNetwork network = world.build();
  expect_walk(walk_between(network, world.at('a'), world.at('e')), 160, {1, 0, 0});
}

TEST(StreetNetwork, WalkingAlongATrunkRoadAndBackOnTheSameSideCrossesNothing) {
  StreetWorld world(R"(
    a       k
    |       |
b===c===m===d===f
    |       |
    e       g)");
  world.trunk_bars();
  const StreetNetwork network = world.build();
  expect_walk(walk_between(network, world.at('a'), world.at('k')), 320);
  expect_walk(walk_between(network, world.at('e'), world.at('g')), 320);
  expect_walk(walk_between(network, world.at('a'), world.at('g')), 320, {1, 0, 0});
  NetworkOptions options;
  options.walk_on_trunk = false;
  EXPECT_EQ(walk_between(world.build(options), world.at('a'), world.at('k')).way, Way::unreachable);
  expect_walk(walk_between(world.build(options), world.at('a'), world.at('e')), 160, {1, 0, 0});
}

TEST(StreetNetwork, ATrunkRoadIsReachedFromTheSideOneStandsOn) {
  StreetWorld world("b=======c");
  world.trunk_bars();
  const StreetNetwork network = world.build();
  const Point north = street_place(60, 12);
  const Point south = street_place(100, -9);
  EXPECT_EQ(network.snap(north).status, SnapStatus::snapped);
  EXPECT_EQ(network.snap(south).status, SnapStatus::snapped);
  // Nothing bars the way around the road's end.
  expect_walk(walk_between(network, north, south), 12 + 60 + 60 + 9 + 40);
}

TEST(StreetNetwork, BetweenItsJunctionsATrunkRoadIsCrossedAtDeclaredCrossingsOnly) {
  StreetWorld world(R"(
    a               e
    |               |
w===b=======m=======c===z
    |               |
    d               f)");
  world.trunk_bars();
  const Point north = street_place(230, -60);
  const Point south = street_place(230, -100);
  expect_walk(walk_between(world.build(), north, south), 20 + 150 + 150 + 20, {1, 0, 0});
  world.crossing(street_place(245, -85), BarrierKind::trunk_road);  // 7 m from m
  expect_walk(walk_between(world.build(), north, south), 20 + 10 + 10 + 20, {1, 0, 0});
  world.crossing(street_place(165, -585), BarrierKind::trunk_road);
  EXPECT_EQ(world.build().figures().unused_crossings, 1u);
}

TEST(StreetNetwork, OnlyDeclaredCrossingsLeadOverWhereThatIsAskedFor) {
  StreetWorld world(kBlocks);
  world.add_barrier({street_place(-20, -40), street_place(180, -40)}, BarrierKind::rail);  // a-c above, d-f below
  NetworkOptions options;
  options.only_declared[static_cast<std::size_t>(BarrierKind::rail)] = true;
  EXPECT_EQ(walk_between(world.build(options), world.at('a'), world.at('d')).way, Way::unreachable);
  EXPECT_EQ(world.build(options).figures().closed_passages, 3u);
  world.crossing(street_place(163, -44), BarrierKind::rail);
  expect_walk(walk_between(world.build(options), world.at('a'), world.at('d')), 160 + 80 + 160, {0, 1, 0});
  world.crossing(street_place(0, -40), BarrierKind::river);  // of another kind
  expect_walk(walk_between(world.build(options), world.at('a'), world.at('d')), 160 + 80 + 160, {0, 1, 0});
}

TEST(StreetNetwork, TwoTrunkRoadsThatCrossAreFourCorners) {
  StreetWorld world(R"(
    a
    H
b===x===c
    H
    d)");
  world.trunk_bars();
  const StreetNetwork network = world.build();
  const auto corner = [](double east, double north) { return street_place(80 + east, -80 + north); };
  expect_walk(walk_between(network, corner(40, 8), corner(12, 60)), 8 + 40 + 60 + 12);
  expect_walk(walk_between(network, corner(40, 8), corner(-12, 60)), 8 + 40 + 60 + 12, {1, 0, 0});
  expect_walk(walk_between(network, corner(40, 8), corner(-60, -12)), 8 + 40 + 60 + 12, {2, 0, 0});
}

TEST(StreetNetwork, ABridgeOverATrunkRoadDoesNotMeetIt) {
  StreetWorld world(R"(
    a
    |
b=======d
    |
    e)");
  world.trunk_bars();
  const StreetNetwork network = world.build();
  EXPECT_EQ(network.figures().components.size(), 2u);
  expect_walk(walk_between(network, world.at('a'), world.at('e')), 160, {1, 0, 0});
  EXPECT_EQ(walk_between(network, world.at('b'), world.at('e')).way, Way::unreachable);
  NetworkOptions at_grade;
  at_grade.joins = Joins::at_grade;
  const StreetNetwork joined = world.build(at_grade);
  EXPECT_EQ(joined.figures().components.size(), 1u);
  expect_walk(walk_between(joined, world.at('a'), world.at('e')), 160, {1, 0, 0});
  expect_walk(walk_between(joined, street_place(0, -78), world.at('a')), 2 + 80 + 80);
}

TEST(StreetNetwork, WhereStreetsMeetIsForTheCallerToSay) {
  StreetWorld world("a-------b");
  world.add_street({street_place(40, 0), street_place(40, 60)});      // touches, where the first has no vertex
  world.add_street({street_place(120, -50), street_place(120, 50)});  // crosses
  NetworkOptions options;
  EXPECT_EQ(world.build(options).figures().components.size(), 3u);
  options.joins = Joins::touching;
  EXPECT_EQ(world.build(options).figures().components.size(), 2u);
  options.joins = Joins::at_grade;
  EXPECT_EQ(world.build(options).figures().components.size(), 1u);
  expect_walk(walk_between(world.build(options), street_place(40, 60), street_place(120, -50)), 60 + 80 + 50);
}

// Two ways around a rhombus, equal to the last unit.
TEST(StreetNetwork, EqualWaysTakeTheFewerTrunkRoads) {
  for (const bool trunk_west : {true, false}) {
    StreetWorld world("");
    const Point top = street_place(0, 40);
    const Point bottom = street_place(0, -40);
    world.add_street({top, street_place(-60, 0), bottom});
    world.add_street({top, street_place(60, 0), bottom});
    const double side = trunk_west ? -1 : 1;
    world.add_barrier({street_place(side * 30, 60), street_place(side * 30, 0)}, BarrierKind::trunk_road);
    world.add_barrier({street_place(side * -30, 60), street_place(side * -30, 0)}, BarrierKind::rail);
    expect_walk(walk_between(world.build(), top, bottom), 2 * std::hypot(60, 40), {0, 1, 0});
  }
}

TEST(StreetNetwork, TheNearestGateCountsAndTheRouteLeadsToIt) {
  StreetWorld world(kBlocks);
  const StreetNetwork network = world.build();
  const std::vector<std::vector<Snap>> schools{{network.snap(world.at('a')), network.snap(world.at('i'))}, {}};
  const std::vector<Snap> places{network.snap(street_place(150, -100))};
  const WalkTable table = network.walks(schools, places);
  expect_walk(table.get(0, 0), 10 + 60);
  EXPECT_EQ(table.get(1, 0).way, Way::none);
  const Route route = network.route(places[0], schools[0]);
  EXPECT_EQ(route.walk, table.get(0, 0));
  EXPECT_EQ(route.gate, 1u);
  EXPECT_EQ(route.line, (Polyline{street_place(150, -100), places[0].at, world.at('i')}));
  EXPECT_EQ(network.route(places[0], schools[1]).walk.way, Way::none);
}

TEST(StreetNetwork, WhatIsNotWalkedIsSaidAndStraightOnlyWhereAskedFor) {
  StreetWorld world("a---b     c---d");
  const StreetNetwork network = world.build();
  const Point away = street_place(0, 900);
  EXPECT_EQ(walk_between(network, world.at('a'), world.at('d')).way, Way::unreachable);
  EXPECT_EQ(walk_between(network, world.at('a'), away).way, Way::off_network);
  WalkOptions options;
  options.straight_fallback = true;
  const Walk walk = walk_between(network, world.at('a'), world.at('d'), options);
  EXPECT_EQ(walk.way, Way::straight);
  EXPECT_DOUBLE_EQ(walk.distance_m, geodesic_length_m(world.at('a'), world.at('d')));
  options.max_m = 79;
  EXPECT_EQ(walk_between(network, world.at('a'), world.at('b'), options).way, Way::too_far);
  EXPECT_EQ(walk_between(network, world.at('a'), world.at('d'), options).way, Way::too_far);
  options.max_m = 81;
  EXPECT_EQ(walk_between(network, world.at('a'), world.at('b'), options).way, Way::walked);
}

TEST(StreetNetwork, ShortComponentsArePassedOverWhereAskedFor) {
  StreetWorld world("a---b     c----------d");
  const StreetNetwork network = world.build();
  const Point between = street_place(110, 0);
  EXPECT_NEAR(network.snap(between).distance_m, 30, 0.1);
  SnapOptions options;
  options.min_component_m = 100;
  EXPECT_NEAR(network.snap(between, options).distance_m, 90, 0.1);
}

TEST(StreetNetwork, DegenerateInputIsTakenForWhatItIs) {
  const StreetNetwork empty = StreetNetwork::build({}, {});
  EXPECT_EQ(empty.figures().nodes, 0u);
  EXPECT_EQ(empty.snap(street_place(0, 0)).status, SnapStatus::out_of_limit);
  EXPECT_EQ(walk_between(empty, street_place(0, 0), street_place(1, 1)).way, Way::off_network);

  StreetWorld world("a---b");
  const Point p = street_place(500, 0);
  world.add_street({p});
  world.add_street({p, p, p});
  world.add_street({});
  world.add_street({world.at('a'), world.at('a'), world.at('b'), world.at('b')});                        // once more
  world.add_street({world.at('b'), street_place(90, 10), street_place(90, -10), street_place(70, 10)});  // over itself
  world.add_barrier({p}, BarrierKind::rail);
  world.add_barrier({street_place(-20, 50), street_place(-20, -50), street_place(-20, 50)}, BarrierKind::rail);
  const StreetNetwork network = world.build();
  EXPECT_EQ(network.figures().lines_without_length, 3u);
  EXPECT_EQ(network.figures().duplicate_pieces, 1u);
  expect_walk(walk_between(network, world.at('a'), world.at('b')), 80);
}

TEST(StreetNetwork, ABarrierDrawnTwiceCountsOnce) {
  StreetWorld world("a---b");
  world.add_barrier({street_place(40, 50), street_place(40, -50)}, BarrierKind::rail);
  world.add_barrier({street_place(40, -50), street_place(40, 50)}, BarrierKind::rail);
  expect_walk(walk_between(world.build(), world.at('a'), world.at('b')), 80, {0, 1, 0});
  world.add_barrier({street_place(42, -50), street_place(42, 50)}, BarrierKind::rail);  // a second track
  expect_walk(walk_between(world.build(), world.at('a'), world.at('b')), 80, {0, 2, 0});
}

TEST(StreetNetwork, LinesAcrossTheAntimeridianAreRefused) {
  const Polyline line{{1'799'999'000, 0}, {-1'799'999'000, 0}};
  const StreetLine street{line, "", StreetKind::path};
  try {
    StreetNetwork::build(std::span(&street, 1), {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code, "network_too_wide");
  }
  const Polyline far{{0, 0}, {200'000'000, 0}};  // 2,200 km
  const StreetLine endless{far, "", StreetKind::path};
  try {
    StreetNetwork::build(std::span(&endless, 1), {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code, "street_too_long");
  }
  WalkOptions options;
  for (const double wrong : {-1.0, 1'000'001.0, std::nan("")}) {
    options.max_m = wrong;
    EXPECT_THROW(StreetNetwork::build({}, {}).walks({}, {}, options), InputError);
  }
}

TEST(WalkKey, CountsStopAtTheirMostAndNeverReachTheLength) {
  WalkKey key = WalkKey::of_length(5);
  for (int i = 0; i < 2000; ++i) {
    key = key + WalkKey::of_crossing(BarrierKind::river) + WalkKey::of_crossing(BarrierKind::trunk_road);
  }
  key = key + WalkKey::of_crossing(BarrierKind::rail) + WalkKey::of_length(7) + key;
  EXPECT_EQ(key.length_mm(), 17u);
  EXPECT_EQ(key.crossings(), (Crossings{Crossings::kMost, 1, Crossings::kMost}));
  EXPECT_LT(key, WalkKey::last_of_length(17));
  EXPECT_LT(WalkKey::last_of_length(17), WalkKey::of_length(18));
}

}  // namespace
}  // namespace catchment::geo
