// Random numbers by name, and figures from draws.
#include "engine/demand/draws.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "engine/demand/estimates.hpp"
#include "tests/support/demand_world.hpp"

namespace catchment::engine::demand {
namespace {

std::vector<float> normals(std::uint64_t stream, std::size_t count) {
  std::vector<float> values(count);
  fill_normal(stream, values);
  return values;
}

TEST(Normal, HasTheMomentsOfANormalVariate) {
  const std::vector<float> values = normals(1, 4'000'000);
  double sum = 0, square = 0, cube = 0, fourth = 0;
  std::size_t beyond_one = 0, beyond_two = 0, beyond_three = 0;
  for (const float f : values) {
    const double x = f;
    sum += x, square += x * x, cube += x * x * x, fourth += x * x * x * x;
    beyond_one += std::fabs(x) > 1, beyond_two += std::fabs(x) > 2, beyond_three += std::fabs(x) > 3;
  }
  const auto n = static_cast<double>(values.size());
  EXPECT_NEAR(sum / n, 0, 0.002);
  EXPECT_NEAR(std::sqrt(square / n), 1, 0.002);
  EXPECT_NEAR(cube / n, 0, 0.006);
  EXPECT_NEAR(fourth / n, 3, 0.02);
  EXPECT_NEAR(static_cast<double>(beyond_one) / n, 0.3173, 0.001);
  EXPECT_NEAR(static_cast<double>(beyond_two) / n, 0.0455, 0.0005);
  EXPECT_NEAR(static_cast<double>(beyond_three) / n, 0.0027, 0.0002);
}

TEST(Normal, IsKnownByItsNameAndNumberAlone) {
  const std::vector<float> all = normals(42, 1000);
  EXPECT_EQ(all, normals(42, 1000));
  const std::vector<float> some = normals(42, 10);
  EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
  EXPECT_NE(all, normals(43, 1000));
}

TEST(Normal, StreamsOfNeighbouringNamesAreNotCorrelated) {
  for (std::uint64_t stream = 0; stream < 50; ++stream) {
    const std::vector<float> a = normals(stream, 4000), b = normals(stream + 1, 4000);
    const double product = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    EXPECT_LT(std::fabs(product / 4000), 0.08) << stream;
  }
}

TEST(Exponential, IsWithinAMillionth) {
  double worst = 0;
  for (double x = -20; x <= 20; x += 0.00137) {
    const auto f = static_cast<float>(x);
    const double exact = std::exp(static_cast<double>(f));
    worst = std::max(worst, std::fabs(static_cast<double>(exp_of(f)) - exact) / exact);
  }
  EXPECT_LT(worst, 1e-6);
  EXPECT_EQ(exp_of(0), 1.0f);
}

// What estimate() gives, by sorting everything.
Estimate by_sorting(std::vector<float> draws) {
  std::ranges::sort(draws);
  const auto rank = [&](double p) { return static_cast<std::size_t>(p * static_cast<double>(draws.size() - 1)); };
  const auto figure = [](float x) { return std::round(std::max(0.0, static_cast<double>(x)) * 1000) / 1000; };
  Estimate e;
  e.mean = std::accumulate(draws.begin(), draws.end(), 0.0) / static_cast<double>(draws.size());
  e.median = figure(draws[rank(0.5)]);
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    const std::size_t low = rank((1 - kLevels[level]) / 2);
    e.low[level] = figure(draws[low]), e.high[level] = figure(draws[draws.size() - 1 - low]);
  }
  return e;
}

void expect_same(const Estimate& a, const Estimate& b, double scale) {
  EXPECT_NEAR(a.mean, b.mean, 0.001 + 1e-6 * scale);
  EXPECT_NEAR(a.median, b.median, 0.0015 + 1e-6 * scale);
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    EXPECT_NEAR(a.low[level], b.low[level], 0.0015 + 1e-6 * scale);
    EXPECT_NEAR(a.high[level], b.high[level], 0.0015 + 1e-6 * scale);
  }
}

