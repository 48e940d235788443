#include "engine/admission/assignment/overflow.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>

#include "engine/planning/plan_random.hpp"
#include "geo/input_error.hpp"
#include "tests/support/lemon_flow.hpp"

namespace catchment::engine::admission {
namespace {

using planning::PlanRandom;

struct OverflowCase {
  int children = 6, schools = 3, tiers = 1, most_seats = 2, most_metres = 6;
  double reach = 0.7;  // chance of a way
};

OverflowInput make_overflow(PlanRandom& random, const OverflowCase& sizes) {
  OverflowInput in;
  const auto below = [&](int limit) { return static_cast<int>(random.below(static_cast<std::uint32_t>(limit))); };
  for (int s = 0; s < sizes.schools; ++s) in.seats.push_back(below(sizes.most_seats + 1));
  std::vector<std::uint32_t> places(static_cast<std::size_t>(sizes.children));
  std::iota(places.begin(), places.end(), 0u);
  for (std::size_t i = places.size(); i > 1; --i)
    std::swap(places[i - 1], places[random.below(static_cast<std::uint32_t>(i))]);
  for (std::uint32_t c = 0; c < places.size(); ++c) {
    in.children.push_back({1 + below(sizes.tiers), places[c], kNobody});
    for (std::uint32_t s = 0; s < in.seats.size(); ++s) {
      if (random.unit() < sizes.reach) in.ways.push_back({c, s, 1 + below(sizes.most_metres)});
    }
  }
  return in;
}

std::optional<int> metres_to(const OverflowInput& in, std::uint32_t child, std::uint32_t school) {
  std::optional<int> least;
  for (const OverflowWay& w : in.ways) {
    if (w.child == child && w.school == school && (!least || w.metres < *least)) least = w.metres;
  }
  return least;
}

std::vector<std::uint32_t> in_order(const OverflowInput& in) {
  std::vector<std::uint32_t> order(in.children.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t c) { return std::pair(in.children[c].tier, in.children[c].place); });
  return order;
}

// Every way to seat the children, by school.
void for_every_assignment(const OverflowInput& in,
                          const std::function<void(const std::vector<std::uint32_t>&)>& visit) {
  std::vector<std::uint32_t> school(in.children.size(), kNobody);
  std::vector<int> left = in.seats;
  const std::function<void(std::uint32_t)> next = [&](std::uint32_t c) {
    if (c == school.size()) return visit(school);
    school[c] = kNobody;
    next(c + 1);
    for (std::uint32_t s = 0; s < left.size(); ++s) {
      if (left[s] == 0 || !metres_to(in, c, s)) continue;
      --left[s];
      school[c] = s;
      next(c + 1);
      ++left[s];
      school[c] = kNobody;
    }
  };
  next(0);
}

// What the header ranks assignments by, smaller better: unseated, who, metres by tier, walks in order.
std::vector<std::int64_t> merit(const OverflowInput& in, const std::vector<std::uint32_t>& school) {
  std::vector<std::int64_t> who, walks, tiers(8, 0);
  std::int64_t unseated = 0;
  for (const std::uint32_t c : in_order(in)) {
    const bool seated = school[c] != kNobody;
    unseated += seated ? 0 : 1;
    who.push_back(seated ? 0 : 1);
    const std::int64_t metres = seated ? *metres_to(in, c, school[c]) : 0;
    tiers[static_cast<std::size_t>(in.children[c].tier)] += metres;
    walks.push_back(metres * 1000 + (seated ? school[c] : 0));
  }
  std::vector<std::int64_t> all{unseated};
  for (const auto& part : {who, tiers, walks}) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::vector<std::uint32_t> schools_of(const OverflowResult& result) {
  std::vector<std::uint32_t> schools;
  for (const OverflowSeat& seat : result.seats) schools.push_back(seat.school);
  return schools;
}

std::string schools_text(const std::vector<std::uint32_t>& schools) {
  std::string text;
  for (const std::uint32_t s : schools) text += s == kNobody ? " -" : " " + std::to_string(s);
  return text;
}

// B sits where A would rather be, and A is of a higher tier, or of B's and nearer, or equally near and before it.
bool is_leapfrog(const OverflowInput& in, const std::vector<std::uint32_t>& school, std::uint32_t a, std::uint32_t b) {
  if (school[b] == kNobody) return false;
  const std::optional<int> wanted = metres_to(in, a, school[b]);
  if (!wanted) return false;
  if (school[a] != kNobody && std::pair(*metres_to(in, a, school[a]), school[a]) <= std::pair(*wanted, school[b]))
    return false;
  const auto claim = [&](std::uint32_t c, int metres) {
    return std::tuple(in.children[c].tier, metres, in.children[c].place);
  };
  return claim(a, *wanted) < claim(b, *metres_to(in, b, school[b]));
}

bool wants_free_seat(const OverflowInput& in, const std::vector<std::uint32_t>& school, std::uint32_t a) {
  for (std::uint32_t s = 0; s < in.seats.size(); ++s) {
    const std::optional<int> metres = metres_to(in, a, s);
    if (!metres || std::ranges::count(school, s) == in.seats[s]) continue;
    if (school[a] == kNobody || std::pair(*metres, s) < std::pair(*metres_to(in, a, school[a]), school[a])) return true;
  }
  return false;
}

bool is_fair(const OverflowInput& in, const std::vector<std::uint32_t>& school) {
  for (std::uint32_t a = 0; a < school.size(); ++a) {
    if (wants_free_seat(in, school, a)) return false;
    for (std::uint32_t b = 0; b < school.size(); ++b) {
      if (is_leapfrog(in, school, a, b)) return false;
    }
  }
  return true;
}

// serves: ZZ19 ZZ29
TEST(Overflow, LeastWalkIsTheBestOfAllAssignments) {
  PlanRandom random(1);
  for (int round = 0; round < 600; ++round) {
    const OverflowInput in =
        make_overflow(random, {.children = 3 + round % 4, .schools = 2 + round % 3, .tiers = 1 + round % 3});
    const OverflowResult result = place_overflow(in);
    EXPECT_EQ(check_overflow(in, result), std::vector<std::string>{});
    std::vector<std::int64_t> best;
    std::vector<std::uint32_t> best_schools;
    for_every_assignment(in, [&](const std::vector<std::uint32_t>& school) {
      std::vector<std::int64_t> m = merit(in, school);
      if (best.empty() || m < best) best = std::move(m), best_schools = school;
    });
    ASSERT_EQ(schools_text(schools_of(result)), schools_text(best_schools)) << "round " << round;
  }
}

// serves: ZZ19
TEST(Overflow, LeastWalkLetsNobodyLowerHaveASeatThatWouldCostNothingToGiveUp) {
  PlanRandom random(2);
  for (int round = 0; round < 200; ++round) {
    const OverflowInput in = make_overflow(random, {.children = 6, .schools = 3, .tiers = 2});
    const std::vector<std::uint32_t> school = schools_of(place_overflow(in));
    for (std::uint32_t a = 0; a < school.size(); ++a) {
      ASSERT_FALSE(wants_free_seat(in, school, a) && school[a] == kNobody);
      for (std::uint32_t b = 0; b < school.size(); ++b) {
        if (!is_leapfrog(in, school, a, b) || school[a] == kNobody) continue;
        const std::optional<int> back = metres_to(in, b, school[a]);  // a plain exchange of the two
        if (!back) continue;
        const int gain = *metres_to(in, a, school[a]) - *metres_to(in, a, school[b]);
        const int loss = *back - *metres_to(in, b, school[b]);
        if (in.children[a].tier != in.children[b].tier) {  // A only wants the lower number, and B would lose
          ASSERT_EQ(gain, 0);
          ASSERT_GT(loss, 0);
          continue;
        }
        ASSERT_GE(loss, gain);
        if (loss == gain) {
          ASSERT_LT(in.children[b].place, in.children[a].place);
        }
      }
    }
  }
}

// The case of the header.
TEST(Overflow, LeastWalkAndNoLeapfrogPartWaysOnAnnAndBob) {
  OverflowInput in;
  in.children = {{1, 0, kNobody}, {1, 1, kNobody}};
  in.seats = {1, 1};
  in.ways = {{0, 0, 10}, {0, 1, 11}, {1, 0, 12}, {1, 1, 1000}};
  const OverflowResult least = place_overflow(in);
  EXPECT_EQ(schools_of(least), (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(least.tier_m, std::vector<std::int64_t>{23});
  EXPECT_EQ(least.seats[0].wanted.school, 0u);
  EXPECT_EQ(least.seats[0].wanted.metres, 10);
  EXPECT_EQ(least.seats[0].wanted.others_m, 987);
  in.rule = OverflowRule::no_leapfrog;
  const OverflowResult fair = place_overflow(in);
  EXPECT_EQ(schools_of(fair), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(fair.tier_m, std::vector<std::int64_t>{1010});
  EXPECT_EQ(fair.seats[1].wanted.last_child, 0u);
  in.ways.pop_back();  // Y out of Bob's reach
  EXPECT_EQ(place_overflow(in).unseated, std::vector<std::uint32_t>{1});
  in.rule = OverflowRule::least_walk;
  EXPECT_TRUE(place_overflow(in).unseated.empty());
}

// serves: ZZ19
TEST(Overflow, NoLeapfrogGivesEveryChildTheNearestSeatOfAllFairAssignments) {
  PlanRandom random(3);
  for (int round = 0; round < 300; ++round) {
    OverflowInput in =
        make_overflow(random, {.children = 3 + round % 4, .schools = 2 + round % 3, .tiers = 1 + round % 2});
    in.rule = OverflowRule::no_leapfrog;
    const OverflowResult result = place_overflow(in);
    EXPECT_EQ(check_overflow(in, result), std::vector<std::string>{});
    const std::vector<std::uint32_t> own = schools_of(result);
    ASSERT_TRUE(is_fair(in, own)) << schools_text(own);
    for_every_assignment(in, [&](const std::vector<std::uint32_t>& other) {
      if (!is_fair(in, other)) return;
      for (std::uint32_t c = 0; c < own.size(); ++c) {
        ASSERT_EQ(own[c] == kNobody, other[c] == kNobody);
        if (own[c] != kNobody) {
          ASSERT_LE(*metres_to(in, c, own[c]), *metres_to(in, c, other[c]));
        }
      }
    });
  }
}

// serves: ZZ19
TEST(Overflow, WantedSeatSaysWhatItWouldCost) {
  PlanRandom random(4);
  int told = 0;
  for (int round = 0; round < 200; ++round) {
    const OverflowInput in = make_overflow(random, {.children = 5, .schools = 3, .tiers = 1, .most_metres = 30});
    const OverflowResult result = place_overflow(in);
    for (std::uint32_t c = 0; c < in.children.size(); ++c) {
      const OverflowSeat& seat = result.seats[c];
      if (seat.status != OverflowStatus::seated || seat.wanted.school == kNobody) continue;
      EXPECT_LT(seat.wanted.metres, seat.metres + 1);
      OverflowInput held = in;  // the child may only go there
      std::erase_if(held.ways, [&](const OverflowWay& w) { return w.child == c && w.school != seat.wanted.school; });
      const OverflowResult other = place_overflow(held);
      ASSERT_EQ(seat.wanted.costs_a_seat, other.unseated != result.unseated);
      if (seat.wanted.costs_a_seat) continue;
      ASSERT_EQ(other.tier_m[0] - result.tier_m[0], seat.wanted.others_m);
      ++told;
    }
  }
  EXPECT_GT(told, 50);
}

OverflowInput make_estates(PlanRandom& random, int estates, int a_estate, int schools) {
  OverflowInput in;
  const auto below = [&](int limit) { return static_cast<int>(random.below(static_cast<std::uint32_t>(limit))); };
  const int children = estates * a_estate;
  for (int s = 0; s < schools; ++s) in.seats.push_back(below(2 * children / schools + 1));
  for (int e = 0; e < estates; ++e) {
    std::vector<OverflowWay> ways;
    for (std::uint32_t s = 0; s < in.seats.size(); ++s) {
      if (random.unit() < 0.5) ways.push_back({0, s, 100 + below(2000)});
    }
    for (int c = 0; c < a_estate; ++c) {
      const auto child = static_cast<std::uint32_t>(in.children.size());
      in.children.push_back({1 + below(2), child, kNobody});
      for (OverflowWay w : ways) {
        w.child = child;
        in.ways.push_back(w);
      }
    }
  }
  return in;
}

std::vector<testing::LemonArc> lemon_arcs(const OverflowInput& in, const std::vector<char>& counts) {
  std::vector<testing::LemonArc> arcs;
  for (const OverflowWay& w : in.ways) {
    if (counts[w.child] != 0) arcs.push_back({static_cast<int>(w.child), static_cast<int>(w.school), w.metres});
  }
  return arcs;
}

// serves: ZZ19
TEST(Overflow, LeastWalkCostsWhatLemonFinds) {
  PlanRandom random(5);
  for (int round = 0; round < 40; ++round) {
    OverflowInput in = make_estates(random, 12, 6, 7);
    for (OverflowChild& c : in.children) c.tier = 1;
    const OverflowResult result = place_overflow(in);
    EXPECT_EQ(check_overflow(in, result), std::vector<std::string>{});
    std::vector<int> one(in.children.size(), 1);
    const std::vector<char> all(in.children.size(), 1);
    constexpr int kFar = 1'000'000;
    const std::int64_t seats_first = testing::lemon_seat_cost(one, in.seats, lemon_arcs(in, all), kFar);
    ASSERT_EQ(seats_first / kFar, static_cast<std::int64_t>(result.unseated.size()));
    for (const std::uint32_t c : result.unseated) one[c] = 0;
    ASSERT_EQ(testing::lemon_seat_cost(one, in.seats, lemon_arcs(in, all), kFar), result.tier_m[0]);
  }
}

// serves: ZZ19 CQ28
TEST(Overflow, BundlesComeTogetherWithoutAnybodyLosingASeat) {
  PlanRandom random(6);
  int together = 0, parted = 0, parted_before = 0;
  for (int round = 0; round < 150; ++round) {
    OverflowInput in = make_estates(random, 8, 6, 6);
    for (OverflowChild& c : in.children) c.tier = 1;
    const OverflowResult apart = place_overflow(in);
    for (std::uint32_t c = 0; c + 1 < in.children.size(); c += 3)
      in.children[c].bundle = in.children[c + 1].bundle = 1000 - c;
    const OverflowResult result = place_overflow(in);
    EXPECT_EQ(check_overflow(in, result), std::vector<std::string>{});
    ASSERT_EQ(result.unseated, apart.unseated);
    ASSERT_GE(result.tier_m[0], apart.tier_m[0]);
    std::vector<int> one(in.children.size(), 1);
    std::vector<int> seats = in.seats;
    std::int64_t held_m = 0;
    for (const std::uint32_t c : result.unseated) one[c] = 0;
    for (std::uint32_t c = 0; c + 1 < in.children.size(); c += 3) {
      const bool is_parted = std::ranges::count(result.parted_bundles, 1000 - c) > 0;
      const std::uint32_t first = result.seats[c].school, second = result.seats[c + 1].school;
      ASSERT_EQ(is_parted, first != second || first == kNobody);
      if (first != kNobody && second != kNobody) (is_parted ? parted : together) += 1;
      parted_before += apart.seats[c].school != apart.seats[c + 1].school ? 1 : 0;
      for (const std::uint32_t member : {c, c + 1}) {
        if (result.seats[member].school == kNobody) continue;
        --seats[result.seats[member].school];
        held_m += result.seats[member].metres;
        one[member] = 0;
      }
    }
    const std::vector<char> all(in.children.size(), 1);
    ASSERT_EQ(testing::lemon_seat_cost(one, seats, lemon_arcs(in, all), 1'000'000) + held_m, result.tier_m[0]);
  }
  EXPECT_GT(together, parted);
  EXPECT_GT(parted_before, parted);
}

// serves: CQ28
TEST(Overflow, TwinsOfOneHouseAreNotParted) {
  OverflowInput in;
  in.seats = {1, 3};
  in.children = {{1, 0, 7}, {1, 1, 7}, {1, 2, kNobody}};
  for (std::uint32_t c = 0; c < 3; ++c) in.ways.insert(in.ways.end(), {{c, 0, 100}, {c, 1, 400}});
  const OverflowResult result = place_overflow(in);
  EXPECT_EQ(schools_of(result), (std::vector<std::uint32_t>{1, 1, 0}));
  EXPECT_TRUE(result.parted_bundles.empty());
  in.children[0].bundle = in.children[1].bundle = kNobody;
  EXPECT_EQ(schools_of(place_overflow(in)), (std::vector<std::uint32_t>{0, 1, 1}));
}

// serves: ZZ19
TEST(Overflow, NamesWhoReachesNoSeat) {
  OverflowInput in;
  in.seats = {1, 0};
  in.children = {{2, 0, kNobody}, {1, 5, kNobody}, {1, 6, kNobody}, {1, 7, kNobody}};
  in.ways = {{0, 0, 5}, {1, 0, 900}, {2, 1, 10}};
  const OverflowResult result = place_overflow(in);
  EXPECT_EQ(result.seats[0].status, OverflowStatus::no_seat);
  EXPECT_EQ(result.seats[1].status, OverflowStatus::seated);
  EXPECT_EQ(result.seats[2].status, OverflowStatus::no_way);
  EXPECT_EQ(result.seats[3].status, OverflowStatus::no_way);
  EXPECT_EQ(result.unseated, (std::vector<std::uint32_t>{2, 3, 0}));
  EXPECT_EQ(result.seats[0].wanted.school, 0u);
}

TEST(Overflow, OfSeveralGatesTheNearestCounts) {
  OverflowInput in;
  in.seats = {1, 1};
  in.children = {{1, 0, kNobody}};
  in.ways = {{0, 0, 700}, {0, 1, 500}, {0, 0, 300}};
  EXPECT_EQ(place_overflow(in).seats[0].school, 0u);
  EXPECT_EQ(place_overflow(in).seats[0].metres, 300);
}

// serves: ZZ19
TEST(Overflow, OrderOfTheListsHasNoEffect) {
  PlanRandom random(8);
  for (const OverflowRule rule : {OverflowRule::least_walk, OverflowRule::no_leapfrog}) {
    OverflowInput in = make_estates(random, 10, 8, 6);
    in.rule = rule;
    for (std::uint32_t c = 0; c + 1 < in.children.size(); c += 5) in.children[c].bundle = in.children[c + 1].bundle = c;
    const OverflowResult straight = place_overflow(in);
    OverflowInput turned = in;
    const auto last = static_cast<std::uint32_t>(in.children.size() - 1);
    std::ranges::reverse(turned.children);
    std::ranges::reverse(turned.ways);
    for (OverflowWay& w : turned.ways) w.child = last - w.child;
    const OverflowResult reverse = place_overflow(turned);
    EXPECT_EQ(reverse.tier_m, straight.tier_m);
    EXPECT_EQ(reverse.parted_bundles, straight.parted_bundles);
    for (std::uint32_t c = 0; c <= last; ++c) {
      ASSERT_EQ(reverse.seats[last - c].school, straight.seats[c].school);
      ASSERT_EQ(reverse.seats[last - c].wanted.others_m, straight.seats[c].wanted.others_m);
    }
  }
}

TEST(Overflow, RefusesWhatCannotBe) {
  OverflowInput good;
  good.seats = {1};
  good.children = {{1, 0, kNobody}, {1, 1, kNobody}};
  good.ways = {{0, 0, 5}};
  const auto refused = [](const OverflowInput& in) {
    try {
      place_overflow(in);
    } catch (const InputError& e) {
      return e.code == "overflow";
    }
    return false;
  };
  EXPECT_FALSE(refused(good));
  OverflowInput bad = good;
  bad.children[1].place = 0;
  EXPECT_TRUE(refused(bad));
  bad = good, bad.ways[0].metres = -1;
  EXPECT_TRUE(refused(bad));
  bad = good, bad.ways[0].school = 1;
  EXPECT_TRUE(refused(bad));
  bad = good, bad.seats[0] = -1;
  EXPECT_TRUE(refused(bad));
  bad = good;
  for (std::uint32_t t = 0; t < 9; ++t) bad.children.push_back({static_cast<int>(t), 10 + t, kNobody});
  EXPECT_TRUE(refused(bad));
  OverflowResult result = place_overflow(good);
  result.seats[1].school = 0;
  result.seats[1].status = OverflowStatus::seated;
  EXPECT_FALSE(check_overflow(good, result).empty());
}

}  // namespace
}  // namespace catchment::engine::admission
