#include "engine/planning/optimiser/optimise.hpp"

#include <gtest/gtest.h>

#include <set>

#include "engine/planning/optimiser/plan_search.hpp"
#include "engine/planning/plan_check.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/planning/plan_world.hpp"

namespace catchment::testing {
namespace {

OptimiseResult optimised(const PlanProblem& p, int rounds, std::uint64_t seed = 1) {
  OptimiseOptions options;
  options.rounds = rounds;
  options.seed = seed;
  return optimise(p, options);
}

TEST(Optimise, BoundOptimumAndPlanStandInThisOrderOnProblemsSolvedByTryingAllPlans) {
  int solved = 0, impossible = 0, optimal = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const PlanProblem p = random_problem(seed);
    const auto optimum = cheapest_by_trying(p);
    const OptimiseResult r = optimised(p, 1);
    if (!optimum) {
      ++impossible;
      EXPECT_TRUE(r.plan.empty()) << seed;
      continue;
    }
    ++solved;
    EXPECT_NE(r.status, OptimiseStatus::infeasible) << seed;
    EXPECT_LE(r.bound, *optimum + 1e-9) << seed;
    if (r.plan.empty()) continue;
    EXPECT_TRUE(is_legal(p, r.plan)) << seed;
    EXPECT_NEAR(r.cost, plan_cost(p, r.plan), 1e-9) << seed;
    EXPECT_GE(r.cost, *optimum - 1e-9) << seed;
    optimal += r.cost <= *optimum + 1e-9;
    if (r.status == OptimiseStatus::optimal) {
      EXPECT_NEAR(r.cost, *optimum, 1e-4) << seed;
    }
  }
  EXPECT_GE(solved, 25);
  EXPECT_GE(impossible, 5);
  EXPECT_GE(optimal, solved * 9 / 10);
}

// Every term alone, then mixtures of them.
TEST(Optimise, BoundOptimumAndPlanStandInThisOrderForEveryGoalAndLimitAndForMixtures) {
  int solved = 0, optimal = 0, planned = 0, impossible = 0;
  for (std::uint64_t k = 0; k < 84; ++k) {
    const unsigned terms = k < 42 ? 1u << (k % 7) : static_cast<unsigned>(PlanRandom(k).below(128));
    const PlanProblem p = with_terms(random_problem(100 + k), terms, k);
    if (p.units.size() > 9 && p.schools.size() > 2) continue;  // too many plans to try
    const auto optimum = cheapest_by_trying(p);
    const OptimiseResult r = optimised(p, 2);
    SCOPED_TRACE("problem " + std::to_string(k) + ", terms " + std::to_string(terms));
    if (!optimum) {
      ++impossible;
      EXPECT_TRUE(r.plan.empty());
      continue;
    }
    ++solved;
    EXPECT_NE(r.status, OptimiseStatus::infeasible);
    EXPECT_LE(r.bound, *optimum + 1e-9);
    if (r.plan.empty()) continue;
    ++planned;
    EXPECT_TRUE(is_legal(p, r.plan));
    EXPECT_NEAR(r.cost, plan_cost(p, r.plan), 1e-9);
    EXPECT_GE(r.cost, *optimum - 1e-9);
    optimal += r.cost <= *optimum + 1e-9;
  }
  EXPECT_GE(solved, 30);
  EXPECT_GE(impossible, 3);
  EXPECT_GE(planned, solved * 9 / 10);
  EXPECT_GE(optimal, solved * 8 / 10);
}

PlanProblem city() {  // 100 units, 5 schools, 5 % more seats than children
  std::vector<int> children;
  PlanRandom random(9);
  int total = 0;
  for (int k = 0; k < 100; ++k) children.push_back(1 + static_cast<int>(random.below(k % 9 == 0 ? 40 : 12)));
  for (const int c : children) total += c;
  const int seats = total * 21 / 100;
  return grid_problem(10, 10, {{11, seats}, {17, seats}, {44, seats}, {72, seats}, {88, seats}}, children);
}

TEST(Optimise, EqualSeedsAndRoundsGiveEqualPlansAndBounds) {
  const PlanProblem p = city();
  const OptimiseResult a = optimised(p, 2, 5), b = optimised(p, 2, 5);
  ASSERT_FALSE(a.plan.empty());
  EXPECT_EQ(a.plan, b.plan);
  EXPECT_EQ(a.bound, b.bound);
  EXPECT_TRUE(is_legal(p, a.plan));
  EXPECT_LT(a.gap(), 0.02);
}

TEST(Optimise, MoreRoundsNeverGiveAWorsePlanOrBound) {
  const PlanProblem p = city();
  const OptimiseResult a = optimised(p, 1), b = optimised(p, 2);
  EXPECT_LE(b.cost, a.cost);
  EXPECT_GE(b.bound, a.bound);
}

TEST(Optimise, ABudgetOfMovedChildrenHolds) {
  PlanProblem p = city();
  const Assignment free = optimised(p, 2).plan;
  ASSERT_FALSE(free.empty());
  for (UnitIndex u = 1; u < p.units.size(); ++u) {
    // Makes the plan in force a bad one, so that the budget is what binds.
    for (SchoolIndex s = 0; s < p.schools.size(); ++s) {
      if (s == free[u]) p.cost[u * p.schools.size() + s] += p.units[u].children * 4.0;
    }
  }
  p.budget = MoveBudget{free, 40};
  const OptimiseResult r = optimised(p, 2);
  ASSERT_FALSE(r.plan.empty());
  EXPECT_TRUE(is_legal(p, r.plan));
  EXPECT_LT(r.cost, plan_cost(p, free));
  EXPECT_LE(r.bound, r.cost);
}

TEST(Optimise, CancelledItKeepsWhatItHasAndSaysSo) {
  OptimiseOptions options;
  options.rounds = 100;
  options.progress = [](const PlanProgress& at) { return !at.cost; };
  const PlanProblem p = city();
  const OptimiseResult r = optimise(p, options);
  EXPECT_TRUE(r.cancelled);
  ASSERT_FALSE(r.plan.empty());
  EXPECT_TRUE(is_legal(p, r.plan));
}

TEST(Optimise, WithoutALimitItRefuses) { EXPECT_THROW(optimise(city(), {}), InputError); }

TEST(Optimise, ProblemsWithoutUnitsOrChildrenAreSolved) {
  EXPECT_EQ(optimised({}, 1).status, OptimiseStatus::optimal);
  const PlanProblem empty = grid_problem(3, 3, {{0, 0}, {8, 0}}, {0});
  const OptimiseResult r = optimised(empty, 1);
  ASSERT_FALSE(r.plan.empty());
  EXPECT_TRUE(is_legal(empty, r.plan));
  EXPECT_EQ(r.cost, 0);
  const PlanProblem one = grid_problem(1, 1, {{0, 5}}, {5});
  EXPECT_EQ(optimised(one, 1).plan, Assignment{0});
}

PlanProblem
tight_city() {  // 144 units, every seventh large, 8 schools of different sizes, 4 % more seats than children
  std::vector<int> children;
  PlanRandom random(21);
  int total = 0;
  for (int k = 0; k < 144; ++k) children.push_back(1 + static_cast<int>(random.below(k % 7 == 0 ? 90 : 12)));
  for (const int c : children) total += c;
  std::vector<std::pair<UnitIndex, int>> schools;
  const UnitIndex homes[] = {14, 21, 41, 54, 78, 93, 110, 129};
  for (std::size_t s = 0; s < 8; ++s) schools.emplace_back(homes[s], total * (8 + 2 * static_cast<int>(s % 4)) / 84);
  return grid_problem(12, 12, schools, children);
}

TEST(Optimise, LargeUnitsArePackedIntoTightSeats) {
  const PlanProblem p = tight_city();
  const OptimiseResult r = optimised(p, 1);
  ASSERT_FALSE(r.plan.empty());
  EXPECT_TRUE(is_legal(p, r.plan));
  EXPECT_LT(r.gap(), 0.02);
}

TEST(PlanSearch, GuidedItStillCountsTrueCostsAndKeepsOnlyLegalPlans) {
  const PlanProblem p = tight_city();
  const PlanGraph graph(p);
  const std::vector<char> allowed = find_allowed(p);
  ZonePool pool(p);
  PlanSearch search(p, graph, allowed, pool, 4);
  PlanRandom random(8);
  const std::vector<double> no_price(p.schools.size(), 0);
  double before = kNever;
  for (int k = 0; k < 4; ++k) {
    std::vector<double> shares(p.cost.size());
    for (double& share : shares) share = random.unit();
    search.guide(shares, 0.3 * k);
    search.grow(no_price, 0.2);
    Cooling cooling;
    cooling.proposals = 400000;
    cooling.soft = 4;
    search.cool(cooling, {});
    EXPECT_LE(search.best_cost(), before);
    before = search.best_cost();
  }
  ASSERT_FALSE(search.best().empty());
  EXPECT_TRUE(is_legal(p, search.best()));
  EXPECT_NEAR(search.best_cost(), plan_cost(p, search.best()), 1e-9);
}

TEST(PlanSearch, GuidanceDrawsUnitsToTheSchoolsWithTheirShares) {
  PlanProblem p = grid_problem(6, 1, {{0, 99}, {5, 99}}, {1});
  const PlanGraph graph(p);
  const std::vector<char> allowed = find_allowed(p);
  ZonePool pool(p);
  PlanSearch search(p, graph, allowed, pool, 4);
  std::vector<double> shares(p.cost.size(), 0);
  for (UnitIndex u = 0; u < 5; ++u) shares[u * 2] = 1;
  shares[5 * 2 + 1] = 1;
  search.guide(shares, 20);
  Cooling cooling;
  cooling.proposals = 20000;
  search.start({0, 1, 1, 1, 1, 1});
  search.cool(cooling, {});
  std::set<std::size_t> sizes;
  for (const PoolZone& zone : pool.zones(0)) sizes.insert(zone.units.size());
  EXPECT_TRUE(sizes.contains(5));  // as the shares say, not what is cheapest
  EXPECT_EQ(search.best(), (Assignment{0, 0, 0, 1, 1, 1}));
}

TEST(ZonePool, PlansPutTogetherFromItAreLegalAndNotBelowItsBound) {
  int made = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const PlanProblem p = random_problem(seed);
    const auto optimum = cheapest_by_trying(p);
    if (!optimum) continue;
    const PlanGraph graph(p);
    const std::vector<char> allowed = find_allowed(p);
    ZonePool pool(p);
    PlanSearch search(p, graph, allowed, pool, seed);
    search.grow(std::vector<double>(p.schools.size(), 0), 0.2);
    Cooling cooling;
    cooling.proposals = 20000;
    search.cool(cooling, {});
    int looks = 0;
    pool.improve_prices(200, 2 * *optimum + 1, [&] { return ++looks > 3; });  // cut off
    const auto found = pool.partition(2 * *optimum + 1, 100000, {});
    if (!found.plan) continue;
    ++made;
    EXPECT_TRUE(is_legal(p, *found.plan)) << seed;
    EXPECT_NEAR(found.cost, plan_cost(p, *found.plan), 1e-9) << seed;
    EXPECT_GE(found.cost, pool.bound() - 1e-9) << seed;
    EXPECT_GE(found.cost, *optimum - 1e-9) << seed;
  }
  EXPECT_GE(made, 15);
}

