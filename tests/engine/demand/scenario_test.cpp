// Changes of a plan: what they move, what they must leave alone, and what is refused.
#include "engine/demand/scenario.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "engine/demand/forecaster.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/demand/demand_checks.hpp"
#include "tests/support/demand_world.hpp"

namespace catchment::engine::demand {
namespace {

using Kind = ScenarioChange::Kind;
using test::bytes_of, test::world_junior, test::world_primary, test::world_unit;

constexpr int kHorizon = 8;
constexpr int kFirst = 2025;  // the first year ahead

ForecastOptions quick() {
  ForecastOptions options;
  options.draws = 200, options.horizon = kHorizon, options.threads = 2;
  return options;
}

DemandModel fitted(const DemandInput& input) {
  FitOptions options;
  options.calibrate = false;
  return fit(CityHistory::make(input, {}), options);
}

class Scenario : public testing::Test {
 protected:
  static DemandInput make(bool feeders) {
    test::DemandWorldOptions options;
    options.housing = true, options.feeders = feeders;
    return test::make_demand_world(options).input;
  }

  std::size_t at(const Forecaster& f, const std::string& id) const {
    const auto& schools = f.forecast().schools;
    const auto place = std::ranges::find(schools, id, &SchoolForecast::school_id);
    EXPECT_NE(place, schools.end()) << id;
    return static_cast<std::size_t>(place - schools.begin());
  }
  const SchoolForecast& school(const Forecaster& f, const std::string& id) const {
    return f.forecast().schools[at(f, id)];
  }

