// Who has a public seat where plans do not suffice: schools by order, free seats by way from home, bought seats last.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/admission/assignment/overflow.hpp"
#include "engine/admission/assignment/school_seats.hpp"

namespace catchment::engine::admission {
namespace {

Ticket lot_of(std::uint32_t number) {
  Ticket ticket{};
  ticket[0] = static_cast<std::uint8_t>(number), ticket[31] = 1;
  return ticket;
}

// Schools 0 to 3 stand 1,000 m apart on a line; homes are metres along it.
std::vector<OverflowWay> ways_from(const std::vector<int>& homes, const std::vector<std::uint32_t>& schools) {
  std::vector<OverflowWay> ways;
  for (std::uint32_t c = 0; c < homes.size(); ++c) {
    for (const std::uint32_t s : schools) ways.push_back({c, s, std::abs(homes[c] - 1000 * static_cast<int>(s))});
  }
  return ways;
}

// Children with hukou first; then migrants by the way from their actual home, as far as the school's plan goes; the
// others to the nearest public school that has a seat.
// serves: CQ13 CQ7 ZZ42
TEST(PublicSeats, MigrantsAreSeatedByActualHomeAsFarAsThePlanGoesAndTheOthersNearby) {
  SchoolPlan plan;
  plan.plan = 4, plan.classes = 1, plan.class_cap = 45;
  SeatPart hukou, migrants;
  hukou.within_clause = hukou.beyond_clause = "hukou";
  migrants.within_clause = migrants.beyond_clause = "migrants";
  migrants.order.keys = {{0, false, "home"}};
  plan.parts = {hukou, migrants};
  const std::vector<int> homes{100, 200, 900, 300, 700, 500};  // 0 and 1 have hukou
  std::vector<Applicant> applicants;
  for (std::uint32_t c = 0; c < homes.size(); ++c) {
    Applicant a;
    a.child = c, a.parts = c < 2 ? 1u : 2u;
    a.standing = {1, {homes[c]}, lot_of(9 - c)};
    applicants.push_back(a);
  }
  const SchoolSeats seats(plan, applicants);
  EXPECT_EQ(seats.get_placement(3).status, SeatStatus::admitted);  // 300 m
  EXPECT_EQ(seats.get_placement(5).status, SeatStatus::admitted);  // 500 m
  EXPECT_EQ(seats.clause_of(seats.get_placement(5)), "migrants");
  ASSERT_EQ(seats.waiting(), (std::vector<std::uint32_t>{4, 2}));
  OverflowInput rest;
  rest.children = {{1, 0, kNobody}, {1, 1, kNobody}};  // 4 and 2
  rest.seats = {0, 1, 5, 5};
  rest.ways = ways_from({homes[4], homes[2]}, {0, 1, 2, 3});
  for (const OverflowRule rule : {OverflowRule::least_walk, OverflowRule::no_leapfrog}) {
    rest.rule = rule;
    const OverflowResult placed = place_overflow(rest);
    EXPECT_EQ(placed.seats[1].school, rule == OverflowRule::no_leapfrog ? 1u : 2u);  // 100 m from 1, 1,100 m from 2
    EXPECT_EQ(placed.seats[0].school, rule == OverflowRule::no_leapfrog ? 2u : 1u);  // either way 1,400 m in all
    EXPECT_TRUE(placed.unseated.empty());
  }
}

// Bought seats of a private school (3) are for those whom no public school can take, however near it is to others.
// serves: ZZ48 GY31
TEST(PublicSeats, BoughtSeatsGoToThoseWhomPublicSchoolsCannotTakeAndToNobodyElse) {
  const std::vector<int> homes{3000, 2900, 2800, 100};
  OverflowInput in;
  for (std::uint32_t c = 0; c < homes.size(); ++c) in.children.push_back({1, c, kNobody});
  in.seats = {1, 1, 1, 0};
  in.ways = ways_from(homes, {0, 1, 2});
  for (const OverflowRule rule : {OverflowRule::least_walk, OverflowRule::no_leapfrog}) {
    in.rule = rule;
    const OverflowResult open = place_overflow(in);
    ASSERT_EQ(open.unseated.size(), 1u);
    const std::uint32_t left = open.unseated.front();
    EXPECT_EQ(left, rule == OverflowRule::least_walk ? 3u : left);  // the last in order
    OverflowInput bought;
    bought.children = {in.children[left]};
    bought.seats = {0, 0, 0, 2};
    bought.ways = ways_from({homes[left]}, {3});
    const OverflowResult placed = place_overflow(bought);
    EXPECT_EQ(placed.seats[0].school, 3u);
    for (std::uint32_t c = 0; c < homes.size(); ++c) {
      if (c != left) {
        EXPECT_NE(open.seats[c].school, 3u);
      }
    }
  }
}

}  // namespace
}  // namespace catchment::engine::admission