TEST(PlanGraph, NeighboursHangTogetherAsAFloodAmongThemSays) {
  PlanRandom random(3);
  for (int world = 0; world < 20; ++world) {
    PlanProblem p = grid_problem(4, 4, {{0, 99}}, {1});
    for (int k = 0; k < 14; ++k) p.borders.emplace_back(random.below(16), random.below(16));
    const PlanGraph graph(p);
    for (UnitIndex u = 0; u < 16; ++u) {
      const auto near = graph.neighbours(u);
      const std::uint64_t some = random.next() & ((std::uint64_t{1} << near.size()) - 1);
      std::set<UnitIndex> left;
      for (std::size_t k = 0; k < near.size(); ++k) {
        if ((some >> k & 1) != 0) left.insert(near[k]);
      }
      std::vector<UnitIndex> front;
      if (!left.empty()) front.push_back(*left.begin());
      while (!front.empty()) {
        const UnitIndex v = front.back();
        front.pop_back();
        if (left.erase(v) == 0) continue;
        for (const UnitIndex w : graph.neighbours(v)) {
          if (left.contains(w)) front.push_back(w);
        }
      }
      EXPECT_EQ(graph.hang_together(u, some), left.empty()) << world << " " << u;
    }
  }
}

TEST(CheckPlan, NamesEveryBreach) {
  PlanProblem p = grid_problem(3, 1, {{0, 10}, {2, 10}}, {6});
  EXPECT_TRUE(check_plan(grid_problem(3, 1, {{0, 12}, {2, 10}}, {6}), {0, 0, 1}).empty());
  const auto kinds = [&](const Assignment& plan) {
    std::vector<BreachKind> list;
    for (const Breach& b : check_plan(p, plan)) list.push_back(b.kind);
    return list;
  };
  EXPECT_EQ(kinds({0, 0, 1}), std::vector{BreachKind::over_seats});
  EXPECT_EQ(kinds({0, 0}), std::vector{BreachKind::wrong_size});
  EXPECT_EQ(kinds({0, 7, 1}), std::vector{BreachKind::wrong_size});
  EXPECT_EQ(kinds({1, 0, 1}),
            (std::vector{BreachKind::over_seats, BreachKind::home_lost, BreachKind::apart, BreachKind::apart}));
  p.schools[0].seats = 20;
  p.locks.push_back({1, 0, false});
  p.budget = MoveBudget{{0, 1, 1}, 5};
  EXPECT_EQ(kinds({0, 0, 1}), (std::vector{BreachKind::forbidden, BreachKind::over_budget}));
}

}  // namespace
}  // namespace catchment::testing
