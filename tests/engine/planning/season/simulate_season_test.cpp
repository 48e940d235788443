#include "engine/planning/season/simulate_season.hpp"

#include <gtest/gtest.h>

#include "engine/planning/city/city_sources.hpp"
#include "engine/planning/city/plan_demand.hpp"
#include "engine/planning/season/zone_admission.hpp"
#include "geo/input_error.hpp"
#include "tests/support/live_world.hpp"

namespace catchment::testing {
namespace {

using namespace engine::planning;

struct SeasonWorld {
  explicit SeasonWorld(std::uint64_t seed) : plan(make(seed)), forecaster(*plan.city().sources->demand, options()) {}

  static CityPlan make(std::uint64_t seed) {
    LiveWorld world;
    world.demand = true, world.seed = seed, world.years = 4;
    return LiveCity(world).make();
  }
  static engine::demand::ForecastOptions options() {
    engine::demand::ForecastOptions o;
    o.horizon = 4, o.draws = 100;
    return o;
  }

  CityPlan plan;
  engine::demand::Forecaster forecaster;
};

SeasonOptions two_classes() {
  SeasonOptions o;
  o.year = 1;
  o.far_m = 400;
  o.classes = {{"first", "first", 0.7, 1}, {"second", "second", 0.3, 2}};
  return o;
}

SeasonCount sum_of(const std::vector<SeasonCount>& list) {
  SeasonCount sum;
  for (const SeasonCount& c : list) {
    sum.children += c.children, sum.admitted += c.admitted, sum.elsewhere += c.elsewhere, sum.unplaced += c.unplaced;
    sum.far += c.far, sum.walk_m += c.walk_m;
  }
  return sum;
}

TEST(AdmissionStub, GivesSeatsByTierAndThenByLot) {
  const std::vector<SeasonApplicant> applicants{{0, 0, 2, 1}, {0, 0, 1, 9}, {0, 0, 1, 5}, {0, 0, 3, 0}, {0, 0, 2, 0}};
  EXPECT_EQ(admit_in_zone(applicants, 3), (std::vector<char>{0, 1, 1, 0, 1}));
  EXPECT_EQ(admit_in_zone(applicants, 5), (std::vector<char>{1, 1, 1, 1, 1}));
  EXPECT_EQ(admit_in_zone(applicants, 0), (std::vector<char>{0, 0, 0, 0, 0}));
}

TEST(SimulateSeason, EveryChildEndsSomewhereOnceAndNoSeatIsGivenTwice) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SeasonWorld world(seed);
    for (YearIndex year = 0; year < 4; ++year) {
      SeasonOptions options = two_classes();
      options.year = year;
      const SeasonResult r = simulate_season(world.plan, world.forecaster, options);
      SeasonCount units = sum_of(r.units), classes = sum_of(r.classes);
      units.children += r.homeless.children, units.admitted += r.homeless.admitted;
      units.unplaced += r.homeless.unplaced;
      EXPECT_EQ(units.children, units.admitted + units.elsewhere + units.unplaced);
      EXPECT_EQ(units.children, classes.children);
      EXPECT_EQ(units.admitted, classes.admitted);
      std::int64_t children = 0, taken_in = 0;
      for (SchoolIndex s = 0; s < r.schools.size(); ++s) {
        const SchoolSeason& school = r.schools[s];
        children += school.zone.children, taken_in += school.taken_in;
        if (school.seats) {
          EXPECT_LE(school.zone.admitted + school.taken_in, std::int64_t{*school.seats} * r.draws);
        } else {
          EXPECT_EQ(school.zone.admitted, school.zone.children);
        }
        if (school.full_draws == r.draws) {
          EXPECT_EQ(school.taken_in, 0) << "a school that is always full took children in";
        }
      }
      EXPECT_EQ(children, units.children);
      EXPECT_EQ(taken_in, units.elsewhere);
    }
  }
}

// What the draws say, once more from the forecast itself.
TEST(SimulateSeason, ApplicantsAreTheForecastsAndTheTurnedAwayAreThoseBeyondTheSeats) {
  SeasonWorld world(3);
  const SeasonResult r = simulate_season(world.plan, world.forecaster, two_classes());
  for (std::size_t p = 0; p < world.forecaster.forecast().schools.size(); ++p) {
    const SchoolIndex s = *world.plan.city().find_school(world.forecaster.forecast().schools[p].school_id);
    const auto draws = world.forecaster.entry_draws(p, 0);
    if (draws[1].empty()) continue;
    std::int64_t children = 0, beyond = 0;
    for (const float d : draws[1]) {
      const int n = engine::demand::whole_pupils(d);
      children += n;
      if (r.schools[s].seats) beyond += std::max(0, n - *r.schools[s].seats);
    }
    EXPECT_EQ(r.schools[s].zone.children, children);
    EXPECT_EQ(r.schools[s].zone.elsewhere + r.schools[s].zone.unplaced, beyond);
  }
}

TEST(SimulateSeason, TheSecondTierIsTurnedAwayBeforeTheFirst) {
  std::int64_t first = 0, second = 0, second_children = 0, first_children = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SeasonWorld world(seed);
    const SeasonResult r = simulate_season(world.plan, world.forecaster, two_classes());
    first += r.classes[0].children - r.classes[0].admitted, first_children += r.classes[0].children;
    second += r.classes[1].children - r.classes[1].admitted, second_children += r.classes[1].children;
  }
  ASSERT_GT(second, 0);
  EXPECT_GT(second * first_children, 2 * first * second_children);
  EXPECT_NEAR(static_cast<double>(second_children) / static_cast<double>(first_children + second_children), 0.3, 0.02);
}

TEST(SimulateSeason, ThreadsDoNotChangeIt) {
  SeasonWorld world(5);
  SeasonOptions options = two_classes();
  const SeasonResult one = simulate_season(world.plan, world.forecaster, options);
  options.threads = 3;
  const SeasonResult three = simulate_season(world.plan, world.forecaster, options);
  EXPECT_EQ(one.turned_away.mean, three.turned_away.mean);
  for (std::size_t u = 0; u < one.units.size(); ++u) {
    EXPECT_EQ(one.units[u].far, three.units[u].far);
    EXPECT_EQ(one.units[u].walk_m, three.units[u].walk_m);
    EXPECT_EQ(one.units[u].unplaced, three.units[u].unplaced);
  }
}

TEST(SimulateSeason, RefusesOptionsThatCannotBe) {
  SeasonWorld world(1);
  for (int which = 0; which < 4; ++which) {
    SeasonOptions o = two_classes();
    if (which == 0) o.stage = 2;
    if (which == 1) o.year = 4;
    if (which == 2) o.classes[0].share = 0.5;
    if (which == 3) o.near_schools = 0;
    EXPECT_THROW(simulate_season(world.plan, world.forecaster, o), InputError) << which;
  }
}

TEST(SimulateSeason, StopsWhenAskedTo) {
  SeasonWorld world(1);
  SeasonOptions o = two_classes();
  o.progress = [](double done) { return done < 0.1; };
  EXPECT_TRUE(simulate_season(world.plan, world.forecaster, o).cancelled);
}

}  // namespace
}  // namespace catchment::testing
