// Changes of a plan: what they move, what they must leave alone, and what is refused.
#include "engine/demand/scenario.hpp"

#include <cmath>
#include <limits>

#include "geo/input_error.hpp"
#include "tests/engine/demand/scenario_world.hpp"

namespace catchment::engine::demand {
namespace {

using Scenario = ScenarioWorld;

TEST_F(Scenario, AMovedUnitTakesItsChildrenAlong) {
  Forecaster f(model_, quick_scenario());
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
  Forecaster f(model, quick_scenario());
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
  Forecaster f(model, quick_scenario());
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
    Forecaster f(model, quick_scenario());
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
    EXPECT_EQ(bytes_of(f.forecast()), bytes_of(Forecaster(anew, quick_scenario()).forecast())) << feeders;
  }
}

TEST_F(Scenario, HousingAddedIsHousingPlanned) {
  DemandInput with = input_;
  with.housing.push_back({"A-new", "", world_unit(1, 3, 1), "commodity", 800, kFirst + 1, {}});
  DemandModel anew = model_;
  anew.history = CityHistory::make(with, {});
  Forecaster f(model_, quick_scenario());
  const Forecast before = f.forecast();
  const ScenarioChange change = add("A-new", world_unit(1, 3, 1), 800, kFirst + 1);
  f.apply(std::span(&change, 1));
  EXPECT_EQ(bytes_of(f.forecast()), bytes_of(Forecaster(anew, quick_scenario()).forecast()));
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
  Forecaster f(model_, quick_scenario());
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
  Forecaster one(model_, quick_scenario()), all(model_, quick_scenario());
  for (const ScenarioChange& c : changes) one.apply(std::span(&c, 1));
  all.apply(changes);
  EXPECT_EQ(bytes_of(one.forecast()), bytes_of(all.forecast()));
  test::expect_coherent(one.forecast(), model_.history.rules());
  // No child is in two zones or in none.
  const Forecaster before(model_, quick_scenario());
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

TEST_F(Scenario, DelayedHousingMovesItsChildrenLater) {
  Forecaster f(model_, quick_scenario());
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
  Forecaster f(model_, quick_scenario());
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
  Forecaster fresh(model_, quick_scenario());
  const ScenarioChange good = reassign(unit, other, kFirst);
  f.apply(std::span(&good, 1));
  fresh.apply(std::span(&good, 1));
  EXPECT_EQ(bytes_of(f.forecast()), bytes_of(fresh.forecast()));
}

// What a moved unit leaves as it was is not drawn again: the figures must be those of a forecast that draws all of the
// touched schools. Housing to come, here of a year far beyond the horizon, makes it do so.
TEST_F(Scenario, DrawingOnlyTheCohortsThatChangeGivesTheFiguresOfDrawingAll) {
  for (const bool feeders : {true, false}) {
    const DemandInput input = make(feeders);
    const DemandModel model = fitted(input);
    Forecaster part(model, quick_scenario()), whole(model, quick_scenario());
    test::Random random(5);
    for (int step = 0; step < 40; ++step) {
      const int district = random.between(0, 2), to = random.between(0, 5);
      ScenarioChange change = reassign(world_unit(random.between(0, 2), random.between(0, 5), random.between(0, 3)),
                                       world_primary(district, to), kFirst + random.between(0, kHorizon - 1));
      if (!feeders && step % 3 == 0) {
        change.school_id = world_junior(district, random.between(0, 1)), change.stage = Stage::junior;
      }
      if (step == 20) change = merge(world_primary(1, 1), world_primary(1, 2), kFirst + 3);
      if (step > 20 && change.school_id == world_primary(1, 1)) continue;
      const std::vector<ScenarioChange> both{
          change, add("far" + std::to_string(step), world_unit(0, 0, 0), 1, kFirst + 100 + step)};
      part.apply(std::span(&change, 1));
      whole.apply(both);
      ASSERT_EQ(bytes_of(part.forecast()), bytes_of(whole.forecast())) << "step " << step << ", feeders " << feeders;
      for (std::size_t s = 0; s < part.forecast().schools.size(); ++s) {
        const SchoolForecast &a = part.forecast().schools[s], &b = whole.forecast().schools[s];
        ASSERT_EQ(a.zone_children.size(), b.zone_children.size());
        for (std::size_t y = 0; y < a.zone_children.size(); ++y) {
          ASSERT_EQ(a.zone_children[y].mean, b.zone_children[y].mean);
          ASSERT_EQ(a.zone_children[y].high, b.zone_children[y].high);
        }
      }
    }
  }
}

TEST_F(Scenario, EntrantsChangeFromTheYearOfTheChangeOn) {
  const PlanState plan = make_plan_state(model_, kHorizon);
  const Forecaster f(model_, quick_scenario());
  const std::size_t a = at(f, world_primary(0, 1)), b = at(f, world_primary(2, 3)), c = at(f, world_primary(1, 1));
  std::array<std::vector<char>, kStages> touched;
  const ScenarioChange change = reassign(world_unit(0, 1, 2), world_primary(2, 3), kFirst + 4);
  const PlanState next = apply_changes(model_, kHorizon, std::span(&change, 1), plan, touched);
  EXPECT_EQ(first_entrants_changed(plan.schools[a], next.schools[a], 0, kHorizon), 4u);
  EXPECT_EQ(first_entrants_changed(plan.schools[b], next.schools[b], 0, kHorizon), 4u);
  EXPECT_EQ(first_entrants_changed(plan.schools[c], next.schools[c], 0, kHorizon), std::size_t{kHorizon});
  const ScenarioChange ends = merge(world_primary(1, 1), world_primary(1, 2), kFirst + 4);
  const PlanState without = apply_changes(model_, kHorizon, std::span(&ends, 1), plan, touched);
  EXPECT_EQ(first_entrants_changed(plan.schools[c], without.schools[c], 0, kHorizon), std::nullopt);
}

}  // namespace
}  // namespace catchment::engine::demand
