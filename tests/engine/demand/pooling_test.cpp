// Ratios of many groups: how far each is drawn toward its parent's, and what the scatter is made of.
#include "engine/demand/pooling.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/demand/components.hpp"
#include "tests/support/demand_world.hpp"

namespace catchment::engine::demand {
namespace {

TEST(BetweenVariance, IsTheMomentEstimateOfAWorkedExample) {
  // y = 0.1, 0.3, 0.8 about 0, variances 0.01, 0.02, 0.04: weights 100, 50, 25; Q = 1 + 4.5 + 16 = 21.5;
  // C = 175 - (10000 + 2500 + 625) / 175 = 100; (21.5 - 2) / 100.
  const std::vector<Observation> groups{{0.1, 0.01, 5, 0}, {0.3, 0.02, 5, 0}, {0.8, 0.04, 5, 0}};
  const std::vector<Pooled> city(1);
  EXPECT_NEAR(between_variance(groups, city), 0.195, 1e-12);
  // Of the parent at the middle of what is seen, less is left: Q = 2.25 + 0.125 + 7.5625 about 0.25.
  EXPECT_NEAR(between_variance(groups, std::vector<Pooled>{{0.25, 0, 0}}), (2.25 + 0.125 + 7.5625 - 2) / 100, 1e-12);
}

TEST(BetweenVariance, IsNoneWhereChanceExplainsAllOrTooFewWereSeen) {
  const std::vector<Pooled> city(1);
  EXPECT_EQ(between_variance(std::vector<Observation>{{0.1, 1, 5, 0}, {-0.1, 1, 5, 0}, {0.2, 1, 5, 0}}, city), 0);
  EXPECT_EQ(between_variance(std::vector<Observation>{{5, 0.01, 5, 0}, {-5, 0.01, 5, 0}, {9, 0, 0, 0}}, city), 0);
}

TEST(Pool, GivesTheParentToWhatNobodySawAndItsOwnToWhatIsWellKnown) {
  const std::vector<Pooled> parents{{0.5, 0.04, 1}};
  const std::vector<Observation> groups{{0.0, 0, 0, 0}, {1.0, 1e-9, 1e9, 0}, {-1, 0.5, 2, 0}, {0.2, 1e-6, 1e6, 0}};
  const std::vector<Pooled> pooled = pool(groups, parents);
  EXPECT_EQ(pooled[0].log_ratio, 0.5);
  EXPECT_EQ(pooled[0].weight, 0);
  EXPECT_GE(pooled[0].variance, 0.04);
  EXPECT_NEAR(pooled[1].log_ratio, 1.0, 1e-6);
  EXPECT_NEAR(pooled[1].weight, 1, 1e-6);
  EXPECT_LT(pooled[1].variance, 1e-6);
  // Between the two, and the less certain the nearer to its parent.
  EXPECT_GT(pooled[2].log_ratio, -1);
  EXPECT_LT(pooled[2].log_ratio, 0.5);
  EXPECT_LT(pooled[2].weight, pooled[3].weight);
}

TEST(Pool, TheWeightFallsWithTheVarianceOfAGroup) {
  const std::vector<Pooled> city(1);
  double last = 1;
  for (const double variance : {0.001, 0.01, 0.1, 1.0, 10.0}) {
    const std::vector<Observation> groups{{1, variance, 1, 0}, {-1, 0.01, 1, 0}, {0.7, 0.01, 1, 0}, {-0.6, 0.01, 1, 0}};
    const double weight = pool(groups, city)[0].weight;
    EXPECT_LT(weight, last);
    last = weight;
  }
}

TEST(Gather, IsTheMeanByPrecisionAndKnowsNoEmptyGroup) {
  const std::vector<Observation> members{{1, 0.1, 10, 0}, {2, 0.3, 20, 0}, {0, 0, 0, 0}, {0, 0, 0, 1}};
  const std::vector<Observation> groups = gather(members, 2, 0.1);
  EXPECT_NEAR(groups[0].log_ratio, (1 / 0.2 + 2 / 0.4) / (1 / 0.2 + 1 / 0.4), 1e-12);
  EXPECT_NEAR(groups[0].variance, 1 / (1 / 0.2 + 1 / 0.4), 1e-12);
  EXPECT_EQ(groups[0].sample, 30);
  EXPECT_EQ(groups[1].sample, 0);
}

TEST(Ladder, SchoolsOfADistrictThatDiffersAreDrawnTowardIt) {
  std::vector<Observation> schools;
  test::Random random(7);
  for (std::size_t d = 0; d < 4; ++d) {
    for (int s = 0; s < 20; ++s) {
      schools.push_back({0.3 * static_cast<double>(d) - 0.45 + 0.05 * test::normal(random), 0.0025, 100, d});
    }
    schools.push_back({0, 0, 0, d});  // one nobody has seen
  }
  const Ladder ladder = pool_ladder(schools, 4);
  for (std::size_t d = 0; d < 4; ++d) {
    const double district = 0.3 * static_cast<double>(d) - 0.45;
    EXPECT_NEAR(ladder.upper[d].log_ratio, district, 0.05);
    EXPECT_NEAR(ladder.lower[d * 21 + 20].log_ratio, district, 0.05);
  }
}

// 200 schools, 10 years, 5 grades.
std::vector<Transition> simulated(std::uint64_t seed, double phi, double group_sd, double group_year_sd, double year_sd,
                                  std::vector<double>& truth) {
  test::Random random(seed);
  std::vector<double> year_shock;
  for (int y = 0; y < 10; ++y) year_shock.push_back(year_sd * test::normal(random));
  std::vector<Transition> result;
  for (std::uint32_t s = 0; s < 200; ++s) {
    truth.push_back(group_sd * test::normal(random));
    for (int y = 0; y < 10; ++y) {
      const double shock = group_year_sd * test::normal(random);
      for (std::uint16_t k = 0; k < 5; ++k) {
        const double before = random.between(60, 140);
        const double ratio = 0.96 + 0.01 * k;
        const double expected =
            before * ratio * std::exp(truth.back() + shock + year_shock[static_cast<std::size_t>(y)]);
        const double after = std::max(0.0, std::round(expected + std::sqrt(phi * expected) * test::normal(random)));
        result.push_back(
            {s, k, static_cast<std::int16_t>(2010 + y), static_cast<float>(before), static_cast<float>(after)});
      }
    }
  }
  return result;
}

TEST(Components, AreFoundAgainOnTwoHundredSchools) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    std::vector<double> truth;
    const auto transitions = simulated(seed, 0.5, 0.03, 0.03, 0.02, truth);
    const Components c = analyse(transitions, 5, 200, 2019, 0.9);
    EXPECT_NEAR(c.phi, 0.5, 0.08) << seed;
    EXPECT_NEAR(c.group_year_sd, 0.03, 0.006) << seed;
    // Of ten years a standard deviation is known to a quarter.
    EXPECT_GT(c.year_sd, 0.008) << seed;
    EXPECT_LT(c.year_sd, 0.036) << seed;
    for (std::size_t k = 1; k < 5; ++k) {
      EXPECT_NEAR(c.kind_ratio[k] / c.kind_ratio[0], 1 + 0.01 * static_cast<double>(k) / 0.96, 0.006) << seed;
    }
    // Schools' own ratios: pooled they are nearer to the truth than as seen.
    const std::vector<Pooled> pooled = pool(c.groups, std::vector<Pooled>(1));
    double mean = 0, raw = 0, drawn = 0;
    for (std::size_t s = 0; s < 200; ++s) mean += truth[s] / 200;
    for (std::size_t s = 0; s < 200; ++s) {
      raw += std::pow(c.groups[s].log_ratio - (truth[s] - mean), 2);
      drawn += std::pow(pooled[s].log_ratio - (truth[s] - mean), 2);
    }
    EXPECT_LT(drawn, raw) << seed;
    EXPECT_LT(std::sqrt(drawn / 200), 0.015) << seed;
  }
}

