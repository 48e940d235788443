// That chains draw from the distributions they state, on graphs whose legal plans are all known.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/planning/ensemble/ensemble_world.hpp"

namespace catchment::testing {
namespace {

constexpr double kMostExcess = 4;  // standard deviations of chi-square; seeds are fixed

std::map<Assignment, int> visits(const EnsembleProblem& p, EnsembleOptions options, std::uint64_t plans,
                                 std::uint64_t every) {
  options.record_every = every;
  options.steps = plans * every;
  const ChainGround ground(p);
  std::map<Assignment, int> counts;
  ShardHooks hooks;
  hooks.recorded = [&](const ChainPlan& plan) { ++counts[plan.zone_of]; };
  const ShardResult shard = run_shard(p, ground, options, 0, hooks);
  EXPECT_TRUE(shard.started);
  EXPECT_EQ(shard.over_bound, 0u);
  return counts;
}

EnsembleOptions method(ChainMethod which, std::uint64_t seed) {
  EnsembleOptions options;
  options.method = which;
  options.seed = seed;
  options.cut_bound = 10;
  return options;
}

TEST(FlipChain, IsUniformOverLegalPlansWithoutEnergy) {
  const EnsembleProblem p = grid_zones(4, 3, 2, 4, 8);
  std::map<Assignment, double> weight;
  for (const Assignment& plan : all_legal(p)) weight[plan] = 1;
  ASSERT_GT(weight.size(), 150u);
  EXPECT_LT(chi_square_excess(weight, visits(p, method(ChainMethod::flip, 3), 60'000, 100)), kMostExcess);
}

TEST(FlipChain, IsUniformOverThreeZonesWithHomesLocksAndUnequalChildren) {
  EnsembleProblem p = grid_zones(4, 3, 3, 3, 9);
  for (UnitIndex u = 0; u < p.units.size(); ++u) p.units[u].children = 1 + static_cast<int>(u % 3 == 0);
  p.zones[0].home = 0;
  p.zones[1].home = 11;
  p.locks = {{5, 2, true}, {3, 0, false}};
  std::map<Assignment, double> weight;
  for (const Assignment& plan : all_legal(p)) weight[plan] = 1;
  ASSERT_GT(weight.size(), 100u);
  EXPECT_LT(chi_square_excess(weight, visits(p, method(ChainMethod::flip, 5), 40'000, 150)), kMostExcess);
}

TEST(FlipChain, FollowsItsEnergy) {
  EnsembleProblem p = grid_zones(4, 3, 2, 3, 9);
  for (EnsembleZone& z : p.zones) z.seats = 6;
  PlanRandom random(8);
  for (std::size_t i = 0; i < 24; ++i) p.cost.push_back(random.unit());
  EnsembleOptions options = method(ChainMethod::flip, 4);
  options.energy = {0.5, 0.4, 0.3};
  const ChainGround ground(p);
  std::map<Assignment, double> weight;
  for (const Assignment& plan : all_legal(p)) {
    const ChainPlan counted = count_plan(ground, plan);
    weight[plan] = std::exp(-0.5 * counted.figure(PlanFigure::distance) - 0.4 * counted.figure(PlanFigure::over_seats) -
                            0.3 * counted.figure(PlanFigure::cut_edges));
  }
  EXPECT_LT(chi_square_excess(weight, visits(p, options, 60'000, 100)), kMostExcess);
}

TEST(RevRecom, IsProportionalToTheSpanningTreesOfItsZones) {
  const EnsembleProblem p = grid_zones(4, 3, 3, 3, 5);
  std::map<Assignment, double> weight;
  for (const Assignment& plan : all_legal(p)) {
    weight[plan] = spanning_trees(p, plan, 0) * spanning_trees(p, plan, 1) * spanning_trees(p, plan, 2);
  }
  ASSERT_GT(weight.size(), 500u);
  EXPECT_LT(chi_square_excess(weight, visits(p, method(ChainMethod::revrecom, 6), 10'000, 100)), kMostExcess);
}

TEST(RevRecom, IsProportionalToTheSpanningTreesWithHomesAndUnequalChildren) {
  EnsembleProblem p = grid_zones(4, 4, 2, 7, 13);
  for (UnitIndex u = 0; u < p.units.size(); ++u) p.units[u].children = 1 + static_cast<int>(u % 4 == 1);
  p.zones[0].home = 5;
  p.zones[1].home = 14;
  p.zones[1].least = 8;
  std::map<Assignment, double> weight;
  for (const Assignment& plan : all_legal(p)) weight[plan] = spanning_trees(p, plan, 0) * spanning_trees(p, plan, 1);
  ASSERT_GT(weight.size(), 200u);
  EXPECT_LT(chi_square_excess(weight, visits(p, method(ChainMethod::revrecom, 7), 10'000, 100)), kMostExcess);
}

// The checks above would see the wrong chain: plain ReCom is far from both distributions, and a chain of single flips
// without the ratio of proposals is far from uniform.
TEST(Recom, IsNeitherUniformNorProportionalToSpanningTrees) {
  const EnsembleProblem p = grid_zones(4, 3, 3, 3, 5);
  std::map<Assignment, double> trees, uniform;
  for (const Assignment& plan : all_legal(p)) {
    uniform[plan] = 1;
    trees[plan] = spanning_trees(p, plan, 0) * spanning_trees(p, plan, 1) * spanning_trees(p, plan, 2);
  }
  const auto counts = visits(p, method(ChainMethod::recom, 6), 60'000, 5);
  EXPECT_GT(chi_square_excess(trees, counts), 3 * kMostExcess);
  EXPECT_GT(chi_square_excess(uniform, counts), 3 * kMostExcess);
}

}  // namespace
}  // namespace catchment::testing
