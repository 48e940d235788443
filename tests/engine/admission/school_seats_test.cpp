#include "engine/admission/assignment/school_seats.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "engine/planning/plan_random.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

using planning::PlanRandom;
using Children = std::vector<std::uint32_t>;

constexpr std::size_t kPoints = 0, kHukouDay = 1;

Ticket ticket_of(std::uint32_t number) {
  Ticket ticket{};
  for (std::size_t b = 0; b < 4; ++b) ticket[b] = static_cast<std::uint8_t>(number >> (24 - 8 * b));
  ticket[31] = 1;
  return ticket;
}

Applicant applicant(std::uint32_t child, int tier = 1, std::uint32_t parts = 1) {
  Applicant a;
  a.child = child;
  a.parts = parts;
  a.standing.tier = tier;
  a.standing.ticket = ticket_of(child);
  return a;
}

SchoolPlan school_of(int plan, std::vector<SeatPart> parts) {
  SchoolPlan school;
  school.plan = plan;
  school.classes = (plan + 44) / 45;
  school.class_cap = 45;
  school.parts = std::move(parts);
  return school;
}

SeatPart part_of(std::string clause, std::optional<int> seats = {}, Leftover leftover = Leftover::rest) {
  SeatPart part;
  part.within_clause = clause + "-within";
  part.beyond_clause = clause + "-beyond";
  part.seats = seats;
  part.leftover = leftover;
  return part;
}

Children with_status(const SchoolSeats& seats, SeatStatus status) {
  Children children;
  for (const Placement& p : seats.placements()) {
    if (p.status == status) children.push_back(p.child);
  }
  std::ranges::sort(children);
  return children;
}

std::string error_of(const SchoolPlan& plan, const std::vector<Applicant>& applicants) {
  try {
    SchoolSeats seats(plan, applicants);
  } catch (const InputError& e) {
    return e.code;
  }
  return "";
}

// serves: ZZ10 ZZ19 CQ11 GY23
TEST(SchoolSeats, WithinThePlanEverybodyIsAdmittedWithoutADraw) {
  std::vector<Applicant> applicants{applicant(3, 9), applicant(1), applicant(2)};
  for (Applicant& a : applicants) a.standing.ticket = {};
  const SchoolPlan plan = school_of(3, {part_of("zone")});
  EXPECT_FALSE(needs_draw(plan, applicants));
  const SchoolSeats seats(plan, applicants);
  for (const Placement& p : seats.placements()) {
    EXPECT_EQ(p.status, SeatStatus::admitted);
    EXPECT_EQ(seats.clause_of(p), "zone-within");
    EXPECT_EQ(seats.margin_of(p), Separation{});
  }
  EXPECT_FALSE(seats.parts()[0].cut_off);
}

// serves: ZZ10 ZZ19 CQ11
TEST(SchoolSeats, BeyondThePlanTierThenTicketDecides) {
  const std::vector<Applicant> applicants{applicant(40, 1), applicant(10, 2), applicant(20, 2), applicant(5, 3)};
  const SchoolPlan plan = school_of(2, {part_of("zone")});
  EXPECT_TRUE(needs_draw(plan, applicants));
  const SchoolSeats seats(plan, applicants);
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{10, 40}));
  EXPECT_EQ(seats.waiting(), (Children{20, 5}));
  EXPECT_EQ(seats.parts()[0].cut_off_child, 10u);
  EXPECT_EQ(seats.clause_of(seats.get_placement(20)), "zone-beyond");
  EXPECT_EQ(seats.margin_of(seats.get_placement(20)), (Separation{Criterion::ticket, 0, 0}));
  EXPECT_EQ(seats.margin_of(seats.get_placement(5)), (Separation{Criterion::tier, 0, -1}));
  EXPECT_EQ(seats.margin_of(seats.get_placement(40)), (Separation{Criterion::tier, 0, 1}));
  EXPECT_EQ(seats.get_placement(20).rank, 3);
}

