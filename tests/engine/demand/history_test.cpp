// What the input must not hold, said with the row's place; and what it may hold but its reader must know.
#include "engine/demand/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "engine/demand/forecaster.hpp"
#include "geo/input_error.hpp"
#include "tests/support/demand_world.hpp"

namespace catchment::engine::demand {
namespace {

using testing::HasSubstr;

DemandInput sound() {
  test::DemandWorldOptions options;
  options.districts = 1, options.primaries = 2, options.juniors = 1, options.units = 2;
  options.first_year = 2018, options.last_year = 2022;
  return test::make_demand_world(options).input;
}

struct Bad {
  const char* code;
  const char* where;
  std::function<void(DemandInput&)> spoil;
};

const std::string kUnit = test::world_unit(0, 0, 0), kSchool = test::world_primary(0, 0);

const std::vector<Bad> kBad{
    {"demand_count", "unit_children: D0-P00-U0, 2019, age 3",
     [](DemandInput& in) {
       in.children.push_back({kUnit, 2019, 3, -1});
     }},
    {"demand_count", "enrolment: D0-P00, 2019, grade 1",
     [](DemandInput& in) {
       in.enrolment.push_back({kSchool, 2019, 1, 1, -5});
     }},
    {"demand_count", "enrolment: D0-P00, 2019, grade 1",
     [](DemandInput& in) {
       in.enrolment.push_back({kSchool, 2019, 1, 1, 1'000'001});
     }},
    {"demand_count", "enrolment: D0-P00, 2019, grade 1",
     [](DemandInput& in) {
       in.enrolment.push_back({kSchool, 2019, 1, -1, 5});
     }},
    {"demand_count", "birth: D0-P00-U0, 2019-3",
     [](DemandInput& in) {
       in.births.insert(in.births.begin(), {kUnit, 2019, 3, -2});
     }},
    {"demand_count", "survey_count: D0-P00-U0, 2023",
     [](DemandInput& in) {
       in.survey.push_back({kUnit, 2023, -7});
     }},
    {"demand_count", "intake: D0-P00, 2020, zone",
     [](DemandInput& in) {
       in.intake.push_back({kSchool, 2020, "zone", -1});
     }},
    {"demand_count", "housing: H",
     [](DemandInput& in) {
       in.housing.push_back({"H", "", kUnit, "other", -3, 2024, {}});
     }},
    {"demand_age", "unit_children: D0-P00-U0, 2019, age 121",
     [](DemandInput& in) {
       in.children.push_back({kUnit, 2019, 121, 1});
     }},
    {"demand_age", "unit_children: D0-P00-U0, 2019, age -1",
     [](DemandInput& in) {
       in.children.push_back({kUnit, 2019, -1, 1});
     }},
    {"demand_unit", "unit_children: nowhere, 2019, age 3",
     [](DemandInput& in) {
       in.children.push_back({"nowhere", 2019, 3, 1});
     }},
    {"demand_unit", "birth: nowhere, 2019",
     [](DemandInput& in) {
       in.births.push_back({"nowhere", 2019, 0, 1});
     }},
    {"demand_unit", "survey_count: nowhere, 2023",
     [](DemandInput& in) {
       in.survey.push_back({"nowhere", 2023, 1});
     }},
    {"demand_unit", "assignment: nowhere, 2019",
     [](DemandInput& in) {
       in.assignment.push_back({"nowhere", kSchool, Stage::primary, 2019, 1});
     }},
    {"demand_unit", "housing: H",
     [](DemandInput& in) {
       in.housing.push_back({"H", "", "nowhere", "other", 3, 2024, {}});
     }},
    {"demand_unit", "units",
     [](DemandInput& in) {
       in.units.push_back({"", ""});
     }},
    {"demand_unit", "units: D0-P00-U0",
     [](DemandInput& in) {
       in.units.push_back({kUnit, ""});
     }},
    {"demand_school", "enrolment: none, 2019, grade 1",
     [](DemandInput& in) {
       in.enrolment.push_back({"none", 2019, 1, 1, 5});
     }},
    {"demand_school", "assignment: D0-P00-U0, 2019",
     [](DemandInput& in) {
       in.assignment.push_back({kUnit, "none", Stage::primary, 2019, 1});
     }},
    {"demand_school", "intake: none, 2020, zone",
     [](DemandInput& in) {
       in.intake.push_back({"none", 2020, "zone", 1});
     }},
    {"demand_school", "feeder: D0-P00 to none, 2019",
     [](DemandInput& in) {
       in.feeders.push_back({kSchool, "none", 2019, 1, ""});
     }},
    {"demand_school", "schools",
     [](DemandInput& in) {
       in.schools.push_back({"", "", "", {}, "open", "public"});
     }},
    {"demand_school", "schools: D0-P00", [](DemandInput& in) { in.schools.push_back(in.schools.front()); }},
    {"demand_school", "school_successor: old",
     [](DemandInput& in) {
       in.successors.push_back({"old", "none"});
     }},
    {"demand_school", "school_successor: D0-P00",
     [](DemandInput& in) {
       in.successors = {{kSchool, "D0-P01"}, {"D0-P01", kSchool}};
     }},
    {"demand_twice", "unit_children: D0-P00-U0, 2019, age 3",
     [](DemandInput& in) {
       in.children.push_back({kUnit, 2019, 3, 1});
     }},
    {"demand_twice", "enrolment: D0-P00, 2019, grade 1",
     [](DemandInput& in) {
       in.enrolment.push_back({kSchool, 2019, 1, 1, 5});
     }},
    {"demand_twice", "birth: D0-P00-U0, 2019-3",
     [](DemandInput& in) {
       in.births.push_back({kUnit, 2019, 3, 1});
     }},
    {"demand_twice", "birth: D0-P00-U0, 2019",
     [](DemandInput& in) {
       in.births.push_back({kUnit, 2019, 0, 1});
     }},
    {"demand_twice", "birth: D0-P00-U0, 1990-4",
     [](DemandInput& in) {
       in.births.push_back({kUnit, 1990, 0, 1});
       in.births.push_back({kUnit, 1990, 4, 1});
     }},
    {"demand_twice", "survey_count: D0-P00-U0, 2023",
     [](DemandInput& in) {
       in.survey = {{kUnit, 2023, 1}, {kUnit, 2023, 2}};
     }},
    {"demand_twice", "assignment: D0-P00-U0, 2020",
     [](DemandInput& in) {
       in.assignment.push_back({kUnit, kSchool, Stage::primary, 2020, 0.4});
       in.assignment.push_back({kUnit, kSchool, Stage::primary, 2020, 0.4});
     }},
    {"demand_twice", "feeder: D0-P00 to D0-J0, 2018",
     [](DemandInput& in) { in.feeders.push_back(in.feeders.front()); }},
    {"demand_twice", "housing: H",
     [](DemandInput& in) {
       for (int i = 0; i < 2; ++i) in.housing.push_back({"H", "", kUnit, "other", 3, 2024, {}});
     }},
    {"demand_month", "birth: D0-P00-U0, 2019-13",
     [](DemandInput& in) {
       in.births.push_back({kUnit, 2019, 13, 1});
     }},
    {"demand_grade", "enrolment: D0-P00, 2019, grade 12",
     [](DemandInput& in) {
       in.enrolment.push_back({kSchool, 2019, 12, 1, 5});
     }},
    {"demand_stream", "intake: D0-P00, 2020, else",
     [](DemandInput& in) {
       in.intake.push_back({kSchool, 2020, "else", 1});
     }},
    {"demand_year", "enrolment: D0-P00, 20190",
     [](DemandInput& in) {
       in.enrolment.push_back({kSchool, 20190, 1, 1, 5});
     }},
    {"demand_year", "unit_children: D0-P00-U0, 19",
     [](DemandInput& in) {
       in.children.push_back({kUnit, 19, 3, 5});
     }},
    {"demand_year", "birth: D0-P00-U0, 0",
     [](DemandInput& in) {
       in.births.push_back({kUnit, 0, 3, 5});
     }},
    {"demand_year", "survey_count: D0-P00-U0, 1",
     [](DemandInput& in) {
       in.survey.push_back({kUnit, 1, 5});
     }},
    {"demand_year", "housing: H",
     [](DemandInput& in) {
       in.housing.push_back({"H", "", kUnit, "other", 3, 24, {}});
     }},
    {"demand_year", "feeder: D0-P00 to D0-J0, 3",
     [](DemandInput& in) {
       in.feeders.push_back({kSchool, "D0-J0", 3, 1, ""});
     }},
    {"demand_share", "assignment: D0-P00-U0, 2020",
     [](DemandInput& in) {
       in.assignment.push_back({kUnit, kSchool, Stage::primary, 2020, 0.6});
       in.assignment.push_back({kUnit, "D0-P01", Stage::primary, 2020, 0.6});
     }},
    {"demand_share", "assignment: D0-P00-U0, 2020",
     [](DemandInput& in) {
       in.assignment.push_back({kUnit, kSchool, Stage::primary, 2020, 1.5});
     }},
    {"demand_share", "assignment: D0-P00-U0, 2020",
     [](DemandInput& in) {
       in.assignment.push_back({kUnit, kSchool, Stage::primary, 2020, std::nan("")});
     }},
    {"demand_share", "feeder: D0-P00 to D0-J0, 2020",
     [](DemandInput& in) {
       in.feeders.push_back({kSchool, "D0-J0", 2020, 1.2, ""});
     }},
    {"demand_share", "feeder: D0-P00, 2020",
     [](DemandInput& in) {
       in.schools.push_back({"D0-J1", "", "", {Stage::junior}, "open", "public"});
       in.feeders.push_back({kSchool, "D0-J0", 2020, 0.7, ""});
       in.feeders.push_back({kSchool, "D0-J1", 2020, 0.7, ""});
     }},
    {"demand_empty", "enrolment",
     [](DemandInput& in) { in.enrolment.clear(), in.children.clear(), in.births.clear(); }},
};

TEST(HistoryErrors, EachBadRowIsRefusedByCodeAndPlace) {
  for (const Bad& bad : kBad) {
    DemandInput input = sound();
    bad.spoil(input);
    try {
      CityHistory::make(input, {});
      ADD_FAILURE() << bad.code << " at " << bad.where << " was taken";
    } catch (const InputError& e) {
      EXPECT_EQ(e.code, bad.code) << e.what();
      EXPECT_EQ(e.where, bad.where) << e.what();
    }
  }
}

TEST(HistoryErrors, RulesThatCannotBeAreRefused) {
  const std::vector<std::function<void(DemandRules&)>> spoil{
      [](DemandRules& r) { r.stages.clear(); },
      [](DemandRules& r) { r.stages[0].last_grade = 0; },
      [](DemandRules& r) { r.stages[1].first_grade = 8; },
      [](DemandRules& r) { r.stages[0].class_cap = 0; },
      [](DemandRules& r) { r.age.entry_age = 20; },
      [](DemandRules& r) { r.age.cutoff_month = 13; },
      [](DemandRules& r) { r.age.cutoff_day = 0; },
      [](DemandRules& r) {
        r.age = {6, 6, 31};
      },
  };
  for (std::size_t i = 0; i < spoil.size(); ++i) {
    DemandRules rules;
    spoil[i](rules);
    try {
      CityHistory::make(sound(), rules);
      ADD_FAILURE() << i;
    } catch (const InputError& e) {
      EXPECT_EQ(e.code, "demand_rules") << i;
    }
  }
}

std::vector<DataNote> notes_of(const CityHistory& h, DataNote::Kind kind) {
  std::vector<DataNote> found;
  for (const DataNote& n : h.notes) {
    if (n.kind == kind) found.push_back(n);
  }
  return found;
}

TEST(HistoryNotes, SoundInputHasNone) {
  const CityHistory h = CityHistory::make(sound(), {});
  for (const DataNote& n : h.notes) ADD_FAILURE() << to_word(n.kind) << ' ' << n.where << ' ' << n.message;
}

TEST(HistoryNotes, AMissingYearIsNamed) {
  DemandInput input = sound();
  std::erase_if(input.enrolment, [](const Enrolment& e) { return e.school_year == 2020; });
  const CityHistory h = CityHistory::make(input, {});
  const auto notes = notes_of(h, DataNote::Kind::missing_year);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_THAT(notes[0].message, HasSubstr("2020"));
  // And the forecast is made all the same.
  const DemandModel model = fit(h);
  EXPECT_GT(Forecaster(model, {}).forecast().city.stages[0].years[0].mean, 0);
}

TEST(HistoryNotes, ASchoolWithoutAPastIsNamedAndForecastByItsDistrict) {
  DemandInput input = sound();
  std::erase_if(input.enrolment, [](const Enrolment& e) { return e.school_id == kSchool; });
  const CityHistory h = CityHistory::make(input, {});
  const auto notes = notes_of(h, DataNote::Kind::no_history);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].where, kSchool);
  const DemandModel model = fit(h);
  const Forecaster f(model, {});
  const SchoolForecast& school = f.forecast().schools[*h.find_school(kSchool)];
  EXPECT_TRUE(school.shrunk);
  EXPECT_NE(school.entry_from, Level::zone);
  // By its zone's children and the others' ratio alone: it has no level of its own to lean on.
  const double ratio = model.city_entry[0].value;
  EXPECT_NEAR(school.entry[0].enrolled / school.entry[0].zone_children, ratio, 0.03 * ratio);
}

