// Everybody has the same chance: orders, places in the roll, neighbours, groups (R2.4). CATCHMENT_DRAWS: how many
// draws.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/engine/admission/draw_world.hpp"

namespace catchment::test {
namespace {

int draws_of(const char* variable, int usual) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::atoi(text) : usual;
}

TEST(Fairness, EveryOrderOfFewChildrenIsAsLikely) {
  const int draws = draws_of("CATCHMENT_DRAWS", 6000);
  for (int n = 2; n <= 6; ++n) {
    DrawWorld world(static_cast<std::uint64_t>(n));
    const std::vector<RollLine> roll = singles(world.codes(n));
    Manifest manifest;
    manifest.draw = "fair", manifest.suite = n % 2 == 0 ? Suite::sha256 : Suite::sm3, manifest.seats = 1;
    std::map<std::string, int> orders;
    for (int i = 0; i < draws; ++i) {
      std::string order;
      for (const ResultLine& line : run_draw(manifest, roll, world.digest())) order.append(view(line.code));
      ++orders[order];
    }
    double all = 1;
    for (int i = 2; i <= n; ++i) all *= i;
    const double mean = draws / all, deviation = std::sqrt(mean * (1 - 1 / all));
    if (mean < 5) continue;
    EXPECT_EQ(orders.size(), static_cast<std::size_t>(all)) << n;
    double chi = 0;
    for (const auto& [order, count] : orders) {
      EXPECT_LT(std::abs(count - mean) / deviation, 5) << n << " " << order;
      chi += (count - mean) * (count - mean) / mean;
    }
    EXPECT_LT((chi - (all - 1)) / std::sqrt(2 * (all - 1)), 6) << n;
  }
}

TEST(Fairness, APairOfTwinsIsAdmittedAsOftenAsAnybody) {
  DrawWorld world(77);
  std::vector<RollLine> roll = singles(world.codes(50));
  for (std::size_t i = 0; i < 10; i += 2) roll[i + 1].unit = roll[i].code;
  Manifest manifest;
  manifest.draw = "twins", manifest.seats = 15;
  const int draws = 3000;
  double twins = 0, others = 0;
  for (int i = 0; i < draws; ++i) {
    for (const ResultLine& line : run_draw(manifest, roll, world.digest())) {
      const bool twin = line.code <= roll[9].code;
      (twin ? twins : others) += line.admitted ? 1 : 0;
    }
  }
  EXPECT_NEAR(twins / draws / 10, 0.3, 0.02);
  EXPECT_NEAR(others / draws / 40, 0.3, 0.01);
}

TEST(Fairness, NeitherPlaceInTheRollNorNeighboursMatter) {
  const int draws = draws_of("CATCHMENT_DRAWS", 3000);
  constexpr int kChildren = 100, kWinners = 30;
  DrawWorld world(78);
  const std::vector<RollLine> roll = singles(world.codes(kChildren));
  Manifest manifest;
  manifest.draw = "places", manifest.seats = kWinners;
  std::vector<double> deciles(10, 0);
  double neighbours = 0;
  for (int i = 0; i < draws; ++i) {
    std::vector<bool> won(kChildren, false);
    for (const ResultLine& line : run_draw(manifest, roll, world.digest())) {
      const auto at = std::lower_bound(roll.begin(), roll.end(), line.code,
                                       [](const RollLine& r, const Code& c) { return r.code < c; });
      won[static_cast<std::size_t>(at - roll.begin())] = line.admitted;
    }
    for (std::size_t k = 0; k < won.size(); ++k) {
      if (won[k]) deciles[k / 10] += 1;
      if (k != 0 && won[k] && won[k - 1]) neighbours += 1;
    }
  }
  // Winners of a decile: ten of a hundred, without putting back.
  const double mean = draws * 3.0, variance = draws * 10 * 0.3 * 0.7 * 90 / 99;
  double chi = 0;
  for (const double count : deciles) chi += (count - mean) * (count - mean) / variance * 0.9;
  EXPECT_LT(chi, 45);  // 9 degrees of freedom: p = 1e-6
  const double expected = 99.0 * kWinners * (kWinners - 1) / (kChildren * (kChildren - 1.0));
  EXPECT_NEAR(neighbours / draws / expected, 1, 0.25 / std::sqrt(draws) * 4);
}

// Winners of groups over many draws against their share: chi-square of a multivariate hypergeometric, groups - 1
// degrees of freedom.
double winners_chi(const std::vector<std::size_t>& group_of, const std::vector<int>& wins, double draws,
                   double winners) {
  const double children = static_cast<double>(group_of.size());
  std::map<std::size_t, std::pair<double, double>> groups;  // size, wins
  for (std::size_t i = 0; i < group_of.size(); ++i)
    groups[group_of[i]].first += 1, groups[group_of[i]].second += wins[i];
  double chi = 0;
  for (const auto& [group, count] : groups) {
    const double mean = draws * winners * count.first / children;
    chi += (count.second - mean) * (count.second - mean) / (mean * (children - winners) / (children - 1));
  }
  return chi;
}

// R2.4: p > 1e-6 by position in the roll, by tenth of registration, by district and by sex.
// serves: ZZ39 CQ11 GY24
TEST(Fairness, NeitherPositionNorRegistrationNorDistrictNorSexMatters) {
  const int draws = draws_of("CATCHMENT_DRAWS", 3000);
  constexpr int kChildren = 100, kWinners = 30;
  DrawWorld world(79);
  const std::vector<RollLine> roll = singles(world.codes(kChildren));
  std::vector<std::size_t> position(kChildren), registered(kChildren), district(kChildren), sex(kChildren);
  for (std::size_t i = 0; i < kChildren; ++i) {
    position[i] = i, registered[i] = i / 10;
    district[i] = static_cast<std::size_t>(world.between(0, 9) * world.between(0, 9) / 20);  // of unlike sizes
    sex[i] = static_cast<std::size_t>(world.between(0, 99) < 52 ? 0 : 1);
  }
  for (std::size_t k = kChildren; k > 1; --k)
    std::swap(registered[k - 1], registered[static_cast<std::size_t>(world.between(0, static_cast<int>(k) - 1))]);
  Manifest manifest;
  manifest.draw = "groups", manifest.seats = kWinners;
  std::vector<int> wins(kChildren, 0);
  for (int i = 0; i < draws; ++i) {
    for (const ResultLine& line : run_draw(manifest, roll, world.digest())) {
      const auto at = std::ranges::lower_bound(roll, line.code, {}, &RollLine::code);
      wins[static_cast<std::size_t>(at - roll.begin())] += line.admitted ? 1 : 0;
    }
  }
  // Quantiles of chi-square at 1 - 1e-6 by degrees of freedom.
  const auto degrees = [](const std::vector<std::size_t>& groups) {
    return static_cast<int>(std::set<std::size_t>(groups.begin(), groups.end()).size()) - 1;
  };
  const std::map<int, double> limits{{1, 23.93}, {2, 27.63}, {3, 30.66}, {4, 33.38}, {9, 44.81}, {99, 180.79}};
  const std::pair<const char*, const std::vector<std::size_t>*> ways[]{
      {"position", &position}, {"registration", &registered}, {"district", &district}, {"sex", &sex}};
  for (const auto& [name, groups] : ways) {
    const double chi = winners_chi(*groups, wins, draws, kWinners);
    EXPECT_LT(chi, limits.at(degrees(*groups))) << name;
    RecordProperty(name, std::to_string(chi));
  }
}

}  // namespace
}  // namespace catchment::test
