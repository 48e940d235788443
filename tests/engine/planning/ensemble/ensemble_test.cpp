#include "engine/planning/ensemble/ensemble.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "engine/planning/ensemble/start_plan.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/planning/ensemble/ensemble_world.hpp"

namespace catchment::testing {
namespace {

using ::testing::HasSubstr;

constexpr ChainMethod kMethods[]{ChainMethod::recom, ChainMethod::revrecom, ChainMethod::flip};

bool has_fatal(const std::vector<EnsembleFinding>& findings) {
  return std::ranges::any_of(findings, &EnsembleFinding::fatal);
}

// Small, at random: islands, parts, homes or none, tight and contradicting limits, locks that deny each other.
EnsembleProblem random_zones(std::uint64_t seed) {
  PlanRandom random(seed * 77 + 5);
  EnsembleRules rules;
  rules.homes = random.below(2) == 0;
  rules.seats = random.below(3) != 0;
  if (random.below(2) == 0) rules.tolerance = 0.2 + 0.8 * random.unit();
  EnsembleProblem p = to_ensemble(random_problem(seed), rules);
  const auto n = static_cast<std::uint32_t>(p.units.size()), k = static_cast<std::uint32_t>(p.zones.size());
  if (random.below(4) == 0) {
    const UnitIndex alone = random.below(n);
    std::erase_if(p.borders, [&](const auto& b) { return b.first == alone || b.second == alone; });
  }
  if (random.below(4) == 0)
    std::erase_if(p.borders, [](const auto& b) { return b.first / 3 == 1 && b.second / 3 == 2; });
  for (std::uint32_t l = random.below(4); l > 1; --l) {
    p.locks.push_back({random.below(n), random.below(k), random.below(2) == 0});
  }
  if (p.reference.empty() && random.below(2) == 0) {
    for (UnitIndex u = 0; u < n; ++u) p.reference.push_back(random.below(k));
  }
  return p;
}

TEST(Ensemble, EveryPlanRecordedIsLegalAndItsFiguresAreThoseCountedAfresh) {
  int drawn = 0, refused = 0, impossible = 0, missed = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const EnsembleProblem p = random_zones(seed);
    const bool fatal = has_fatal(find_problems(p));
    if (fatal) {
      ++refused;
      EXPECT_TRUE(all_legal(p).empty()) << seed;
      continue;
    }
    const ChainGround ground(p);
    for (const ChainMethod method : kMethods) {
      EnsembleOptions options;
      options.method = method;
      options.tree = seed % 2 == 0 ? TreeKind::uniform : TreeKind::random_weight;
      options.seed = seed;
      options.steps = 60;
      options.burn_in = 10;
      options.energy = {0.1 * static_cast<double>(seed % 3), 0.1, 0};
      ShardHooks hooks;
      hooks.recorded = [&](const ChainPlan& plan) {
        ++drawn;
        EXPECT_TRUE(is_legal(p, plan.zone_of)) << seed;
        const ChainPlan counted = count_plan(ground, plan.zone_of);
        EXPECT_EQ(plan.figures, counted.figures) << seed << " " << to_word(method);
        EXPECT_EQ(plan.load, counted.load) << seed;
      };
      const ShardResult shard = run_shard(p, ground, options, 0, hooks);
      EXPECT_TRUE(shard.whole);
      if (shard.started) continue;
      ++impossible;
      missed += !all_legal(p).empty();
      break;
    }
  }
  EXPECT_GT(drawn, 8'000);
  EXPECT_GT(refused, 20);
  EXPECT_GT(impossible, 15);
  EXPECT_LE(missed, 2);  // a start is looked for, not proved away
}

TEST(Ensemble, IllegalPlansAreFoundByBothChecks) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const EnsembleProblem p = random_zones(seed);
    PlanRandom random(seed);
    for (int k = 0; k < 40; ++k) {
      Assignment plan;
      for (std::size_t u = 0; u < p.units.size(); ++u) {
        plan.push_back(random.below(static_cast<std::uint32_t>(p.zones.size())));
      }
      EXPECT_EQ(check_plan(p, plan).empty(), is_legal(p, plan)) << seed;
    }
  }
}

EnsembleProblem city() {  // 100 units, 5 zones with homes and seats
  EnsembleRules rules;
  rules.tolerance = 0.25;
  EnsembleProblem p =
      to_ensemble(grid_problem(10, 10, {{11, 150}, {17, 150}, {44, 150}, {72, 150}, {88, 150}}, {3, 7, 5, 9}), rules);
  for (UnitIndex u = 0; u < 100; ++u) p.reference.push_back(u % 10 < 5 ? 0 : 1);
  return p;
}

std::vector<ShardResult> run_all(const EnsembleProblem& p, const EnsembleOptions& options) {
  const ChainGround ground(p);
  std::vector<ShardResult> shards;
  for (int k = 0; k < options.shards; ++k) shards.push_back(run_shard(p, ground, options, k, {}));
  return shards;
}