TEST(HistoryNotes, AShortPastIsNamed) {
  DemandInput input = sound();
  std::erase_if(input.enrolment, [](const Enrolment& e) { return e.school_id == kSchool && e.school_year < 2021; });
  const auto notes = notes_of(CityHistory::make(input, {}), DataNote::Kind::short_history);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].where, kSchool);
  EXPECT_THAT(notes[0].message, HasSubstr("2 years"));
}

TEST(HistoryNotes, AnImplausibleCountIsNamedWithItsNeighbours) {
  DemandInput input = sound();
  for (Enrolment& e : input.enrolment) {
    if (e.school_id == kSchool && e.school_year == 2020 && e.grade == 3) e.pupils = 900;
  }
  const auto notes = notes_of(CityHistory::make(input, {}), DataNote::Kind::implausible_count);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].where, kSchool);
  EXPECT_THAT(notes[0].message, HasSubstr("900 pupils in 2020"));
}

TEST(HistoryNotes, ARenamedSchoolKeepsItsPast) {
  const DemandInput whole = sound();
  DemandInput input = whole;
  for (Enrolment& e : input.enrolment) {
    if (e.school_id == kSchool && e.school_year < 2021) e.school_id = "older";
    if (e.school_id == kSchool && e.school_year == 2021) e.school_id = "old";
  }
  input.successors = {{"old", kSchool}, {"older", "old"}};
  const CityHistory h = CityHistory::make(input, {});
  EXPECT_EQ(notes_of(h, DataNote::Kind::renamed).size(), 2u);
  const CityHistory same = CityHistory::make(whole, {});
  const std::size_t s = *h.find_school(kSchool);
  for (int year = 2018; year <= 2022; ++year) {
    for (int grade = 1; grade <= 6; ++grade) EXPECT_EQ(h.pupils(s, year, grade), same.pupils(s, year, grade));
  }
}

