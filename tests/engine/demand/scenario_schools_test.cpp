// Schools that end, merge or open: who takes their children and pupils.
#include <cmath>

#include "tests/engine/demand/scenario_world.hpp"

namespace catchment::engine::demand {
namespace {

using ScenarioSchools = ScenarioWorld;

TEST_F(ScenarioSchools, AMergedSchoolsPupilsAndChildrenAreAllTakenOver) {
  Forecaster f(model_, quick_scenario());
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

TEST_F(ScenarioSchools, AClosedSchoolsPupilsFollowItsUnits) {
  Forecaster f(model_, quick_scenario());
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

TEST_F(ScenarioSchools, WhatChangesAClosedSchoolLaterReachesItsHeirs) {
  std::vector<ScenarioChange> closing{close(world_primary(1, 0), kFirst + 4)};
  for (int u = 0; u < 4; ++u) closing.push_back(reassign(world_unit(1, 0, u), world_primary(1, 1 + u % 2), kFirst + 4));
  const ScenarioChange building = add("H", world_unit(1, 0, 0), 2000, kFirst);
  Forecaster later(model_, quick_scenario()), at_once(model_, quick_scenario());
  later.apply(closing);
  later.apply(std::span(&building, 1));
  std::vector<ScenarioChange> both = closing;
  both.push_back(building);
  at_once.apply(both);
  EXPECT_EQ(bytes_of(later.forecast()), bytes_of(at_once.forecast()));
  test::expect_coherent(later.forecast(), model_.history.rules());
}

TEST_F(ScenarioSchools, AMergedJuniorSchoolsFeedersFeedTheOther) {
  Forecaster f(model_, quick_scenario());
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

TEST_F(ScenarioSchools, AJuniorSchoolOfAZoneThatTakesOverAFedOneKeepsItsZoneBeforeAndAfter) {
  DemandInput input = input_;
  std::erase_if(input.feeders, [](const Feeder& f) { return f.to_school_id == world_junior(0, 1); });
  const DemandModel model = fitted(input);
  Forecaster f(model, quick_scenario());
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

TEST_F(ScenarioSchools, ANineYearSchoolsStagesGoWhereTheirUnitsGo) {
  DemandInput input = make(false);
  // P00 and J0 of district 0 are one school of nine years.
  for (auto& a : input.assignment) a.school_id = a.school_id == world_junior(0, 0) ? world_primary(0, 0) : a.school_id;
  for (auto& e : input.enrolment) e.school_id = e.school_id == world_junior(0, 0) ? world_primary(0, 0) : e.school_id;
  std::erase_if(input.schools, [](const SchoolPlace& s) { return s.school_id == world_junior(0, 0); });
  for (auto& s : input.schools) {
    if (s.school_id == world_primary(0, 0)) s.stages = {Stage::primary, Stage::junior};
  }
  const DemandModel model = fitted(input);
  Forecaster f(model, quick_scenario());
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

TEST_F(ScenarioSchools, ANewSchoolGetsTheChildrenOfItsUnits) {
  Forecaster f(model_, quick_scenario());
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

}  // namespace
}  // namespace catchment::engine::demand