// serves: ZZ19
TEST(SchoolSeats, TieBreakKeysGoBeforeTheTicket) {
  SeatPart part = part_of("zone");
  part.order.keys = {{kHukouDay, false, "hukou-day"}};
  std::vector<Applicant> applicants{applicant(1), applicant(2), applicant(3)};
  applicants[0].standing.keys[kHukouDay] = 19'000;
  applicants[1].standing.keys[kHukouDay] = 17'500;
  applicants[2].standing.keys[kHukouDay] = 18'000;
  const SchoolPlan plan = school_of(2, {part});
  EXPECT_FALSE(needs_draw(plan, applicants));
  const SchoolSeats seats(plan, applicants);
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{2, 3}));
  EXPECT_EQ(seats.margin_of(seats.get_placement(1)), (Separation{Criterion::key, 0, -1000}));
  EXPECT_EQ(seats.margin_of(seats.get_placement(2)), (Separation{Criterion::key, 0, 1500}));
}

// serves: GY20
TEST(SchoolSeats, ChildrenWithoutHukouHaveWhatIsLeftByPoints) {
  SeatPart by_points = part_of("points");
  by_points.order.by_tier = false;
  by_points.order.keys = {{kPoints, true, "points"}};
  std::vector<Applicant> applicants;
  for (std::uint32_t c = 0; c < 3; ++c) applicants.push_back(applicant(c, 1, 0b01));
  for (std::uint32_t c = 10; c < 14; ++c) {
    applicants.push_back(applicant(c, 1, 0b10));
    applicants.back().standing.keys[kPoints] = 6000 + 500 * (c % 3);
  }
  const SchoolSeats seats(school_of(5, {part_of("hukou"), by_points}), applicants);
  EXPECT_EQ(seats.parts()[1].seats, 2);
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{0, 1, 2, 10, 11}));
  EXPECT_EQ(seats.parts()[1].cut_off->keys[kPoints], 6500);
  EXPECT_EQ(seats.waiting(), (Children{13, 12}));
  EXPECT_EQ(seats.margin_of(seats.get_placement(13)), (Separation{Criterion::ticket, 0, 0}));
  EXPECT_EQ(seats.margin_of(seats.get_placement(12)), (Separation{Criterion::key, 0, -500}));
}

// serves: GY27 GY28
TEST(SchoolSeats, MoreSeatsThanPromoteesLeaveTheRestToTheRule) {
  std::vector<Applicant> applicants{applicant(1, 1, 0b11), applicant(2, 1, 0b11)};
  for (std::uint32_t c = 10; c < 15; ++c) applicants.push_back(applicant(c, 1, 0b10));
  const SchoolSeats seats(school_of(4, {part_of("promotion"), part_of("open")}), applicants);
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{1, 2, 10, 11}));
  EXPECT_EQ(seats.clause_of(seats.get_placement(1)), "promotion-within");
  EXPECT_EQ(seats.clause_of(seats.get_placement(10)), "open-beyond");
  EXPECT_EQ(seats.waiting(), (Children{12, 13, 14}));
}

// serves: GY28 ZZ41 CQ12 CQ22
TEST(SchoolSeats, FewerSeatsThanPromoteesAreDrawnAmongThemAndTheOthersGoPublic) {
  std::vector<Applicant> applicants;
  for (std::uint32_t c = 1; c <= 5; ++c) applicants.push_back(applicant(c, 1, 0b01));
  applicants.push_back(applicant(9, 1, 0b10));
  const SchoolPlan plan = school_of(3, {part_of("promotion"), part_of("open")});
  EXPECT_TRUE(needs_draw(plan, applicants));
  const SchoolSeats seats(plan, applicants);
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{1, 2, 3}));
  EXPECT_EQ(seats.waiting(), (Children{4, 5, 9}));
  EXPECT_EQ(seats.clause_of(seats.get_placement(4)), "promotion-beyond");
}

// serves: GY29
TEST(SchoolSeats, LeftoversOfAnAttachedEstateAreKeptForTheBureau) {
  std::vector<Applicant> applicants{applicant(1, 1, 0b01)};
  for (std::uint32_t c = 10; c < 15; ++c) applicants.push_back(applicant(c, 1, 0b10));
  const SchoolPlan plan = school_of(6, {part_of("estate", 3, Leftover::kept), part_of("open")});
  SchoolSeats seats(plan, applicants);
  EXPECT_EQ(seats.parts()[0].kept, 2);
  EXPECT_EQ(seats.parts()[1].seats, 3);
  EXPECT_EQ(seats.waiting(), (Children{13, 14}));
  EXPECT_EQ(seats.leave(1), Children{});
  EXPECT_EQ(seats.parts()[0].kept, 3);
}

