#include "engine/planning/sites/choose_sites.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/planning/sites/seat_knapsack.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/planning/sites/site_world.hpp"

namespace catchment::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SiteResult chosen(const SiteProblem& p, int rounds, std::uint64_t seed = 1) {
  OptimiseOptions options;
  options.rounds = rounds;
  options.seed = seed;
  return choose_sites(p, options);
}

TEST(ChooseSites, BoundOptimumAndPlanStandInThisOrderOnProblemsSolvedByTryingEveryPlan) {
  int solved = 0, impossible = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    const SiteProblem p = random_sites(seed);
    const auto optimum = best_sites_by_trying(p);
    for (const int rounds : {1, 5000}) {
      const SiteResult r = chosen(p, rounds);
      if (!optimum) {
        impossible += rounds > 1;
        EXPECT_TRUE(r.plan.open.empty()) << seed;
        if (rounds > 1) {
          EXPECT_EQ(r.status, OptimiseStatus::infeasible) << seed;
          EXPECT_TRUE(std::ranges::any_of(r.findings, &SiteFinding::fatal)) << seed;
        }
        continue;
      }
      ASSERT_NE(r.status, OptimiseStatus::infeasible) << seed;
      EXPECT_LE(r.bound, *optimum) << seed;
      if (rounds > 1) {
        ++solved;
        ASSERT_EQ(r.status, OptimiseStatus::optimal) << seed;
      }
      if (r.plan.open.empty()) continue;
      EXPECT_TRUE(check_site_plan(p, r.plan).empty()) << seed;
      EXPECT_NEAR(r.cost, cost_of(p, r.plan), 1e-9) << seed;
      EXPECT_GE(r.cost, *optimum - 1e-9) << seed;
      if (r.status == OptimiseStatus::optimal) {
        EXPECT_NEAR(r.cost, *optimum, 2e-9 * (1 + *optimum)) << seed;
        EXPECT_LT(r.gap(), 1e-8) << seed;
      }
    }
  }
  EXPECT_GE(solved, 200);
  EXPECT_GE(impossible, 50);
}

SiteProblem town(bool limited) {
  SiteProblem p = scattered_sites(5, 60, 30, true);
  int children = 0;
  for (const PlanUnit& u : p.units) children += u.children;
  for (Site& s : p.sites) {
    if (limited) s.seats = children * 22 / 100;
  }
  p.least_open = 6;
  p.most_open = 6;
  return p;
}

