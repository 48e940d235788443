#include "engine/admission/assignment/zone_draw.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "engine/planning/plan_random.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

using planning::PlanRandom;

Ticket draw_ticket(std::uint32_t number) {
  Ticket ticket{};
  ticket[0] = 1;
  for (std::size_t b = 0; b < 4; ++b) ticket[b + 1] = static_cast<std::uint8_t>(number >> (24 - 8 * b));
  return ticket;
}

DrawApplicant pupil(std::uint32_t child, std::vector<std::uint32_t> choices, Sex sex = Sex::male) {
  DrawApplicant a;
  a.child = child;
  a.sex = sex;
  a.choices = std::move(choices);
  a.standing.ticket = draw_ticket(child);
  return a;
}

std::vector<std::uint32_t> seated_at(const ZoneDrawResult& result) {
  std::vector<std::uint32_t> schools;
  for (const DrawPlacement& p : result.placements) schools.push_back(p.school);
  return schools;
}

// serves: ZZ10 GY23
TEST(ZoneDraw, TheFirstTicketHasTheFirstChoice) {
  ZoneDraw zone;
  zone.schools = {{0, 0, 1}, {0, 0, 1}, {0, 0, 1}};
  const std::vector<DrawApplicant> list{pupil(3, {0, 1}), pupil(1, {0, 1}), pupil(2, {0, 1}), pupil(4, {2})};
  const ZoneDrawResult result = draw_zone(zone, list);
  EXPECT_EQ(seated_at(result), (std::vector<std::uint32_t>{kNobody, 0, 1, 2}));
  EXPECT_EQ(result.waiting, std::vector<std::uint32_t>{3});
  EXPECT_EQ(result.placements[2].choice, 2);
  EXPECT_EQ(refusal(zone, result, list[2], 0), (Separation{Criterion::ticket, 0, 0}));
  EXPECT_FALSE(refusal(zone, result, list[2], 1));
  EXPECT_EQ(refusal(zone, result, list[0], 1), (Separation{Criterion::ticket, 0, 0}));
  EXPECT_FALSE(refusal(zone, result, list[0], 2));
}