TEST(SchoolSeats, PolicySeatsComeFirstAndFixedOnesAreHeldForThoseBehind) {
  std::vector<Applicant> applicants;
  for (std::uint32_t c = 1; c <= 4; ++c) applicants.push_back(applicant(c, 1, 0b001));
  for (std::uint32_t c = 10; c < 20; ++c) applicants.push_back(applicant(c, 1, 0b010));
  applicants.push_back(applicant(30, 1, 0b100));
  const SchoolSeats seats(school_of(8, {part_of("policy", 2), part_of("zone"), part_of("purchased", 2)}), applicants);
  EXPECT_EQ(seats.parts()[1].seats, 4);
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{1, 2, 10, 11, 12, 13, 30}));
}

// serves: GY23
TEST(SchoolSeats, NobodyWithoutTheConditionsIsAdmittedHoweverManySeatsAreFree) {
  const std::vector<Applicant> applicants{applicant(1), applicant(2, 1, 0)};
  const SchoolSeats seats(school_of(10, {part_of("open")}), applicants);
  EXPECT_EQ(seats.get_placement(2).status, SeatStatus::no_conditions);
  EXPECT_EQ(seats.clause_of(seats.get_placement(2)), "");
  EXPECT_TRUE(seats.waiting().empty());
}

// serves: GY21
TEST(SchoolSeats, ChildrenFromElsewhereHaveOnlyWhatLocalOnesLeave) {
  std::vector<Applicant> applicants{applicant(1, 2), applicant(2, 2), applicant(8, 1), applicant(9, 1)};
  const SchoolSeats seats(school_of(3, {part_of("open")}), applicants);
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{1, 8, 9}));
}

// serves: ZZ50 CQ10 CQ33
TEST(SchoolSeats, ClassCapHoldsWithoutARecordedApproval) {
  SchoolPlan plan = school_of(45, {part_of("zone")});
  const std::vector<Applicant> applicants{applicant(1)};
  EXPECT_EQ(error_of(plan, applicants), "");
  plan.plan = 46;
  EXPECT_EQ(error_of(plan, applicants), "class_cap");
  plan.approvals = {{"", 1}};
  EXPECT_EQ(error_of(plan, applicants), "class_cap");
  plan.approvals = {{"bureau 2026/17", 1}};
  EXPECT_EQ(error_of(plan, applicants), "");
  plan.plan = 47;
  EXPECT_EQ(error_of(plan, applicants), "class_cap");
}

std::vector<Applicant> with_twins() {
  std::vector<Applicant> applicants{applicant(1), applicant(2), applicant(3), applicant(4), applicant(5)};
  applicants[1].bundle = applicants[2].bundle = 77;
  applicants[2].standing.ticket = applicants[1].standing.ticket;
  return applicants;
}

// serves: CQ28 CQ10
TEST(SchoolSeats, ABundleThatDoesNotFitWaitsAndTheNextMayFit) {
  SchoolSeats seats(school_of(2, {part_of("zone")}), with_twins());
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{1, 4}));
  EXPECT_EQ(seats.waiting(), (Children{2, 3, 5}));
  EXPECT_EQ(seats.margin_of(seats.get_placement(3)).by, Criterion::bundle);
  EXPECT_EQ(seats.parts()[0].cut_off_child, 4u);
  EXPECT_EQ(seats.leave(1), (Children{5}));  // one seat is not enough for two
  EXPECT_EQ(seats.leave(3), Children{});
  EXPECT_EQ(seats.leave(4), (Children{2}));
}