TEST(HistoryNotes, RowsOfAMergedSchoolAddUpInAnyOrder) {
  DemandInput input = sound();
  input.successors = {{"gone", kSchool}};
  DemandInput before = input;
  before.enrolment.insert(before.enrolment.begin(), {"gone", 2019, 2, 1, 7});
  DemandInput behind = input;
  behind.enrolment.push_back({"gone", 2019, 2, 1, 7});
  const CityHistory a = CityHistory::make(before, {}), b = CityHistory::make(behind, {}),
                    c = CityHistory::make(input, {});
  const std::size_t s = *a.find_school(kSchool);
  EXPECT_EQ(a.pupils(s, 2019, 2), c.pupils(s, 2019, 2) + 7);
  EXPECT_EQ(b.pupils(s, 2019, 2), c.pupils(s, 2019, 2) + 7);
  // A row of one school that comes twice is refused all the same.
  behind.enrolment.push_back({kSchool, 2019, 2, 1, 7});
  EXPECT_THROW(CityHistory::make(behind, {}), InputError);
  before.enrolment.push_back({"gone", 2019, 2, 1, 7});
  EXPECT_THROW(CityHistory::make(before, {}), InputError);
}

TEST(HistoryNotes, UnitsWithoutASchoolAreCounted) {
  DemandInput input = sound();
  for (UnitSchool& a : input.assignment) {
    if (a.unit_id == kUnit && a.stage == Stage::primary) a.share = 0.5;
  }
  const auto notes = notes_of(CityHistory::make(input, {}), DataNote::Kind::partly_assigned);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].where, "primary/2018");
  EXPECT_THAT(notes[0].message, HasSubstr("1 of 4 units"));
}

TEST(HistoryNotes, AClosedSchoolThatHasPupilsIsNamed) {
  DemandInput input = sound();
  for (SchoolPlace& s : input.schools) {
    if (s.school_id == kSchool) s.status = "closed";
  }
  const auto notes = notes_of(CityHistory::make(input, {}), DataNote::Kind::closed_with_pupils);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].where, kSchool);
}

}  // namespace
}  // namespace catchment::engine::demand