TEST(Estimate, IsThatOfAFullSort) {
  test::Random random(5);
  for (int trial = 0; trial < 300; ++trial) {
    const int count = random.between(100, 2000);
    const double middle = random.between(0, 500), spread = random.between(0, 60);
    std::vector<float> draws;
    for (int i = 0; i < count; ++i) {
      double x = middle + spread * test::normal(random);
      if (trial % 3 == 1) x = std::round(x);                                // many ties
      if (trial % 3 == 2) x = std::exp(test::normal(random) * 2) * middle;  // skew
      draws.push_back(static_cast<float>(std::max(0.0, x)));
    }
    expect_same(estimate(draws, {1, 1, 1}), by_sorting(draws), *std::ranges::max_element(draws));
    std::vector<float> sorted = draws;
    std::ranges::sort(sorted);
    for (const double p : {0.0, 0.05, 0.3, 0.5, 0.95, 1.0}) {
      EXPECT_EQ(quantile(draws, p), sorted[static_cast<std::size_t>(p * (count - 1))]);
    }
  }
}

TEST(Estimate, OfEqualDrawsIsThatFigure) {
  const std::vector<float> draws(500, 41.5f);
  expect_same(estimate(draws, {3, 3, 3}), by_sorting(draws), 1);
  EXPECT_EQ(quantile(draws, 0.9), 41.5f);
  EXPECT_EQ(estimate({}, {1, 1, 1}).mean, 0);
}

TEST(Estimate, OfTwoFiguresHasNoOther) {
  std::vector<float> draws(1000, 10);
  for (std::size_t i = 0; i < 30; ++i) draws[i * 7] = 20;
  const Estimate e = estimate(draws, {1, 1, 1});
  EXPECT_EQ(e.median, 10);
  EXPECT_EQ(e.high[2], 10);
  EXPECT_NEAR(e.mean, 10.3, 1e-9);
  for (std::size_t i = 0; i < 60; ++i) draws[i * 11] = 20;
  EXPECT_EQ(estimate(draws, {1, 1, 1}).high[2], 20);
}

TEST(Estimate, OfAHugeSpreadIsStillThatOfASort) {
  std::vector<float> draws(999, 1);
  for (std::size_t i = 0; i < draws.size(); ++i) draws[i] = static_cast<float>(i) * 0.01f;
  draws[500] = 1e9f;
  const Estimate e = estimate(draws, {1, 1, 1});
  std::ranges::sort(draws);
  EXPECT_NEAR(e.median, static_cast<double>(draws[499]), 0.001);
  EXPECT_NEAR(e.high[2], static_cast<double>(draws[998 - 49]), 0.001);
}

TEST(Estimate, WiderLevelsHoldNarrowerOnesWhateverTheFactors) {
  test::Random random(9);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<float> draws;
    for (int i = 0; i < 200; ++i) draws.push_back(static_cast<float>(std::max(0.0, 20 + 15 * test::normal(random))));
    const auto factor = [&] { return 0.1 * random.between(0, 60); };
    const Estimate e = estimate(draws, {factor(), factor(), factor()});
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
      EXPECT_LE(e.low[level], e.median);
      EXPECT_GE(e.high[level], e.median);
      EXPECT_GE(e.low[level], 0);
      if (level == 0) continue;
      EXPECT_LE(e.low[level], e.low[level - 1]);
      EXPECT_GE(e.high[level], e.high[level - 1]);
    }
  }
}

TEST(Estimate, WideningMultipliesTheDistanceFromTheMedian) {
  Estimate e;
  e.mean = 101, e.median = 100, e.low = {90, 80, 70}, e.high = {112, 124, 136};
  const Estimate w = widened(e, {0.5, 1, 2});
  EXPECT_EQ(w.median, 100);
  EXPECT_EQ(w.mean, 101);
  EXPECT_EQ(w.low, (std::array<double, 3>{95, 80, 40}));
  EXPECT_EQ(w.high, (std::array<double, 3>{106, 124, 172}));
}

}  // namespace
}  // namespace catchment::engine::demand