TEST(ZoneDraw, TierGoesBeforeTicket) {
  ZoneDraw zone;
  zone.schools = {{0, 0, 1}, {0, 0, 2}};
  std::vector<DrawApplicant> list{pupil(1, {0, 1}), pupil(2, {0, 1})};
  list[0].standing.tier = 2;
  const ZoneDrawResult result = draw_zone(zone, list);
  EXPECT_EQ(seated_at(result), (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(refusal(zone, result, list[0], 0), (Separation{Criterion::tier, 0, -2}));
}

TEST(ZoneDraw, SeatsOfASexGoToThatSexAndOpenOnesToBoth) {
  ZoneDraw zone;
  zone.schools = {{1, 2, 1}};
  zone.method = DrawMethod::school_order;
  std::vector<DrawApplicant> list;
  for (std::uint32_t c = 1; c <= 4; ++c) list.push_back(pupil(c, {}));
  list.push_back(pupil(9, {}, Sex::female));
  const ZoneDrawResult result = draw_zone(zone, list);
  EXPECT_EQ(seated_at(result), (std::vector<std::uint32_t>{0, 0, kNobody, kNobody, 0}));
  EXPECT_EQ(result.placements[0].pool, SeatPool::male);
  EXPECT_EQ(result.placements[1].pool, SeatPool::both);
  EXPECT_EQ(result.placements[4].pool, SeatPool::female);
  EXPECT_EQ(result.cut_offs[0][1].taken, 1);
  EXPECT_FALSE(result.cut_offs[0][1].last);
  EXPECT_EQ(refusal(zone, result, list[2], 0), (Separation{Criterion::ticket, 0, 0}));
}

// serves: CQ28
TEST(ZoneDraw, ABundleGoesWhereAllOfItFits) {
  ZoneDraw zone;
  zone.schools = {{1, 0, 0}, {1, 1, 0}};
  std::vector<DrawApplicant> list{pupil(1, {0, 1}), pupil(2, {0, 1}, Sex::female), pupil(3, {0, 1})};
  list[0].bundle = list[1].bundle = 5;
  const ZoneDrawResult result = draw_zone(zone, list);
  EXPECT_EQ(seated_at(result), (std::vector<std::uint32_t>{1, 1, 0}));
  EXPECT_EQ(refusal(zone, result, list[0], 0), (Separation{Criterion::bundle, 0, 0}));
  EXPECT_EQ(refusal(zone, result, list[1], 0), Separation{});  // no seat there is open to her
  list[1].choices = {1};
  EXPECT_THROW(draw_zone(zone, list), InputError);
}

TEST(ZoneDraw, EqualTicketsAreRefusedOnceTheyMatter) {
  ZoneDraw zone;
  zone.schools = {{0, 0, 2}, {0, 0, 2}};
  std::vector<DrawApplicant> list{pupil(1, {0}), pupil(2, {0}), pupil(3, {1})};
  for (DrawApplicant& a : list) a.standing.ticket = {};
  EXPECT_EQ(draw_zone(zone, list).waiting.size(), 0u);
  list[2].choices = {0};
  try {
    draw_zone(zone, list);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_EQ(e.code, "no_ticket");
  }
  list[2].choices = {7};
  EXPECT_THROW(draw_zone(zone, list), InputError);
  list[2].choices = {0, 0};
  EXPECT_THROW(draw_zone(zone, list), InputError);
  list[2].choices = {0}, list[2].child = 1;
  EXPECT_THROW(draw_zone(zone, list), InputError);
}

// Over all orders of the tickets every child has each school as often as its seats say.
// serves: ZZ10
TEST(ZoneDraw, WithoutListsChancesAreTheSeats) {
  ZoneDraw zone;
  zone.schools = {{0, 0, 1}, {0, 0, 3}, {0, 0, 1}};
  zone.method = DrawMethod::school_order;
  constexpr std::uint32_t kPupils = 6;
  std::vector<std::uint32_t> order(kPupils);
  std::iota(order.begin(), order.end(), 0u);
  std::array<std::array<int, 4>, kPupils> times{};
  int orders = 0;
  do {
    std::vector<DrawApplicant> list;
    for (std::uint32_t c = 0; c < kPupils; ++c) {
      list.push_back(pupil(c, {}));
      list.back().standing.ticket = draw_ticket(order[c]);
    }
    const ZoneDrawResult result = draw_zone(zone, list);
    for (std::uint32_t c = 0; c < kPupils; ++c)
      ++times[c][result.placements[c].school == kNobody ? 3 : result.placements[c].school];
    ++orders;
  } while (std::ranges::next_permutation(order).found);
  for (const auto& of_child : times) {
    EXPECT_EQ(of_child[0] * 6, orders);
    EXPECT_EQ(of_child[1] * 2, orders);
    EXPECT_EQ(of_child[2] * 6, orders);
    EXPECT_EQ(of_child[3] * 6, orders);
  }
}

std::vector<DrawApplicant> make_pupils(PlanRandom& random, std::uint32_t schools) {
  std::vector<DrawApplicant> list;
  for (std::uint32_t c = 0; c < 30; ++c) {
    std::vector<std::uint32_t> choices;
    for (std::uint32_t s = 0; s < schools; ++s) {
      if (random.below(3) > 0) choices.push_back(s);
    }
    for (std::size_t i = choices.size(); i > 1; --i)
      std::swap(choices[i - 1], choices[random.below(static_cast<std::uint32_t>(i))]);
    list.push_back(pupil(c, choices, random.below(2) == 0 ? Sex::male : Sex::female));
    list.back().standing.tier = static_cast<int>(random.below(2));
    list.back().standing.ticket = draw_ticket(static_cast<std::uint32_t>(random.next() >> 33));
    if (c % 7 != 6) continue;
    DrawApplicant& before = list[c - 1];
    before.bundle = list[c].bundle = c;
    list[c].choices = before.choices;
    list[c].standing = before.standing;
  }
  return list;
}

// Legality: no pool oversold, bundles whole, and nobody behind has a seat that somebody alone before it wanted more.
TEST(ZoneDraw, NobodyAloneIsPassedOver) {
  PlanRandom random(21);
  for (int round = 0; round < 200; ++round) {
    ZoneDraw zone;
    for (int s = 0; s < 4; ++s)
      zone.schools.push_back(
          {static_cast<int>(random.below(4)), static_cast<int>(random.below(4)), static_cast<int>(random.below(3))});
    std::vector<DrawApplicant> list = make_pupils(random, 4);
    const ZoneDrawResult result = draw_zone(zone, list);
    std::vector<std::array<int, 3>> taken(4);
    for (const DrawPlacement& p : result.placements) {
      if (p.school != kNobody) ++taken[p.school][static_cast<std::size_t>(p.pool)];
    }
    for (std::size_t s = 0; s < 4; ++s) {
      const std::array<int, 3> seats{zone.schools[s].male, zone.schools[s].female, zone.schools[s].both};
      for (std::size_t pool = 0; pool < 3; ++pool) ASSERT_LE(taken[s][pool], seats[pool]);
    }
    for (std::size_t a = 0; a < list.size(); ++a) {
      const DrawPlacement& own = result.placements[a];
      if (own.school != kNobody) {
        ASSERT_TRUE(own.pool == SeatPool::both || static_cast<int>(own.pool) == static_cast<int>(list[a].sex));
      }
      for (std::size_t b = 0; b < list.size(); ++b) {
        const DrawPlacement& other = result.placements[b];
        if (list[a].bundle != kNobody && list[a].bundle == list[b].bundle) {
          ASSERT_EQ(own.school, other.school);
        }
        if (list[a].bundle != kNobody || other.school == kNobody || other.rank < own.rank) continue;
        const auto wish = std::ranges::find(list[a].choices, other.school) - list[a].choices.begin();
        const bool wanted = wish < std::ranges::ssize(list[a].choices) && (own.choice == 0 || wish + 1 < own.choice);
        const bool open = other.pool == SeatPool::both || static_cast<int>(other.pool) == static_cast<int>(list[a].sex);
        ASSERT_FALSE(wanted && open);
      }
    }
    std::ranges::reverse(list);
    std::vector<std::uint32_t> reverse = seated_at(draw_zone(zone, list));
    std::ranges::reverse(reverse);
    ASSERT_EQ(reverse, seated_at(result));
  }
}

}  // namespace
}  // namespace catchment::engine::admission
