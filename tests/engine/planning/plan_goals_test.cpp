#include "engine/planning/plan_goals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/planning/optimiser/plan_conflict.hpp"
#include "engine/planning/optimiser/seat_choice.hpp"
#include "engine/planning/optimiser/zone_knapsack.hpp"
#include "engine/planning/optimiser/zone_tracker.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/planning/plan_world.hpp"

namespace catchment::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Assignment random_plan(const PlanProblem& p, PlanRandom& random) {
  Assignment plan;
  for (std::size_t u = 0; u < p.units.size(); ++u) {
    plan.push_back(random.below(static_cast<std::uint32_t>(p.schools.size())));
  }
  return plan;
}

GoalInputs inputs_for(const PlanProblem& p, PlanRandom& random) {
  GoalInputs in;
  const std::size_t n = p.units.size(), m = p.schools.size();
  for (std::size_t k = 0; k < n * m; ++k) {
    in.distance_m.push_back(3000 * random.unit());
    in.crossings.push_back(static_cast<int>(random.below(3)));
  }
  in.current = random_plan(p, random);
  for (const PlanSchool& s : p.schools) {
    in.target.push_back(s.seats * 0.9 + 1);
    in.scale.push_back(s.seats + 1);
    in.seats.push_back(s.seats / 2);
    in.classes.push_back(1);
  }
  in.class_size = 7;
  in.area.assign(n, 1);
  in.perimeter.assign(n, 4);
  for (const auto& [a, b] : p.borders) in.shared.push_back({a, b, 1});
  return in;
}

std::vector<PlanGoal> all_goals() {
  std::vector<PlanGoal> goals;
  for (int k = 0; k < 8; ++k) goals.push_back({static_cast<GoalKind>(k), 0.5 + 0.3 * k, 1000});
  return goals;
}

TEST(PlanGoals, WeightsTimesValuesAddUpToTheObjective) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    PlanRandom random(seed);
    const PlanProblem limits = random_problem(seed);
    const GoalInputs in = inputs_for(limits, random);
    std::vector<PlanGoal> goals = all_goals();
    if (seed % 2 == 0) goals.erase(goals.begin() + random.below(8));
    const PlanProblem p = with_goals(limits, goals, in);
    const Assignment plan = random_plan(p, random);
    const double objective = total_cost(p, plan);
    if (objective == kNever) continue;
    const std::vector<double> values = goal_values(p, goals, in, plan);
    double sum = 0;
    for (std::size_t k = 0; k < goals.size(); ++k) sum += goals[k].weight * values[k];
    EXPECT_NEAR(sum, objective, 1e-9 * (1 + objective)) << seed;
    EXPECT_NEAR(plan_cost(p, plan), objective, 1e-9 * (1 + objective)) << seed;
  }
}

TEST(PlanGoals, EachGoalMeasuresWhatItsNameSays) {
  const PlanProblem street = grid_problem(4, 1, {{0, 30}, {3, 30}}, {10});
  GoalInputs in;
  in.distance_m = {0, 3000, 1000, 2000, 2000, 1000, 3000, 0};
  in.crossings = {0, 2, 0, 2, 2, 0, 2, 0};
  in.current = {0, 0, 1, 1};
  in.target = in.scale = {20, 10};
  in.seats = {20, 30};
  in.classes = {1, 1};
  in.class_size = 25;
  in.area.assign(4, 1);
  in.perimeter.assign(4, 4);
  in.shared = {{0, 1, 1}, {1, 2, 1}, {2, 3, 1}};
  const Assignment plan{0, 0, 0, 1};
  const std::vector<double> values = goal_values(street, all_goals(), in, plan);
  const double pi = std::acos(-1.0);
  EXPECT_DOUBLE_EQ(values[0], (0 + 1000 + 2000 + 0) / 4.0);  // distance
  EXPECT_DOUBLE_EQ(values[1], 1000 / 4.0);                   // beyond 1000 m
  EXPECT_DOUBLE_EQ(values[2], 10);                           // moved
  EXPECT_DOUBLE_EQ(values[3], 2 / 4.0);                      // crossings
  EXPECT_DOUBLE_EQ(values[4], 10 / 20.0 + 0);                // balance
  EXPECT_DOUBLE_EQ(values[5], 10);                           // seats over
  EXPECT_DOUBLE_EQ(values[6], 1);                            // classes over
  EXPECT_NEAR(values[7], 1 - 4 * pi * 3 / 64 + 1 - 4 * pi / 16, 1e-12);
}

TEST(PlanGoals, AUnitWithoutAWayMayNotGoThereAndGoalsWithoutTheirInputsAreRefused) {
  const PlanProblem street = grid_problem(4, 1, {{0, 30}, {3, 30}}, {10});
  GoalInputs in;
  in.distance_m.assign(8, 1);
  in.distance_m[3] = kNever;
  EXPECT_EQ(with_goals(street, {{GoalKind::distance, 1, 0}}, in).cost_of(1, 1), kNever);
  for (int k = 2; k < 8; ++k) {
    EXPECT_THROW(with_goals(street, {{static_cast<GoalKind>(k), 1, 0}}, in), InputError) << k;
  }
  EXPECT_THROW(with_goals(street, {{GoalKind::distance, -1, 0}}, in), InputError);
}