TEST(Components, NoShocksAreFoundWhereThereAreNone) {
  std::vector<double> truth;
  const Components c = analyse(simulated(11, 1.0, 0, 0, 0, truth), 5, 200, 2019, 0.9);
  EXPECT_NEAR(c.phi, 1, 0.12);
  EXPECT_LT(c.group_year_sd, 0.015);
  EXPECT_LT(c.year_sd, 0.006);
}

TEST(Components, OneAbsurdCountChangesLittle) {
  std::vector<double> truth;
  auto transitions = simulated(3, 0.5, 0.03, 0.03, 0.02, truth);
  const Components clean = analyse(transitions, 5, 200, 2019, 0.9);
  transitions[100].after = 5000;
  const Components dirty = analyse(transitions, 5, 200, 2019, 0.9);
  EXPECT_NEAR(dirty.phi, clean.phi, 0.25);
  EXPECT_NEAR(dirty.group_year_sd, clean.group_year_sd, 0.005);
  for (std::size_t k = 0; k < 5; ++k) EXPECT_NEAR(dirty.kind_ratio[k], clean.kind_ratio[k], 0.005);
}

TEST(Components, OfNothingAreUsualOnes) {
  const Components c = analyse({}, 3, 4, 2020, 0.9);
  EXPECT_EQ(c.kind_ratio, (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(c.groups.size(), 4u);
  for (const Observation& o : c.groups) EXPECT_EQ(o.sample, 0);
  EXPECT_TRUE(std::isfinite(c.year_sd) && std::isfinite(c.group_year_sd) && std::isfinite(c.phi));
}

// Schools of a city whose ratio is 0.92, each with a ratio, a year and chance of its own, the city with its years.
std::vector<Transition> made_transitions(test::Random& random, int years) {
  std::vector<Transition> result;
  std::vector<double> own(30);
  for (double& o : own) o = 0.03 * test::normal(random);
  for (int y = 0; y < years; ++y) {
    const double city = 0.02 * test::normal(random);
    for (std::uint32_t s = 0; s < 30; ++s) {
      const double expected = 100 * 0.92 * std::exp(own[s] + city + 0.03 * test::normal(random));
      const double after = expected + std::sqrt(0.5 * expected) * test::normal(random);
      result.push_back({s, 0, static_cast<std::int16_t>(2010 + y), 100, static_cast<float>(std::max(1.0, after))});
    }
  }
  return result;
}

TEST(Components, TheCitysRatioErrsAsFarAsItSays) {
  test::Random random(3);
  double last = 1;
  for (const int years : {4, 8, 16}) {
    int inside = 0;
    double sd = 0;
    constexpr int kCities = 300;
    for (int city = 0; city < kCities; ++city) {
      const Components c = analyse(made_transitions(random, years), 1, 30, 2010 + years - 1, 0.9);
      ASSERT_GT(c.kind_log_sd[0], 0);
      inside += std::fabs(std::log(c.kind_ratio[0] / 0.92)) < 1.645 * c.kind_log_sd[0] ? 1 : 0;
      sd += c.kind_log_sd[0] / kCities;
    }
    EXPECT_NEAR(inside / static_cast<double>(kCities), 0.90, years == 4 ? 0.09 : 0.06) << years;
    EXPECT_LT(sd, last);
    last = sd;
  }
  EXPECT_EQ(analyse({}, 2, 30, 2020, 0.9).kind_log_sd, std::vector<double>(2, 0));
}

}  // namespace
}  // namespace catchment::engine::demand
