#include "engine/planning/plan_problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/planning/optimiser/optimise.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/planning/plan_world.hpp"

namespace catchment::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<PlanFindingKind> kinds_of(const PlanProblem& p) {
  std::vector<PlanFindingKind> kinds;
  for (const PlanFinding& f : find_problems(p)) kinds.push_back(f.kind);
  return kinds;
}

// Fatal findings end the optimiser before it starts, without a plan.
void expect_no_plan(const PlanProblem& p) {
  OptimiseOptions options;
  options.rounds = 1;
  const OptimiseResult r = optimise(p, options);
  EXPECT_EQ(r.status, OptimiseStatus::infeasible);
  EXPECT_THAT(r.plan, IsEmpty());
  EXPECT_FALSE(cheapest_by_trying(p));
}

PlanProblem street() { return grid_problem(5, 1, {{0, 30}, {4, 30}}, {10}); }

TEST(FindProblems, ASoundProblemHasNone) { EXPECT_THAT(kinds_of(street()), IsEmpty()); }

TEST(FindProblems, AnIslandIsNamed) {
  PlanProblem p = street();
  p.borders = {{0, 1}, {3, 4}};
  EXPECT_THAT(kinds_of(p), ElementsAre(PlanFindingKind::disconnected, PlanFindingKind::island));
  EXPECT_THAT(find_problems(p)[1].units, ElementsAre(2));
  expect_no_plan(p);
}

TEST(FindProblems, PartsThatHaveASchoolEachAreRemarkedAndPlanned) {
  PlanProblem p = street();
  p.borders = {{0, 1}, {1, 2}, {3, 4}};
  EXPECT_THAT(kinds_of(p), ElementsAre(PlanFindingKind::disconnected));
  OptimiseOptions options;
  options.rounds = 1;
  EXPECT_EQ(optimise(p, options).plan, (Assignment{0, 0, 0, 1, 1}));
}

TEST(FindProblems, ASchoolWithoutSeatsCannotHaveTheChildrenAroundIt) {
  PlanProblem p = street();
  p.schools[1].seats = 0;
  EXPECT_THAT(kinds_of(p), ::testing::Contains(PlanFindingKind::no_seats));
  EXPECT_THAT(kinds_of(p), ::testing::Contains(PlanFindingKind::home_over_seats));
  expect_no_plan(p);
}

TEST(FindProblems, WithoutASchoolThereIsNoPlan) {
  PlanProblem p = grid_problem(2, 1, {}, {1});
  EXPECT_THAT(kinds_of(p), ElementsAre(PlanFindingKind::no_schools));
}

TEST(FindProblems, TwoSchoolsInOneUnitCannotBothHaveIt) {
  PlanProblem p = grid_problem(3, 1, {{0, 30}, {0, 30}}, {10});
  EXPECT_THAT(kinds_of(p), ::testing::Contains(PlanFindingKind::shared_home));
  expect_no_plan(p);
}

TEST(FindProblems, LocksThatDenyEachOtherAreNamed) {
  for (const std::vector<PlanLock>& locks : {std::vector<PlanLock>{{2, 0, true}, {2, 1, true}},
                                             {{2, 0, true}, {2, 0, false}},
                                             {{0, 1, true}},
                                             {{0, 0, false}}}) {
    PlanProblem p = street();
    p.locks = locks;
    EXPECT_THAT(kinds_of(p), ElementsAre(PlanFindingKind::lock_conflict));
    expect_no_plan(p);
  }
}

TEST(FindProblems, AUnitThatLocksCutOffIsUnreachable) {
  PlanProblem p = street();
  p.locks = {{1, 0, true}, {3, 0, true}};  // the way from 0 to 3 is free, but 30 seats end at unit 2
  EXPECT_THAT(kinds_of(p), ElementsAre(PlanFindingKind::unreachable));
  EXPECT_THAT(find_problems(p)[0].units, ElementsAre(3));
  expect_no_plan(p);
}

TEST(FindProblems, AUnitIsUnreachableWhereTheWayToItTakesTheSeats) {
  PlanProblem p = grid_problem(6, 1, {{0, 25}, {5, 60}}, {10});
  for (const UnitIndex u : {1u, 2u}) p.locks.push_back({u, 1, false});
  EXPECT_THAT(kinds_of(p), ElementsAre(PlanFindingKind::unreachable));
  EXPECT_THAT(find_problems(p)[0].units, ElementsAre(2));
  expect_no_plan(p);
  p.schools[0].seats = 30;
  EXPECT_THAT(kinds_of(p), IsEmpty());
}

TEST(FindProblems, AShortageNamesNoUnitThatIsNotNeeded) {
  // A star: unit 0 with school A in the middle of 1 to 4, which may go nowhere else; 5 hangs on 4 with school B.
  PlanProblem p;
  for (int k = 0; k < 6; ++k) p.units.push_back({"u" + std::to_string(k), 10});
  p.borders = {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {4, 5}};
  p.schools = {{"A", 0, 35}, {"B", 5, 100}};
  p.cost.assign(12, 1);
  for (const UnitIndex u : {1u, 2u, 3u}) p.locks.push_back({u, 1, false});
  const auto found = find_problems(p);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, PlanFindingKind::seats_short);
  EXPECT_THAT(found[0].units, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(found[0].schools, ElementsAre(0));
  EXPECT_THAT(found[0].message,
              HasSubstr("these 4 units (u0, u1, u2 and u3) with 40 children can only reach A with 35 seats"));
  expect_no_plan(p);
}

TEST(FindProblems, ABudgetThatTheLocksAloneBreakIsNamed) {
  PlanProblem p = street();
  p.budget = MoveBudget{{0, 0, 0, 1, 1}, 9};
  EXPECT_THAT(kinds_of(p), IsEmpty());
  p.locks = {{2, 1, true}};
  EXPECT_THAT(kinds_of(p), ElementsAre(PlanFindingKind::budget_short));
  expect_no_plan(p);
}

TEST(FindProblems, ListsThatDoNotFitTogetherAreRefused) {
  const auto refused = [](auto change) {
    PlanProblem p = street();
    change(p);
    EXPECT_THROW(find_problems(p), InputError);
  };
  refused([](PlanProblem& p) { p.cost.pop_back(); });
  refused([](PlanProblem& p) { p.cost[3] = -1; });
  refused([](PlanProblem& p) { p.cost[3] = std::nan(""); });
  refused([](PlanProblem& p) { p.units[1].children = -1; });
  refused([](PlanProblem& p) { p.schools[1].unit = 5; });
  refused([](PlanProblem& p) { p.schools[1].seats = -2; });
  refused([](PlanProblem& p) { p.borders.emplace_back(0, 5); });
  refused([](PlanProblem& p) { p.locks.push_back({0, 2, true}); });
  refused([](PlanProblem& p) { p.budget = MoveBudget{{0, 0}, 1}; });
}

TEST(FindProblems, NoFatalFindingWhereAPlanExists) {
  for (std::uint64_t seed = 100; seed < 160; ++seed) {
    const PlanProblem p = random_problem(seed);
    bool fatal = false;
    for (const PlanFinding& f : find_problems(p)) fatal |= f.fatal;
    if (fatal) {
      EXPECT_FALSE(cheapest_by_trying(p)) << seed;
    }
  }
}

}  // namespace
}  // namespace catchment::testing