TEST(ZoneTracker, AfterManyMovesItKnowsWhatAFreshCountKnows) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    PlanRandom random(seed);
    const PlanProblem p = with_terms(random_problem(seed), 1 + random.below(15) + 32, seed);
    Assignment plan = random_plan(p, random);
    ZoneTracker tracker(p), fresh(p);
    tracker.start(plan);
    for (int k = 0; k < 200; ++k) {
      const UnitIndex u = random.below(static_cast<std::uint32_t>(p.units.size()));
      const SchoolIndex from = plan[u], to = random.below(static_cast<std::uint32_t>(p.schools.size()));
      if (from == to) continue;
      const Assignment before = plan;
      tracker.move(std::vector<UnitIndex>{u}, from, to, plan);
      if (random.below(3) == 0) {
        tracker.drop();
        plan = before;
      } else {
        tracker.keep();
      }
    }
    fresh.start(plan);
    for (SchoolIndex s = 0; s < p.schools.size(); ++s) {
      EXPECT_NEAR(tracker.cost(s), fresh.cost(s), 1e-9) << seed;
      EXPECT_EQ(tracker.shortage(s), fresh.shortage(s)) << seed;
    }
  }
}

TEST(ZoneKnapsack, IsExactAndNeverBelowTheBestChoiceInCoarseRows) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    PlanRandom random(seed);
    const int scale = seed % 4 == 0 ? 3000 : 1;  // then rows are coarser than a child
    std::vector<KnapsackItem> items;
    for (UnitIndex u = 0; u < 8; ++u) {
      items.push_back(
          {u, static_cast<int>(random.below(12)) * scale + static_cast<int>(random.below(2)), 8 * random.unit() - 3});
    }
    const long base = random.below(5), room = static_cast<long>(random.below(50)) * scale;
    const LoadCost cost{random.unit(), 20.0 * scale, 1.0 * scale, 0.2 / scale, 25 * scale, 2, 7 * scale, 2};
    double best = -kNever;
    for (unsigned set = 0; set < 256; ++set) {
      long load = 0;
      double gain = 0;
      for (const KnapsackItem& i : items) {
        if ((set >> i.unit & 1) != 0) load += i.weight, gain += i.gain;
      }
      if (load <= room) best = std::max(best, gain - cost.at(base + load));
    }
    ZoneKnapsack knapsack;
    const double got =
        knapsack.fill(items, base, room, [&](long load, long slack) { return least_price(cost, load, slack); });
    EXPECT_GE(got, best - 1e-9) << seed;
    if (scale == 1) {
      EXPECT_NEAR(got, best, 1e-9) << seed;
    }
  }
}

TEST(SeatChoice, IsTheBestOfAllChoicesThatFit) {
  SeatChoice choice;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    PlanRandom random(seed);
    std::vector<KnapsackItem> items;
    for (UnitIndex u = 0; u < 10; ++u) {
      const int weight = static_cast<int>(random.below(12));  // some without children, many that pay alike a child
      const double noise = seed % 2 == 0 ? 0 : random.unit();
      items.push_back({u, weight, weight * 0.5 + noise + (weight == 0 ? 1 : 0)});
    }
    const int room = static_cast<int>(random.below(50));
    double best = 0;
    for (unsigned set = 0; set < 1024; ++set) {
      int load = 0;
      double gain = 0;
      for (const KnapsackItem& i : items) {
        if ((set >> i.unit & 1) != 0) load += i.weight, gain += i.gain;
      }
      if (load <= room) best = std::max(best, gain);
    }
    const double got = choice.fill(items, room);
    int load = 0;
    double gain = 0;
    for (const UnitIndex u : choice.chosen()) load += items[u].weight, gain += items[u].gain;
    EXPECT_NEAR(got, best, 1e-9) << seed;
    EXPECT_NEAR(gain, got, 1e-9) << seed;
    EXPECT_LE(load, room) << seed;
  }
}

// Ten children a unit, the schools at the ends; all now go to the left one, which has too few seats.
PlanProblem crowded() {
  PlanProblem p = grid_problem(6, 1, {{0, 40}, {5, 40}}, {10});
  p.budget = MoveBudget{{0, 0, 0, 0, 0, 1}, 20};
  return p;
}

TEST(FindConflict, NamesTheLimitsThatAreAtOddsOnlyTogether) {
  EXPECT_FALSE(find_conflict(crowded(), 200));
  PlanProblem p = crowded();
  p.budget->children = 9;
  const auto found = find_conflict(p, 200);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->groups, ElementsAre(LimitGroup::children_moved, LimitGroup::seats));
  EXPECT_THAT(found->finding.message, HasSubstr("at least 10 children must move, and only 9 may"));
  p = crowded();
  p.budget->children = kNoLimit;
  p.budget->units = 0;
  const auto units = find_conflict(p, 200);
  ASSERT_TRUE(units);
  EXPECT_THAT(units->groups, ElementsAre(LimitGroup::units_moved, LimitGroup::seats));
}

TEST(FindConflict, NamesTheLockThatMattersAndNoOther) {
  PlanProblem p = crowded();
  p.locks = {{1, 0, true}, {3, 0, true}, {4, 0, true}};  // units 0 to 4 are then the left school's: 50 children
  const auto found = find_conflict(p, 200);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->groups, Contains(LimitGroup::locks));
  ASSERT_EQ(found->locks.size(), 1u);
  EXPECT_EQ(found->locks[0].unit, 4u);
}

TEST(FindConflict, WhatItProvesHasNoPlanAmongAll) {
  int proved = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    PlanProblem p = with_terms(random_problem(seed), seed % 3 == 0 ? 16 + 32 : 16, seed);
    if (p.units.size() > 9) continue;
    p.budget->units = static_cast<int>(seed % 8);
    const auto found = find_conflict(p, 60);
    if (!found) continue;
    ++proved;
    EXPECT_FALSE(cheapest_by_trying(p)) << seed << " " << found->finding.message;
  }
  EXPECT_GE(proved, 8);
}

}  // namespace
}  // namespace catchment::testing
