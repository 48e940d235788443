#include "engine/planning/seat_flow.hpp"

#include <gtest/gtest.h>

#include "geo/input_error.hpp"
#include "tests/support/seat_world.hpp"

namespace catchment::testing {
namespace {

using namespace engine::planning;

std::vector<std::string> wrong_with(const SeatFlow& flow) {
  return check_seat_flow(flow.input(), {flow.placed(), flow.prices(), flow.cost()});
}

SeatFlow solved(const SeatFlowInput& in) {
  SeatFlow flow(in);
  flow.solve();
  return flow;
}

// Two units at two schools: the near one has a seat less than it is wanted.
SeatFlowInput two_schools() {
  SeatFlowInput in;
  in.children = {3, 2};
  in.seats = {4, 9};
  in.arcs = {{0, 0, 100}, {0, 1, 900}, {1, 0, 200}, {1, 1, 600}};
  in.unplaced_metres = 5000;
  return in;
}

TEST(SeatFlow, TheChildWithTheShortestDetourGivesWay) {
  const SeatFlow flow = solved(two_schools());
  EXPECT_EQ(flow.cost(), 3 * 100 + 200 + 600);
  EXPECT_EQ(std::vector<int>(flow.placed().begin(), flow.placed().end()), (std::vector<int>{3, 0, 1, 1}));
  EXPECT_EQ(flow.unplaced(), 0);
  EXPECT_TRUE(wrong_with(flow).empty());
}

TEST(SeatFlow, APriceIsWhatOneSeatMoreSaves) {
  SeatFlow flow = solved(two_schools());
  EXPECT_EQ(flow.next_seat_saves(0), 400);
  EXPECT_EQ(flow.next_seat_saves(1), 0);
  EXPECT_EQ(flow.canonical_prices()[0], 400);
  flow.set_seats(1, 0);
  flow.solve();
  EXPECT_EQ(flow.unplaced(), 1);
  EXPECT_EQ(flow.next_seat_saves(0), 5000 - 200);
  EXPECT_EQ(flow.next_seat_saves(1), 5000 - 600);
}

TEST(SeatFlow, ChildrenWithoutAnySchoolAreUnplaced) {
  SeatFlowInput in = two_schools();
  in.arcs.resize(2);
  const SeatFlow flow = solved(in);
  EXPECT_EQ(flow.unplaced_of()[1], 2);
  EXPECT_EQ(flow.cost(), 3 * 100 + 2 * 5000);
}

TEST(SeatFlow, RefusesListsThatDoNotFitTogether) {
  const auto refused = [](const auto& spoil) {
    SeatFlowInput in = two_schools();
    spoil(in);
    EXPECT_THROW(SeatFlow{in}, InputError);
  };
  refused([](SeatFlowInput& in) { in.children[0] = -1; });
  refused([](SeatFlowInput& in) { in.seats[1] = -1; });
  refused([](SeatFlowInput& in) { in.arcs[0].school = 2; });
  refused([](SeatFlowInput& in) { in.arcs[0].unit = 2; });
  refused([](SeatFlowInput& in) { in.arcs[1].school = 0; });
  refused([](SeatFlowInput& in) { in.arcs[0].metres = -1; });
  refused([](SeatFlowInput& in) { in.unplaced_metres = 100'000'001; });
  SeatFlow flow = solved(two_schools());
  EXPECT_THROW(flow.set_metres(0, 7, 1), InputError);
  EXPECT_THROW(flow.set_seats(2, 1), InputError);
  EXPECT_THROW(flow.set_children(0, -1), InputError);
}

TEST(SeatFlow, TheCheckFindsEveryKindOfFalseClaim) {
  SeatFlow flow = solved(two_schools());
  const auto check = [&](std::vector<int> placed, std::vector<std::int64_t> prices, std::int64_t cost) {
    return !check_seat_flow(flow.input(), {placed, prices, cost}).empty();
  };
  EXPECT_FALSE(check({3, 0, 1, 1}, {400, 0}, 1100));
  EXPECT_TRUE(check({3, 0, 1, 1}, {400, 0}, 1099));
  EXPECT_TRUE(check({3, 0, 2, 0}, {400, 0}, 700));     // over the seats
  EXPECT_TRUE(check({2, 1, 2, 0}, {400, 0}, 1500));    // not the cheapest
  EXPECT_TRUE(check({3, 0, 1, 0}, {400, 0}, 5500));    // unplaced though seats are free
  EXPECT_TRUE(check({3, 0, 1, 1}, {300, 0}, 1100));    // too low a price
  EXPECT_TRUE(check({3, 0, 1, 1}, {400, 100}, 1100));  // a price of free seats
  EXPECT_TRUE(check({4, -1, 0, 2}, {400, 0}, 700));
}

// Small worlds with many ties and schools of no seats, larger ones as cities have them.
TEST(SeatFlow, AfterThousandsOfChangesItCostsWhatANetworkSimplexFinds) {
  int changes = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SeatWorld world;
    world.units = 5 + static_cast<int>(seed) * 3, world.schools = 2 + static_cast<int>(seed) / 4;
    world.children = seed % 3 == 0 ? 1 : 12, world.seats = seed % 2 == 0 ? 1.03 : 0.9, world.seed = seed;
    world.square_m = seed % 5 == 0 ? 12 : 20'000;
    SeatFlow flow = solved(make_seat_flow(world));
    PlanRandom random(seed);
    for (int step = 0; step < 100; ++step, ++changes) {
      for (std::uint32_t k = random.below(3); k < 3; ++k)
        change_at_random(flow, random, 1 + static_cast<int>(seed % 9));
      flow.solve();
      ASSERT_TRUE(wrong_with(flow).empty()) << seed << " " << step << " " << wrong_with(flow).front();
      ASSERT_EQ(flow.cost(), lemon_cost(flow.input())) << seed << " " << step;
    }
    ASSERT_EQ(flow.cost(), solved(flow.input()).cost()) << seed;
  }
  EXPECT_GE(changes, 4000);
}

TEST(SeatFlow, CanonicalPricesAreSavingsAndTheSameWhateverCameBefore) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SeatWorld world;
    world.units = 40, world.schools = 6, world.children = 6, world.seats = seed % 2 == 0 ? 1.02 : 0.95,
    world.seed = seed;
    world.square_m = seed % 3 == 0 ? 10 : 5000;
    SeatFlow flow = solved(make_seat_flow(world));
    PlanRandom random(seed);
    for (int step = 0; step < 20; ++step) change_at_random(flow, random, 5), flow.solve();
    SeatFlow fresh = solved(flow.input());
    std::vector<std::int64_t> saved;
    for (std::uint32_t s = 0; s < 6; ++s) {
      saved.push_back(flow.next_seat_saves(s));
      SeatFlow with = flow;
      with.set_seats(s, flow.input().seats[s] + 1);
      with.solve();
      EXPECT_EQ(saved.back(), flow.cost() - with.cost()) << seed << " " << s;
    }
    const auto prices = flow.canonical_prices(), others = fresh.canonical_prices();
    EXPECT_EQ(std::vector<std::int64_t>(prices.begin(), prices.end()), saved) << seed;
    EXPECT_EQ(std::vector<std::int64_t>(others.begin(), others.end()), saved) << seed;
    EXPECT_TRUE(wrong_with(flow).empty()) << seed;
  }
}

}  // namespace
}  // namespace catchment::testing