TEST(ChooseSites, ATownIsSolvedToAProof) {
  for (const bool limited : {false, true}) {
    const SiteResult r = chosen(town(limited), 20'000);
    EXPECT_EQ(r.status, OptimiseStatus::optimal) << limited;
    EXPECT_EQ(r.bound, r.cost) << limited;
    EXPECT_EQ(r.plan.open.size(), 6u);
  }
}

TEST(ChooseSites, EqualSeedsAndRoundsGiveEqualPlansAndBounds) {
  const SiteResult a = chosen(town(true), 2, 7), b = chosen(town(true), 2, 7);
  ASSERT_FALSE(a.plan.open.empty());
  EXPECT_EQ(a.plan.open, b.plan.open);
  EXPECT_EQ(a.plan.site_of, b.plan.site_of);
  EXPECT_EQ(a.bound, b.bound);
}

TEST(ChooseSites, MoreRoundsNeverGiveAWorsePlanOrBound) {
  SiteResult last = chosen(town(true), 1);
  for (const int rounds : {2, 4, 8, 16}) {
    const SiteResult next = chosen(town(true), rounds);
    EXPECT_LE(next.cost, last.cost);
    EXPECT_GE(next.bound, last.bound);
    last = next;
  }
}

TEST(ChooseSites, CancelledItKeepsWhatItHasAndSaysSo) {
  OptimiseOptions options;
  options.rounds = 1000;
  options.progress = [](const PlanProgress& at) { return !at.cost; };
  const SiteResult r = choose_sites(town(true), options);
  EXPECT_TRUE(r.cancelled);
  ASSERT_FALSE(r.plan.open.empty());
  EXPECT_LE(r.bound, r.cost);
}

TEST(ChooseSites, WithoutALimitItRefuses) { EXPECT_THROW(choose_sites(town(false), {}), InputError); }

// Three units in a row, 10 children each, a site in each.
SiteProblem row() {
  SiteProblem p;
  for (const char* id : {"a", "b", "c"}) p.units.push_back({id, 10});
  for (UnitIndex u = 0; u < 3; ++u) {
    Site site;
    site.id = std::string(1, static_cast<char>('A' + u));
    site.unit = u;
    p.sites.push_back(site);
  }
  p.cost = {0, 10, 20, 10, 0, 10, 20, 10, 0};
  return p;
}

// serves: CQ31
TEST(ChooseSites, OpeningAndClosingAreWeighedAgainstTheWay) {
  SiteProblem p = row();
  p.most_open = 1;
  EXPECT_THAT(chosen(p, 9).plan.open, ElementsAre(1));
  p.most_open.reset();
  EXPECT_THAT(chosen(p, 9).plan.open, ElementsAre(0, 1, 2));
  for (Site& s : p.sites) s.open_cost = 11;
  EXPECT_THAT(chosen(p, 9).plan.open, ElementsAre(1));
  p.sites[2].state = SiteState::open;
  p.sites[2].close_cost = 2;  // to keep C costs 11 - 2 more than to close it, and saves 10
  p.sites[1].open_cost = 10;
  const SiteResult kept = chosen(p, 9);
  EXPECT_THAT(kept.plan.open, ElementsAre(1, 2));
  EXPECT_EQ(kept.cost, 31);
  p.sites[0].state = SiteState::fixed;
  p.sites[1].state = SiteState::closed;
  EXPECT_THAT(chosen(p, 9).plan.open, ElementsAre(0, 2));
}

std::vector<SiteFindingKind> kinds(const SiteProblem& p) {
  std::vector<SiteFindingKind> list;
  for (const SiteFinding& f : find_site_problems(p)) list.push_back(f.kind);
  return list;
}

TEST(SiteProblem, WhatCannotBeIsNamed) {
  using enum SiteFindingKind;
  const auto with = [](auto change) {
    SiteProblem p = row();
    change(p);
    const SiteResult r = chosen(p, 50);
    EXPECT_EQ(r.status, OptimiseStatus::infeasible);
    EXPECT_TRUE(r.plan.open.empty());
    return kinds(p);
  };
  EXPECT_THAT(with([](SiteProblem& p) { p.sites.clear(), p.cost.clear(); }), ElementsAre(no_sites));
  EXPECT_THAT(with([](SiteProblem& p) { p.most_open = 0; }), ElementsAre(no_sites));
  EXPECT_THAT(with([](SiteProblem& p) { p.least_open = 4; }), ElementsAre(counts_conflict));
  EXPECT_THAT(with([](SiteProblem& p) { p.least_open = 2, p.most_open = 1; }), ElementsAre(counts_conflict));
  EXPECT_THAT(with([](SiteProblem& p) {
                p.sites[0].state = p.sites[1].state = SiteState::fixed;
                p.most_open = 1;
              }),
              ElementsAre(counts_conflict));
  EXPECT_THAT(with([](SiteProblem& p) { p.cost[3] = p.cost[4] = p.cost[5] = kNever; }), ElementsAre(unreachable));
  EXPECT_THAT(with([](SiteProblem& p) {
                for (Site& s : p.sites) s.seats = 0;
              }),
              ElementsAre(no_seats, no_seats, no_seats, unreachable, open_seats_short));
  EXPECT_THAT(with([](SiteProblem& p) {
                for (Site& s : p.sites) s.seats = 10;
                p.most_open = 2;
              }),
              ElementsAre(open_seats_short));
  // Two sites are needed, and one may be open.
  EXPECT_THAT(with([](SiteProblem& p) {
                p.cost = {0, kNever, 20, 10, 0, 10, kNever, 10, 0};
                p.sites[2].state = SiteState::closed;
                p.most_open = 1;
              }),
              ElementsAre());
}

TEST(SiteProblem, AShortageOfSeatsIsSaidWithUnitsSitesAndFigures) {
  SiteProblem p = row();
  p.cost = {0, kNever, kNever, 10, kNever, kNever, 20, 10, 0};
  p.sites[0].seats = 19;
  const auto found = find_site_problems(p);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, SiteFindingKind::seats_short);
  EXPECT_THAT(found[0].message, HasSubstr("2 units (a and b) with 20 children can only reach A with 19 seats"));
  EXPECT_THAT(found[0].units, ElementsAre(0, 1));
}