// serves: ZZ50 CQ28
TEST(SchoolSeats, ABundleGoesOverThePlanOnlyAsFarAsCapAndApprovalsAllow) {
  SchoolPlan plan = school_of(2, {part_of("zone")});
  plan.bundles = BundleFit::over;
  const SchoolSeats seats(plan, with_twins());
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{1, 2, 3}));
  EXPECT_EQ(seats.parts()[0].over_plan, 1);
  EXPECT_EQ(std::ranges::count(seats.placements(), true, &Placement::over_plan), 1);
  plan.classes = 1, plan.class_cap = 2;
  EXPECT_EQ(with_status(SchoolSeats(plan, with_twins()), SeatStatus::admitted), (Children{1, 4}));
  plan.approvals = {{"bureau 2026/18", 1}};
  SchoolSeats approved(plan, with_twins());
  EXPECT_EQ(with_status(approved, SeatStatus::admitted), (Children{1, 2, 3}));
  EXPECT_EQ(approved.leave(1), Children{});  // what was over the plan goes first
  EXPECT_EQ(approved.parts()[0].over_plan, 0);
  EXPECT_EQ(approved.leave(2), (Children{4}));
}

TEST(SchoolSeats, WhoeverForfeitsIsFollowedByTheFirstInLine) {
  std::vector<Applicant> applicants;
  for (std::uint32_t c = 1; c <= 6; ++c) applicants.push_back(applicant(c));
  SchoolSeats seats(school_of(3, {part_of("open")}), applicants);
  EXPECT_EQ(seats.leave(5), Children{});
  EXPECT_EQ(seats.leave(2), (Children{4}));
  EXPECT_EQ(seats.get_placement(4).rank, 4);
  EXPECT_EQ(seats.parts()[0].cut_off_child, 4u);
  EXPECT_EQ(seats.leave(1), (Children{6}));
  EXPECT_EQ(seats.leave(3), Children{});
  EXPECT_EQ(with_status(seats, SeatStatus::admitted), (Children{4, 6}));
  EXPECT_THROW(seats.leave(3), InputError);
  EXPECT_THROW(seats.leave(99), InputError);
}

TEST(SchoolSeats, EqualsOnBothSidesOfACutOffNeedADraw) {
  std::vector<Applicant> applicants{applicant(1), applicant(2), applicant(3)};
  for (Applicant& a : applicants) a.standing.ticket = {};
  EXPECT_EQ(error_of(school_of(2, {part_of("zone")}), applicants), "no_ticket");
  EXPECT_EQ(error_of(school_of(0, {part_of("zone")}), applicants), "");
  applicants[2].standing.tier = 2;
  EXPECT_EQ(error_of(school_of(2, {part_of("zone")}), applicants), "");
}

TEST(SchoolSeats, RefusesWhatDoesNotFitTogether) {
  const std::vector<Applicant> one{applicant(1)};
  EXPECT_EQ(error_of(school_of(3, {part_of("a", 2), part_of("b", 2)}), one), "seat_parts");
  EXPECT_EQ(error_of(school_of(3, {}), one), "seat_parts");
  EXPECT_EQ(error_of(school_of(3, {part_of("a")}), {applicant(1), applicant(1)}), "applicants");
  EXPECT_EQ(error_of(school_of(3, {part_of("a")}), {applicant(1, 1, 0b10)}), "applicants");
  SeatPart part = part_of("a");
  part.order.keys = {{1, false, ""}, {1, true, ""}};
  EXPECT_EQ(error_of(school_of(3, {part}), one), "order_rule");
}

struct RandomSchool {
  SchoolPlan plan;
  std::vector<Applicant> applicants;
};

RandomSchool make_school(PlanRandom& random) {
  const auto below = [&](std::uint32_t limit) { return static_cast<int>(random.below(limit)); };
  RandomSchool out;
  const int fixed = below(3);
  SeatPart points = part_of("points");
  points.order.keys = {{kPoints, true, "points"}};
  out.plan = school_of(fixed + below(12), {part_of("policy", fixed, below(2) == 0 ? Leftover::kept : Leftover::rest),
                                           part_of("zone"), points});
  for (std::uint32_t c = 0; c < 16; ++c) {
    Applicant a = applicant(c, 1 + below(3), random.below(8));
    a.standing.keys[kPoints] = below(4);
    a.standing.ticket = ticket_of(static_cast<std::uint32_t>(random.next() >> 32));
    if (c % 5 == 1 && below(2) == 0) a.bundle = c;
    if (c % 5 == 2 && out.applicants.back().bundle != kNobody) {
      a.bundle = out.applicants.back().bundle;
      a.standing.ticket = out.applicants.back().standing.ticket;
    }
    out.applicants.push_back(a);
  }
  return out;
}