TEST(Ensemble, AShardDependsOnSeedAndNumberAlone) {
  const EnsembleProblem p = city();
  const ChainGround ground(p);
  for (const ChainMethod method : kMethods) {
    EnsembleOptions options;
    options.method = method;
    options.steps = 300;
    const ShardResult a = run_shard(p, ground, options, 2, {}), b = run_shard(p, ground, options, 2, {});
    ShardHooks hooks;
    int looks = 0;
    hooks.alive = [&](std::uint64_t) { return ++looks > 0; };
    const ShardResult watched = run_shard(p, ground, options, 2, hooks);
    const ShardResult other = run_shard(p, ground, options, 1, {});
    EXPECT_TRUE(a.started);
    EXPECT_EQ(a.series, b.series);
    EXPECT_EQ(a.loads, b.loads);
    EXPECT_EQ(a.last, b.last);
    EXPECT_EQ(a.series, watched.series);
    EXPECT_NE(a.last, other.last);
    EXPECT_GT(looks, 0);
  }
}

TEST(Ensemble, CancelledShardsSayThatTheyAreNotWhole) {
  const EnsembleProblem p = city();
  EnsembleOptions options;
  options.steps = 1'000'000'000;
  ShardHooks hooks;
  hooks.alive = [](std::uint64_t done) { return done < 500; };
  EXPECT_FALSE(run_shard(p, ChainGround(p), options, 0, hooks).whole);
}

TEST(Ensemble, AMixedEnsembleSaysWhereAPlanStands) {
  EnsembleProblem p = city();
  EnsembleOptions options;
  options.steps = 1500;
  const EnsembleSummary summary = merge_shards(p, run_all(p, options));
  EXPECT_TRUE(summary.mixed());
  EXPECT_EQ(summary.plans, 6000u);
  ASSERT_EQ(summary.figures.size(), kPlanFigures);
  ASSERT_EQ(summary.loads.size(), 5u);
  for (const Quantiles& q : summary.loads) {
    EXPECT_TRUE(std::ranges::is_sorted(q));
    EXPECT_LE(q[6], 150);
  }
  const FigureSummary& cut = summary.figures[0];
  ChainPlan plan;
  plan.figure(PlanFigure::cut_edges) = cut.quantiles[3];
  const PlanStanding standing = place_plan(summary, plan)[0];
  EXPECT_LE(standing.better, 0.5);
  EXPECT_GE(standing.better + standing.equal, 0.5);
  EXPECT_NEAR(static_cast<double>(standing.rank - 1), standing.better * 6000, 1e-6);
  EXPECT_GT(standing.error, 0);
  EXPECT_LT(standing.error, 0.1);
  plan.figure(PlanFigure::cut_edges) = 0;
  EXPECT_EQ(place_plan(summary, plan)[0].rank, 1u);
}

TEST(Ensemble, ChainsTooShortAreNotCalledMixed) {
  const EnsembleProblem p = city();
  EnsembleOptions options;
  options.method = ChainMethod::flip;
  options.steps = 40;
  options.burn_in = 0;
  const EnsembleSummary summary = merge_shards(p, run_all(p, options));
  EXPECT_EQ(summary.plans, 160u);
  EXPECT_FALSE(summary.mixed());
}

TEST(Ensemble, WithoutAStartOfItsOwnAChainTakesTheOneGivenIfThatIsLegal) {
  // A spiral of units with a child each, and zones of exactly 12: growth may fail, the given plan is there.
  EnsembleProblem p = grid_zones(1, 24, 2, 12, 12);
  for (UnitIndex u = 0; u < 24; ++u) p.start.push_back(u < 12 ? 0 : 1);
  EXPECT_TRUE(find_problems(p).empty());
  EXPECT_TRUE(run_shard(p, ChainGround(p), {}, 0, {}).started);
  p.start[3] = 1;
  ASSERT_EQ(find_problems(p).size(), 1u);
  EXPECT_EQ(find_problems(p)[0].kind, EnsembleFindingKind::illegal_start);
  EXPECT_FALSE(find_problems(p)[0].fatal);
  EXPECT_TRUE(ChainGround(p).start.empty());
}

TEST(Ensemble, ShardsWithoutAPlanAreNamed) {
  EnsembleProblem p = grid_zones(3, 1, 2, 1, 2);
  p.units[1].children = 3;
  p.zones[0].most = p.zones[1].most = 3;
  p.zones[0].least = p.zones[1].least = 2;  // 1 3 1 cannot be cut in two of 2 to 3
  EXPECT_FALSE(has_fatal(find_problems(p)));
  const EnsembleSummary summary = merge_shards(p, run_all(p, {}));
  ASSERT_EQ(summary.findings.size(), 1u);
  EXPECT_EQ(summary.findings[0].kind, EnsembleFindingKind::no_start);
  EXPECT_TRUE(summary.findings[0].fatal);
  EXPECT_TRUE(summary.figures.empty());
  EXPECT_FALSE(summary.mixed());
}