TEST(SiteProblem, ListsThatDoNotFitTogetherAreRefused) {
  const auto refused = [](auto change) {
    SiteProblem p = row();
    change(p);
    EXPECT_THROW(find_site_problems(p), InputError);
    EXPECT_THROW(chosen(p, 1), InputError);
  };
  refused([](SiteProblem& p) { p.cost.pop_back(); });
  refused([](SiteProblem& p) { p.cost[1] = -1; });
  refused([](SiteProblem& p) { p.cost[1] = std::nan(""); });
  refused([](SiteProblem& p) { p.sites[1].unit = 3; });
  refused([](SiteProblem& p) { p.sites[1].seats = -1; });
  refused([](SiteProblem& p) { p.sites[1].open_cost = kNever; });
  refused([](SiteProblem& p) { p.sites[1].close_cost = -3; });
  refused([](SiteProblem& p) { p.units[0].children = -2; });
  refused([](SiteProblem& p) { p.least_open = -1; });
  refused([](SiteProblem& p) { p.most_open = -1; });
}

TEST(ChooseSites, ProblemsWithoutUnitsOrChildrenAreSolved) {
  EXPECT_EQ(chosen({}, 1).status, OptimiseStatus::optimal);
  SiteProblem p = row();
  for (PlanUnit& u : p.units) u.children = 0;
  for (Site& s : p.sites) s.seats = 0;
  const SiteResult r = chosen(p, 50);
  EXPECT_EQ(r.status, OptimiseStatus::optimal);
  EXPECT_EQ(r.cost, 0);
}

TEST(CheckSitePlan, NamesEveryBreach) {
  SiteProblem p = row();
  EXPECT_TRUE(check_site_plan(p, {{1}, {1, 1, 1}}).empty());
  EXPECT_EQ(check_site_plan(p, {{1}, {1, 1, 2}}).size(), 1u);
  EXPECT_EQ(check_site_plan(p, {{1}, {1, 1}}).size(), 1u);
  EXPECT_EQ(check_site_plan(p, {{1, 1}, {1, 1, 1}}).size(), 1u);
  p.sites[0].state = SiteState::fixed;
  p.sites[1].state = SiteState::closed;
  p.sites[1].seats = 29;
  p.least_open = 2;
  EXPECT_EQ(check_site_plan(p, {{1}, {1, 1, 1}}).size(), 4u);
}

TEST(ChooseSites, ConnectedZonesOfTheChosenSitesCostNoLessThanTheBound) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SiteProblem p = scattered_sites(seed, 16, 16, false);
    for (Site& s : p.sites) s.seats = 90, s.open_cost = 50;
    const SiteResult r = chosen(p, 2000);
    ASSERT_EQ(r.status, OptimiseStatus::optimal) << seed;
    std::vector<std::pair<UnitIndex, UnitIndex>> borders;  // a grid that knows nothing of the places
    for (UnitIndex u = 0; u < 16; ++u) {
      if (u % 4 != 0) borders.emplace_back(u - 1, u);
      if (u >= 4) borders.emplace_back(u - 4, u);
    }
    OptimiseOptions options;
    options.rounds = 1;
    const OptimiseResult zones = optimise(to_plan_problem(p, r.plan, borders), options);
    if (zones.plan.empty()) continue;
    EXPECT_GE(zones.cost + site_costs(p, r.plan.open), r.bound - 1e-9) << seed;
  }
}

TEST(SeatKnapsack, TakesTheBestOfAllSubsets) {
  PlanRandom random(3);
  SeatKnapsack knapsack;
  for (int round = 0; round < 300; ++round) {
    std::vector<SeatItem> items(random.below(11));
    for (std::uint32_t k = 0; k < items.size(); ++k) {
      items[k] = {0.1 + random.unit(), static_cast<int>(random.below(9)), k};
    }
    const long seats = random.below(30);
    double best = 0;
    for (unsigned set = 0; set < 1u << items.size(); ++set) {
      double gain = 0;
      long taken = 0;
      for (std::size_t k = 0; k < items.size(); ++k) {
        if (set >> k & 1u) gain += items[k].gain, taken += items[k].seats;
      }
      if (taken <= seats) best = std::max(best, gain);
    }
    std::vector<SeatItem> sorted = items;
    sort_items(sorted);
    EXPECT_NEAR(knapsack.fill(sorted, seats), best, 1e-9);
    EXPECT_GE(fill_bound(sorted, seats), best - 1e-9);
    double gain = 0;
    for (const std::uint32_t unit : knapsack.taken()) gain += items[unit].gain;
    EXPECT_NEAR(gain, best, 1e-9);
  }
}

}  // namespace
}  // namespace catchment::testing