  const DemandInput input_ = make(true);
  const DemandModel model_ = fitted(input_);
};

ScenarioChange reassign(const std::string& unit, const std::string& to, int year, Stage stage = Stage::primary,
                        double share = 1) {
  ScenarioChange c;
  c.kind = Kind::reassign_unit, c.unit_id = unit, c.school_id = to, c.from_year = year, c.stage = stage,
  c.share = share;
  return c;
}
ScenarioChange merge(const std::string& from, const std::string& into, int year) {
  ScenarioChange c;
  c.kind = Kind::merge_school, c.school_id = from, c.into_school_id = into, c.from_year = year;
  return c;
}
ScenarioChange close(const std::string& school, int year) {
  ScenarioChange c;
  c.kind = Kind::close_school, c.school_id = school, c.from_year = year;
  return c;
}
ScenarioChange open(const std::string& school, int year, const std::string& district) {
  ScenarioChange c;
  c.kind = Kind::open_school, c.school_id = school, c.from_year = year, c.district_id = district;
  return c;
}
ScenarioChange delay(const std::string& project, int year) {
  ScenarioChange c;
  c.kind = Kind::delay_housing, c.housing.id = project, c.housing.completion_year = year;
  return c;
}
ScenarioChange add(const std::string& project, const std::string& unit, int dwellings, int year) {
  ScenarioChange c;
  c.kind = Kind::add_housing;
  c.housing = {project, "", unit, "commodity", dwellings, year, {}};
  return c;
}

double pupils(const SchoolForecast& s, std::size_t year) {
  double sum = 0;
  for (const GradeForecast& g : s.grades) sum += g.years[year].mean;
  return sum;
}

TEST_F(Scenario, AMovedUnitTakesItsChildrenAlong) {
  Forecaster f(model_, quick());
  const Forecast before = f.forecast();
  const std::string unit = world_unit(0, 1, 2), from = world_primary(0, 1), to = world_primary(2, 3);
  const std::size_t a = at(f, from), b = at(f, to);
  const ScenarioChange change = reassign(unit, to, kFirst + 2);
  const std::vector<std::size_t> touched = f.apply(std::span(&change, 1));
  for (std::size_t y = 0; y < kHorizon; ++y) {
    const double lost = before.schools[a].entry[y].zone_children - f.forecast().schools[a].entry[y].zone_children;
    const double won = f.forecast().schools[b].entry[y].zone_children - before.schools[b].entry[y].zone_children;
    EXPECT_NEAR(lost, won, 0.0025);
    if (y < 2) {
      EXPECT_EQ(lost, 0);
    } else {
      EXPECT_GT(lost, 5);
      // And with the children about as many pupils: no part of a level stays behind.
      const double pupils_lost =
          before.schools[a].grades[0].years[y].mean - f.forecast().schools[a].grades[0].years[y].mean;
      const double share = lost / before.schools[a].entry[y].zone_children;
      EXPECT_NEAR(pupils_lost / before.schools[a].grades[0].years[y].mean, share, 0.02);
    }
  }
  // Nobody else's figures change.
  for (std::size_t s = 0; s < before.schools.size(); ++s) {
    const bool listed = std::ranges::find(touched, s) != touched.end();
    if (!listed) {
      EXPECT_EQ(bytes_of(before.schools[s]), bytes_of(f.forecast().schools[s]));
    }
  }
  EXPECT_LE(touched.size(), 6u);
  test::expect_coherent(f.forecast(), model_.history.rules());
}

// Most of its pupils come from elsewhere: a unit that is given to it does not multiply those.
TEST_F(Scenario, AUnitBringsItsOwnChildrenToASchoolOfATinyZone) {
  DemandModel model = model_;
  for (int u = 0; u < 4; ++u) {
    const std::size_t unit = *model.history.find_unit(world_unit(0, 0, u));
    for (std::size_t y = 0; y < kHorizon; ++y) model.outlook[0].children[unit * kMostYears + y] = 0.25f;
  }
  for (SchoolModel& s : model.schools) s.own_weight[0] = 0.8;
  Forecaster f(model, quick());
  const Forecast before = f.forecast();
  const std::size_t s = at(f, world_primary(0, 0));
  const ScenarioChange change = reassign(world_unit(1, 1, 1), world_primary(0, 0), kFirst);
  f.apply(std::span(&change, 1));
  for (std::size_t y = 0; y < kHorizon; ++y) {
    const double children = f.forecast().schools[s].entry[y].zone_children - before.schools[s].entry[y].zone_children;
    const double more = f.forecast().schools[s].grades[0].years[y].mean - before.schools[s].grades[0].years[y].mean;
    EXPECT_GT(children, 10);
    EXPECT_NEAR(more / children, model.schools[s].entry[0].value, 0.15) << y;
  }
}

// With the draws in common a unit brings, in every draw, what it takes: the schools have the same ratio, no noise of
// their own and no level of their own here.
TEST_F(Scenario, AMovedUnitTakesItsChildrenAlongInEveryDraw) {
  DemandModel model = model_;
  Noise& n = model.noise;
  n.entry_school = n.entry_drift = n.entry_phi = 0;
  for (SchoolModel& s : model.schools) {
    s.entry[0] = {0.9, 100, 0, Level::zone};
    s.own_weight = {0, 0};
  }
  Forecaster f(model, quick());
  const std::size_t a = at(f, world_primary(0, 1)), b = at(f, world_primary(2, 3));
  const auto from = f.entry_draws(a, 0), to = f.entry_draws(b, 0);
  const ScenarioChange change = reassign(world_unit(0, 1, 2), world_primary(2, 3), kFirst + 1);
  f.apply(std::span(&change, 1));
  const auto from_after = f.entry_draws(a, 0), to_after = f.entry_draws(b, 0);
  for (std::size_t y = 1; y < kHorizon; ++y) {
    double spread = 0;
    for (std::size_t d = 0; d < from[y].size(); ++d) {
      const double lost = static_cast<double>(from[y][d] - from_after[y][d]);
      EXPECT_NEAR(lost, static_cast<double>(to_after[y][d] - to[y][d]), 0.001);
      spread = std::max(spread, std::fabs(lost - static_cast<double>(from[y][0] - from_after[y][0])));
    }
    EXPECT_GT(spread, 0.1);  // it is the unit's own luck that moves, not a mean
  }
}

TEST_F(Scenario, ApplyingIsForecastingTheChangedPlanAnew) {
  for (const bool feeders : {true, false}) {
    DemandInput changed = make(feeders);
    const DemandModel model = fitted(changed);
    Forecaster f(model, quick());
    const std::vector<ScenarioChange> changes{reassign(world_unit(0, 1, 2), world_primary(1, 0), kFirst),
                                              reassign(world_unit(1, 2, 0), world_primary(1, 0), kFirst),
                                              reassign(world_unit(2, 2, 1), world_primary(2, 5), kFirst),
                                              reassign(world_unit(2, 2, 1), world_junior(1, 0), kFirst, Stage::junior)};
    f.apply(changes);
    std::vector<UnitSchool> plan = changed.assignment;
    for (UnitSchool& a : plan) {
      a.school_year = kFirst;
      for (const ScenarioChange& c : changes) {
        if (c.unit_id == a.unit_id && c.stage == a.stage) a.school_id = c.school_id;
      }
    }
    changed.assignment.insert(changed.assignment.end(), plan.begin(), plan.end());
    // The fit is that of the plan in force when the pupils were counted; only the plan to come differs.
    DemandModel anew = model;
    anew.history = CityHistory::make(changed, {});
    EXPECT_EQ(bytes_of(f.forecast()), bytes_of(Forecaster(anew, quick()).forecast())) << feeders;
  }
}

TEST_F(Scenario, HousingAddedIsHousingPlanned) {
  DemandInput with = input_;
  with.housing.push_back({"A-new", "", world_unit(1, 3, 1), "commodity", 800, kFirst + 1, {}});
  DemandModel anew = model_;
  anew.history = CityHistory::make(with, {});
  Forecaster f(model_, quick());
  const Forecast before = f.forecast();
  const ScenarioChange change = add("A-new", world_unit(1, 3, 1), 800, kFirst + 1);
  f.apply(std::span(&change, 1));
  EXPECT_EQ(bytes_of(f.forecast()), bytes_of(Forecaster(anew, quick()).forecast()));
  const std::size_t s = at(f, world_primary(1, 3));
  for (std::size_t y = 0; y < kHorizon; ++y) {
    const double more = f.forecast().schools[s].entry[y].zone_children - before.schools[s].entry[y].zone_children;
    EXPECT_EQ(more > 0, y >= 1) << y;
    if (y >= 1) {
      EXPECT_GT(f.forecast().schools[s].grades[0].years[y].mean, before.schools[s].grades[0].years[y].mean);
    }
  }
}

TEST_F(Scenario, AChangeAndItsInverseLeaveEveryByteAsItWas) {
  Forecaster f(model_, quick());
  const std::string before = bytes_of(f.forecast());
  const std::string unit = world_unit(0, 1, 2), project = input_.housing[1].id;
  ASSERT_EQ(input_.housing[1].completion_year, kFirst + 1);
  const std::vector<std::pair<ScenarioChange, ScenarioChange>> pairs{
      {reassign(unit, world_primary(2, 3), kFirst), reassign(unit, world_primary(0, 1), kFirst)},
      {reassign(unit, world_primary(2, 3), kFirst + 3), reassign(unit, world_primary(0, 1), kFirst + 3)},
      {delay(project, kFirst + 4), delay(project, kFirst + 1)},
  };
  for (const auto& [there, back] : pairs) {
    f.apply(std::span(&there, 1));
    EXPECT_NE(bytes_of(f.forecast()), before);
    f.apply(std::span(&back, 1));
    EXPECT_EQ(bytes_of(f.forecast()), before);
  }
}

TEST_F(Scenario, ManyRandomChangesAreTheSameOneByOneAndAtOnce) {
  test::Random random(17);
  std::vector<ScenarioChange> changes;
  for (int i = 0; i < 25; ++i) {
    const std::string unit = world_unit(random.between(0, 2), random.between(0, 5), random.between(0, 3));
    changes.push_back(reassign(unit, world_primary(random.between(0, 2), random.between(0, 5)),
                               kFirst + random.between(0, 7), Stage::primary, 0.25 * random.between(1, 4)));
  }
  changes.push_back(add("H", world_unit(0, 0, 0), 500, kFirst + 2));
  Forecaster one(model_, quick()), all(model_, quick());
  for (const ScenarioChange& c : changes) one.apply(std::span(&c, 1));
  all.apply(changes);
  EXPECT_EQ(bytes_of(one.forecast()), bytes_of(all.forecast()));
  test::expect_coherent(one.forecast(), model_.history.rules());
  // No child is in two zones or in none.
  const Forecaster before(model_, quick());
  for (std::size_t y = 0; y < kHorizon; ++y) {
    double was = 0, is = 0, arrived = 0;
    for (std::size_t s = 0; s < model_.history.schools.size(); ++s) {
      if (model_.history.schools[s].stages[0] != Stage::primary) continue;
      was += before.forecast().schools[s].entry[y].zone_children,
          is += one.forecast().schools[s].entry[y].zone_children;
    }
    if (y >= 2) arrived = 1;
    EXPECT_EQ(is - was > 0.05, arrived > 0) << y;
  }
}

TEST_F(Scenario, AMergedSchoolsPupilsAndChildrenAreAllTakenOver) {
  Forecaster f(model_, quick());
  const Forecast before = f.forecast();
  const std::string from = world_primary(1, 0), into = world_primary(1, 1);
  const std::size_t a = at(f, from), b = at(f, into);
  const ScenarioChange change = merge(from, into, kFirst + 2);
  f.apply(std::span(&change, 1));
  for (std::size_t y = 0; y < kHorizon; ++y) {
    const SchoolForecast &gone = f.forecast().schools[a], &taking = f.forecast().schools[b];
    const double was = pupils(before.schools[a], y) + pupils(before.schools[b], y);
    // Later on the schools' ratios into grade 1 differ.
    EXPECT_NEAR(pupils(gone, y) + pupils(taking, y), was, 0.12 * was) << y;
    EXPECT_NEAR(gone.entry[y].zone_children + taking.entry[y].zone_children,
                before.schools[a].entry[y].zone_children + before.schools[b].entry[y].zone_children, 0.003);
    if (y >= 2) {
      EXPECT_EQ(pupils(gone, y), 0);
    }
  }
  // In the year of the merger every sitting pupil goes up a grade in the other school.
  for (std::size_t g = 1; g < 6; ++g) {
    const double was = before.schools[a].grades[g].years[2].mean + before.schools[b].grades[g].years[2].mean;
    EXPECT_NEAR(f.forecast().schools[b].grades[g].years[2].mean, was, 0.02 * was);
  }
  test::expect_coherent(f.forecast(), model_.history.rules());
}

TEST_F(Scenario, AClosedSchoolsPupilsFollowItsUnits) {
  Forecaster f(model_, quick());
  const Forecast before = f.forecast();
  std::vector<ScenarioChange> changes{close(world_primary(1, 0), kFirst + 1)};
  for (int u = 0; u < 4; ++u) changes.push_back(reassign(world_unit(1, 0, u), world_primary(1, 1 + u % 2), kFirst + 1));
  f.apply(changes);
  for (std::size_t y = 0; y < kHorizon; ++y) {
    double was = 0, is = 0;
    for (int s = 0; s < 3; ++s) {
      const std::size_t place = at(f, world_primary(1, s));
      was += pupils(before.schools[place], y), is += pupils(f.forecast().schools[place], y);
    }
    EXPECT_NEAR(is, was, 0.08 * was) << y;
  }
  EXPECT_EQ(pupils(school(f, world_primary(1, 0)), 1), 0);
  EXPECT_GT(pupils(school(f, world_primary(1, 1)), 1), pupils(before.schools[at(f, world_primary(1, 1))], 1) + 20);
  EXPECT_GT(pupils(school(f, world_primary(1, 2)), 1), pupils(before.schools[at(f, world_primary(1, 2))], 1) + 20);
}

TEST_F(Scenario, WhatChangesAClosedSchoolLaterReachesItsHeirs) {
  std::vector<ScenarioChange> closing{close(world_primary(1, 0), kFirst + 4)};
  for (int u = 0; u < 4; ++u) closing.push_back(reassign(world_unit(1, 0, u), world_primary(1, 1 + u % 2), kFirst + 4));
  const ScenarioChange building = add("H", world_unit(1, 0, 0), 2000, kFirst);
  Forecaster later(model_, quick()), at_once(model_, quick());
  later.apply(closing);
  later.apply(std::span(&building, 1));
  std::vector<ScenarioChange> both = closing;
  both.push_back(building);
  at_once.apply(both);
  EXPECT_EQ(bytes_of(later.forecast()), bytes_of(at_once.forecast()));
  test::expect_coherent(later.forecast(), model_.history.rules());
}

TEST_F(Scenario, AMergedJuniorSchoolsFeedersFeedTheOther) {
  Forecaster f(model_, quick());
  const Forecast before = f.forecast();
  const std::size_t a = at(f, world_junior(0, 0)), b = at(f, world_junior(0, 1));
  const ScenarioChange change = merge(world_junior(0, 0), world_junior(0, 1), kFirst + 3);
  f.apply(std::span(&change, 1));
  for (std::size_t y = 0; y < kHorizon; ++y) {
    const double was = pupils(before.schools[a], y) + pupils(before.schools[b], y);
    EXPECT_NEAR(pupils(f.forecast().schools[a], y) + pupils(f.forecast().schools[b], y), was, 0.08 * was) << y;
  }
  test::expect_coherent(f.forecast(), model_.history.rules());
}

TEST_F(Scenario, AJuniorSchoolOfAZoneThatTakesOverAFedOneKeepsItsZoneBeforeAndAfter) {
  DemandInput input = input_;
  std::erase_if(input.feeders, [](const Feeder& f) { return f.to_school_id == world_junior(0, 1); });
  const DemandModel model = fitted(input);
  Forecaster f(model, quick());
  const Forecast before = f.forecast();
  const std::size_t b = at(f, world_junior(0, 1));
  const ScenarioChange change = merge(world_junior(0, 0), world_junior(0, 1), kFirst + 3);
  f.apply(std::span(&change, 1));
  for (std::size_t y = 0; y < 3; ++y)
    EXPECT_EQ(before.schools[b].entry[y].zone_children, f.forecast().schools[b].entry[y].zone_children);
  for (std::size_t y = 3; y < kHorizon; ++y) {
    EXPECT_NEAR(
        f.forecast().schools[b].entry[y].zone_children,
        before.schools[b].entry[y].zone_children + before.schools[at(f, world_junior(0, 0))].entry[y].zone_children, 1);
  }
}

TEST_F(Scenario, ANineYearSchoolsStagesGoWhereTheirUnitsGo) {
  DemandInput input = make(false);
  // P00 and J0 of district 0 are one school of nine years.
  for (auto& a : input.assignment) a.school_id = a.school_id == world_junior(0, 0) ? world_primary(0, 0) : a.school_id;
  for (auto& e : input.enrolment) e.school_id = e.school_id == world_junior(0, 0) ? world_primary(0, 0) : e.school_id;
  std::erase_if(input.schools, [](const SchoolPlace& s) { return s.school_id == world_junior(0, 0); });
  for (auto& s : input.schools) {
    if (s.school_id == world_primary(0, 0)) s.stages = {Stage::primary, Stage::junior};
  }
  const DemandModel model = fitted(input);
  Forecaster f(model, quick());
  const Forecast before = f.forecast();
  std::vector<ScenarioChange> changes{close(world_primary(0, 0), kFirst + 1)};
  for (int u = 0; u < 4; ++u) changes.push_back(reassign(world_unit(0, 0, u), world_primary(0, 1), kFirst + 1));
  for (const UnitSchool& a : input.assignment) {
    if (a.stage == Stage::junior && a.school_id == world_primary(0, 0)) {
      changes.push_back(reassign(a.unit_id, world_junior(0, 1), kFirst + 1, Stage::junior));
    }
  }
  f.apply(changes);
  const SchoolForecast &was = before.schools[at(f, world_primary(0, 0))], &took = school(f, world_primary(0, 1)),
                       &took_junior = school(f, world_junior(0, 1));
  for (std::size_t g = 1; g < 6; ++g) {
    const double sum = was.grades[g].years[1].mean + before.schools[at(f, world_primary(0, 1))].grades[g].years[1].mean;
    EXPECT_NEAR(took.grades[g].years[1].mean, sum, 0.03 * sum);
  }
  for (std::size_t g = 1; g < 3; ++g) {
    const double sum =
        was.grades[6 + g].years[1].mean + before.schools[at(f, world_junior(0, 1))].grades[g].years[1].mean;
    EXPECT_NEAR(took_junior.grades[g].years[1].mean, sum, 0.03 * sum);
  }
}

TEST_F(Scenario, ANewSchoolGetsTheChildrenOfItsUnits) {
  Forecaster f(model_, quick());
  const Forecast before = f.forecast();
  const std::vector<ScenarioChange> changes{open("D0-new", kFirst + 1, "D0"),
                                            reassign(world_unit(0, 0, 0), "D0-new", kFirst + 1),
                                            reassign(world_unit(0, 1, 0), "D0-new", kFirst + 1)};
  f.apply(changes);
  ASSERT_EQ(f.forecast().schools.size(), before.schools.size() + 1);
  const SchoolForecast& opened = school(f, "D0-new");
  EXPECT_TRUE(opened.shrunk);
  EXPECT_EQ(pupils(opened, 0), 0);
  // One grade more each year, until all six are there.
  for (std::size_t y = 1; y < kHorizon; ++y) {
    for (std::size_t g = 0; g < 6; ++g) EXPECT_EQ(opened.grades[g].years[y].mean > 0, g < y) << y << ' ' << g;
  }
  for (std::size_t y = 0; y < kHorizon; ++y) {
    double was = 0, is = 0;
    for (int s = 0; s < 2; ++s) {
      is += school(f, world_primary(0, s)).entry[y].zone_children;
      const auto old = std::ranges::find(before.schools, world_primary(0, s), &SchoolForecast::school_id);
      was += old->entry[y].zone_children;
    }
    EXPECT_NEAR(is + opened.entry[y].zone_children, was, 0.005);
  }
  test::expect_coherent(f.forecast(), model_.history.rules());
}

TEST_F(Scenario, DelayedHousingMovesItsChildrenLater) {
  Forecaster f(model_, quick());
  const Forecast before = f.forecast();
  const Housing project = input_.housing[1];
  const ScenarioChange change = delay(project.id, project.completion_year + 3);
  const auto touched = f.apply(std::span(&change, 1));
  ASSERT_FALSE(touched.empty());
  double was = 0, is = 0;
  for (std::size_t y = 0; y < 4; ++y) {
    for (const std::size_t s : touched)
      was += before.schools[s].entry[y].zone_children, is += f.forecast().schools[s].entry[y].zone_children;
  }
  EXPECT_LT(is, was);
}

TEST_F(Scenario, EveryBadChangeIsRefusedAndChangesNothing) {
  const std::string unit = world_unit(0, 0, 0), primary = world_primary(0, 0), other = world_primary(0, 1),
                    junior = world_junior(0, 0);
  const std::string done = input_.housing[0].id, to_come = input_.housing[1].id;
  std::vector<std::pair<const char*, std::vector<ScenarioChange>>> bad{
      {"unknown unit", {reassign("none", primary, kFirst)}},
      {"unknown school", {reassign(unit, "none", kFirst)}},
      {"a year that is over", {reassign(unit, other, kFirst - 1)}},
      {"a year beyond the horizon", {reassign(unit, other, kFirst + kHorizon)}},
      {"the least year", {reassign(unit, other, std::numeric_limits<int>::min())}},
      {"no share", {reassign(unit, other, kFirst, Stage::primary, 0)}},
      {"too large a share", {reassign(unit, other, kFirst, Stage::primary, 1.01)}},
      {"a share that is no number", {reassign(unit, other, kFirst, Stage::primary, std::nan(""))}},
      {"a stage the rules do not have", {reassign(unit, other, kFirst, Stage::senior)}},
      {"a school of another stage", {reassign(unit, junior, kFirst)}},
      {"a school not open yet", {open("new", kFirst + 3, "D0"), reassign(unit, "new", kFirst + 1)}},
      {"a school that has closed", {merge(primary, other, kFirst), reassign(unit, primary, kFirst + 1)}},
      {"a school without an id", {open("", kFirst, "D0")}},
      {"an unknown district", {open("new", kFirst, "none")}},
      {"closing what nobody knows", {close("none", kFirst)}},
      {"closing without a heir", {close(primary, kFirst)}},
      {"closing while a part of a unit stays",
       {close(primary, kFirst), reassign(unit, other, kFirst, Stage::primary, 0.5),
        reassign(world_unit(0, 0, 1), other, kFirst), reassign(world_unit(0, 0, 2), other, kFirst),
        reassign(world_unit(0, 0, 3), other, kFirst)}},
      {"closing twice", {merge(primary, other, kFirst + 1), merge(primary, other, kFirst + 2)}},
      {"merging into itself", {merge(primary, primary, kFirst)}},
      {"merging into what nobody knows", {merge(primary, "none", kFirst)}},
      {"merging into another stage", {merge(primary, junior, kFirst)}},
      {"merging into what ends then",
       {merge(primary, other, kFirst + 2), merge(other, world_primary(0, 2), kFirst + 2)}},
      {"merging into what ended before",
       {merge(other, world_primary(0, 2), kFirst + 1), merge(primary, other, kFirst + 2)}},
      {"delaying what nobody knows", {delay("none", kFirst + 3)}},
      {"delaying what is built", {delay(done, kFirst + 3)}},
      {"delaying into the past", {delay(to_come, kFirst - 1)}},
      {"adding what is there", {add(to_come, unit, 100, kFirst + 1)}},
      {"adding nothing", {add("H", unit, 0, kFirst + 1)}},
      {"adding without an id", {add("", unit, 10, kFirst + 1)}},
      {"adding without a year", {add("H", unit, 10, 0)}},
      {"adding nowhere", {add("H", "none", 10, kFirst + 1)}},
  };
  Forecaster f(model_, quick());
  const std::string before = bytes_of(f.forecast());
  for (auto& [name, changes] : bad) {
    // A good change before the bad one is not carried out either.
    changes.insert(changes.begin(), reassign(world_unit(2, 0, 0), world_primary(2, 1), kFirst));
    try {
      f.apply(changes);
      ADD_FAILURE() << name << " was taken";
      return;
    } catch (const InputError& e) {
      EXPECT_EQ(e.code, "demand_change") << name;
      EXPECT_TRUE(e.where.starts_with("changes/") && e.where != "changes/0") << name << ": " << e.where;
    }
    EXPECT_EQ(bytes_of(f.forecast()), before) << name;
  }
  // And the forecaster still works as if nothing had been asked.
  Forecaster fresh(model_, quick());
  const ScenarioChange good = reassign(unit, other, kFirst);
  f.apply(std::span(&good, 1));
  fresh.apply(std::span(&good, 1));
  EXPECT_EQ(bytes_of(f.forecast()), bytes_of(fresh.forecast()));
}

}  // namespace
}  // namespace catchment::engine::demand