TEST(Ensemble, WhatIsWrongIsNamed) {
  const auto kinds = [](const EnsembleProblem& p) {
    std::vector<EnsembleFindingKind> list;
    for (const EnsembleFinding& f : find_problems(p)) list.push_back(f.kind);
    return list;
  };
  const EnsembleProblem good = grid_zones(3, 3, 2, 3, 6);
  EXPECT_TRUE(kinds(good).empty());
  EnsembleProblem p = good;
  p.zones.clear();
  EXPECT_EQ(kinds(p), std::vector{EnsembleFindingKind::no_zones});
  p = good;
  p.borders.resize(1);
  EXPECT_EQ(kinds(p), std::vector{EnsembleFindingKind::parts_without_zones});
  p = good;
  p.zones[0].home = p.zones[1].home = 4;
  EXPECT_EQ(kinds(p), (std::vector{EnsembleFindingKind::shared_home, EnsembleFindingKind::lock_conflict}));
  p = good;
  p.locks = {{2, 0, true}, {2, 1, true}};
  EXPECT_EQ(kinds(p), std::vector{EnsembleFindingKind::lock_conflict});
  p.locks = {{2, 0, false}, {2, 1, false}};
  EXPECT_EQ(kinds(p), std::vector{EnsembleFindingKind::lock_conflict});
  p = good;
  p.zones[0].most = p.zones[1].most = 4;
  EXPECT_EQ(kinds(p), std::vector{EnsembleFindingKind::limits_conflict});
  EXPECT_THAT(find_problems(p)[0].message, HasSubstr("9 children"));
  p = good;
  p.borders.emplace_back(0, 9);
  EXPECT_THROW(find_problems(p), InputError);
  p = good;
  p.reference = {0, 1};
  EXPECT_THROW(find_problems(p), InputError);
}

TEST(Ensemble, OneZoneOnlyOrOneUnitEachDoesNotMove) {
  for (const EnsembleProblem& p : {grid_zones(3, 3, 1, 0, 9), grid_zones(2, 2, 4, 0, 4)}) {
    for (const ChainMethod method : kMethods) {
      EnsembleOptions options;
      options.method = method;
      options.steps = 10;
      const ShardResult shard = run_shard(p, ChainGround(p), options, 0, {});
      EXPECT_TRUE(shard.started);
      EXPECT_TRUE(is_legal(p, shard.last));
    }
  }
}

TEST(ToEnsemble, TargetsShareTheChildrenBySeats) {
  const PlanProblem plan = grid_problem(4, 1, {{0, 30}, {3, 10}}, {8});  // 32 children
  EnsembleRules rules;
  rules.tolerance = 0.25;
  EnsembleProblem p = to_ensemble(plan, rules);
  EXPECT_EQ(p.zones[0].least, 18);
  EXPECT_EQ(p.zones[0].most, 30);
  EXPECT_EQ(p.zones[1].least, 6);
  EXPECT_EQ(p.zones[1].most, 10);
  EXPECT_EQ(p.zones[1].home, 3u);
  rules = {};
  rules.seats = rules.homes = false;
  p = to_ensemble(plan, rules);
  EXPECT_FALSE(p.zones[1].home);
  EXPECT_EQ(p.zones[1].most, std::numeric_limits<int>::max());
  EXPECT_EQ(p.zones[1].seats, 10);
}

std::vector<double> autoregressive(double keep, std::size_t count, std::uint64_t seed, double shift) {
  PlanRandom random(seed);
  std::vector<double> out;
  double x = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double noise = -6;
    for (int k = 0; k < 12; ++k) noise += random.unit();
    x = keep * x + noise;
    out.push_back(x + shift);
  }
  return out;
}

Mixing mixing_of(const std::vector<std::vector<double>>& chains) {
  return measure_mixing({chains.begin(), chains.end()});
}

TEST(Mixing, EffectiveSizeOfKnownCorrelationIsFound) {
  std::vector<std::vector<double>> chains, noise;
  for (std::uint64_t k = 1; k <= 4; ++k) {
    chains.push_back(autoregressive(0.8, 20'000, k, 0));
    noise.push_back(autoregressive(0, 5'000, k, 0));
  }
  const Mixing slow = mixing_of(chains), quick = mixing_of(noise);
  EXPECT_NEAR(slow.effective, 80'000 * 0.2 / 1.8, 1'000);  // (1 - keep) / (1 + keep) of the plans
  EXPECT_NEAR(quick.effective, 20'000, 1'500);
  EXPECT_LT(slow.r_hat, 1.01);
  EXPECT_TRUE(slow.mixed());
}

TEST(Mixing, ChainsApartStuckOrTooShortAreNotMixed) {
  EXPECT_GT(mixing_of({autoregressive(0.5, 2'000, 1, 0), autoregressive(0.5, 2'000, 2, 4)}).r_hat, 1.5);
  const Mixing stuck = mixing_of({std::vector<double>(100, 1), std::vector<double>(100, 2)});
  EXPECT_FALSE(stuck.mixed());
  EXPECT_FALSE(mixing_of({{1, 2, 3}}).mixed());
  EXPECT_FALSE(mixing_of({}).mixed());
  EXPECT_TRUE(mixing_of({std::vector<double>(100, 1), std::vector<double>(100, 1)}).mixed());
}

}  // namespace
}  // namespace catchment::testing