// What holds of every result: seats, cap, order within a part, bundles whole.
void expect_sound(const RandomSchool& school, const SchoolSeats& seats) {
  int admitted = 0, kept = 0;
  std::vector<int> by_part(3, 0);
  for (const Placement& p : seats.placements()) {
    if (p.status != SeatStatus::admitted) continue;
    ++admitted;
    ++by_part[p.part];
    ASSERT_TRUE((school.applicants[p.child].parts >> p.part & 1) != 0);
  }
  for (std::uint32_t p = 0; p < 3; ++p) {
    ASSERT_EQ(by_part[p], seats.parts()[p].admitted);
    kept += seats.parts()[p].kept;
  }
  ASSERT_LE(admitted + kept, school.plan.plan);
  ASSERT_LE(by_part[0], *school.plan.parts[0].seats);
  int waiting_alone = 0;
  for (const Placement& a : seats.placements()) {
    const Applicant& first = school.applicants[a.child];
    if (a.status == SeatStatus::waiting && first.bundle == kNobody && (first.parts & 0b110) != 0) ++waiting_alone;
    for (const Placement& b : seats.placements()) {
      const Applicant& second = school.applicants[b.child];
      if (first.bundle != kNobody && first.bundle == second.bundle && a.status != SeatStatus::left &&
          b.status != SeatStatus::left) {
        ASSERT_EQ(a.status, b.status);
      }
      if (a.status != SeatStatus::waiting || b.status != SeatStatus::admitted || first.bundle != kNobody) continue;
      if ((first.parts >> b.part & 1) == 0) continue;
      // Single children wait only behind those admitted in each part they may take; bundles stand by their last.
      ASSERT_TRUE(compare(first.standing, second.standing, school.plan.parts[b.part].order) > 0);
    }
  }
  if (waiting_alone > 0) {
    ASSERT_EQ(admitted + kept, school.plan.plan);  // no open seat while a child waits for one
  }
}

TEST(SchoolSeats, RandomSchoolsStaySoundWhileChildrenLeave) {
  PlanRandom random(11);
  for (int round = 0; round < 300; ++round) {
    const RandomSchool school = make_school(random);
    SchoolSeats seats(school.plan, school.applicants);
    ASSERT_NO_FATAL_FAILURE(expect_sound(school, seats)) << "round " << round;
    Children order(school.applicants.size());
    std::iota(order.begin(), order.end(), 0u);
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    for (const std::uint32_t child : order) {
      const Children waited = with_status(seats, SeatStatus::waiting);
      for (const std::uint32_t next : seats.leave(child)) ASSERT_TRUE(std::ranges::binary_search(waited, next));
      ASSERT_NO_FATAL_FAILURE(expect_sound(school, seats)) << "round " << round;
    }
  }
}

TEST(SchoolSeats, OrderOfTheListHasNoEffect) {
  PlanRandom random(12);
  for (int round = 0; round < 100; ++round) {
    RandomSchool school = make_school(random);
    const SchoolSeats straight(school.plan, school.applicants);
    std::ranges::reverse(school.applicants);
    const SchoolSeats reverse(school.plan, school.applicants);
    EXPECT_EQ(straight.waiting(), reverse.waiting());
    for (const Placement& p : straight.placements()) {
      const Placement& q = reverse.get_placement(p.child);
      ASSERT_EQ(std::tuple(p.status, p.part, p.rank), std::tuple(q.status, q.part, q.rank));
      ASSERT_EQ(straight.margin_of(p), reverse.margin_of(q));
    }
  }
}

TEST(Standing, PlacesFollowTierKeysAndTicket) {
  std::vector<Standing> standings(4);
  standings[0].tier = 2;
  standings[1].ticket = ticket_of(9);
  standings[2].ticket = ticket_of(3);
  standings[3].keys[kPoints] = 5;
  OrderRule rule;
  rule.keys = {{kPoints, true, "points"}};
  EXPECT_EQ(places_in_order(standings, rule), (Children{3, 2, 1, 0}));
}

}  // namespace
}  // namespace catchment::engine::admission
