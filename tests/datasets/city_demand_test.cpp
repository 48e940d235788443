#include "datasets/city_demand.hpp"

#include <gtest/gtest.h>

#include <map>

#include "datasets/package_writer.hpp"
#include "datasets/sqlite.hpp"
#include "geo/input_error.hpp"
#include "tests/datasets/temp_dir.hpp"

namespace catchment::datasets {
namespace {

using engine::Stage;
using engine::demand::DemandInput;
using testing::TempDir;

// A city of squares a thousand units wide, side by side: column 0, 1, 2, ...
geo::MultiPolygon column(int first, int last) {
  return {{{{first * 1000, 0}, {last * 1000, 0}, {last * 1000, 1000}, {first * 1000, 1000}}, {}}};
}

struct CityDemand : ::testing::Test {
  TempDir dir;
  std::unique_ptr<PackageWriter> out = std::make_unique<PackageWriter>(dir / "city.gpkg", PackageWriter::Start::empty);

  void SetUp() override {
    for (const char* id : {"s1", "s2", "s3"}) {
      out->add(engine::School{id, std::string("学校") + id, {Stage::primary}, "open", "public"});
    }
    out->add(engine::School{"j1", "初中", {Stage::junior}, "open", "public"});
    for (int i = 0; i < 4; ++i) {
      const std::string n = std::to_string(i);
      out->add(engine::Unit{"u" + n, "街坊" + n, "", column(i, i + 1)});
    }
    out->add(engine::Place{"d1", "district", "甲区", "", std::nullopt, column(0, 2)});
    out->add(engine::Place{"d2", "district", "乙区", "", std::nullopt, column(2, 4)});
  }
  void add_zone(const std::string& id, std::vector<std::string> schools, const geo::MultiPolygon& shape,
                Stage stage = Stage::primary, int year = 2024, const std::string& kind = "general") {
    engine::Zone zone;
    zone.id = id;
    zone.layer = {stage, year, kind};
    zone.school_ids = std::move(schools);
    zone.shape = shape;
    out->add(zone);
  }
  void add_address(const std::string& id, const std::string& unit, geo::Point position) {
    engine::Address row;
    row.id = id;
    row.text = id;
    row.unit_id = unit;
    row.position = position;
    out->add(row);
  }
  DemandInput load() {
    if (out) out->commit();
    out.reset();
    return load_demand_input(CityPackage::open(dir / "city.gpkg"));
  }
  // "code where-without-directory" of the error.
  std::string error() {
    try {
      load();
    } catch (const InputError& e) {
      return e.code + " " + e.where.substr(e.where.rfind('/') + 1);
    }
    return "none";
  }
  void run_sql(const char* sql) {
    if (out) out->commit();
    out.reset();
    Database::open(dir / "city.gpkg", Database::Mode::write).execute(sql);
  }
};

using Shares = std::map<std::string, double>;

Shares shares_of(const DemandInput& input, const std::string& unit, int year = 2024, Stage stage = Stage::primary) {
  Shares shares;
  for (const auto& row : input.assignment) {
    if (row.unit_id == unit && row.school_year == year && row.stage == stage) shares[row.school_id] = row.share;
  }
  return shares;
}

TEST_F(CityDemand, AUnitBelongsWhereItsAddressesLie) {
  add_zone("a", {"s1"}, {{{{0, 0}, {1300, 0}, {1300, 1000}, {0, 1000}}, {}}});
  add_zone("b", {"s2"}, {{{{1300, 0}, {3000, 0}, {3000, 1000}, {1300, 1000}}, {}}});
  // Unit u1 is cut at 1300: three of its four addresses lie west of the line, most of its area east.
  for (int i = 0; i < 3; ++i) add_address("w" + std::to_string(i), "u1", {1100 + i, 500});
  add_address("e", "u1", {1900, 500});
  add_address("stray", "nowhere", {1900, 500});
  const DemandInput input = load();
  EXPECT_EQ(shares_of(input, "u1"), (Shares{{"s1", 0.75}, {"s2", 0.25}}));
  EXPECT_EQ(shares_of(input, "u0"), (Shares{{"s1", 1}}));  // no address: a point inside
  EXPECT_EQ(shares_of(input, "u2"), (Shares{{"s2", 1}}));
  EXPECT_EQ(shares_of(input, "u3"), Shares{});  // in no zone
}

TEST_F(CityDemand, AddressesOutsideEveryZoneBelongToNoSchool) {
  add_zone("a", {"s1"}, column(0, 1));
  add_address("in", "u0", {500, 500});
  add_address("out", "u0", {1500, 500});
  EXPECT_EQ(shares_of(load(), "u0"), (Shares{{"s1", 0.5}}));
}

TEST_F(CityDemand, OverlappingZonesHaveEqualParts) {
  add_zone("a", {"s1"}, column(0, 2));
  add_zone("b", {"s2"}, column(1, 3));
  EXPECT_EQ(shares_of(load(), "u1"), (Shares{{"s1", 0.5}, {"s2", 0.5}}));
}

TEST_F(CityDemand, ASharedZoneIsSplitByLastYearsEntryPupils) {
  add_zone("a", {"s1", "s2"}, column(0, 1));
  add_zone("b", {"s2", "s3"}, column(1, 2));
  out->add(engine::Enrolment{"s1", 2023, 1, 3, 120});
  out->add(engine::Enrolment{"s2", 2023, 1, 1, 40});
  out->add(engine::Enrolment{"s1", 2023, 2, 3, 999});  // another grade
  out->add(engine::Enrolment{"s1", 2024, 1, 3, 999});  // the year itself is not known before it begins
  out->add(engine::Enrolment{"s1", 2022, 1, 3, 999});  // older
  const DemandInput input = load();
  EXPECT_EQ(shares_of(input, "u0"), (Shares{{"s1", 0.75}, {"s2", 0.25}}));
  EXPECT_EQ(shares_of(input, "u1"), (Shares{{"s2", 0.5}, {"s3", 0.5}}));  // s3 is new: as many as the mean
}

TEST_F(CityDemand, ASharedZoneWithoutPupilsIsSplitEqually) {
  add_zone("a", {"s1", "s2"}, column(0, 1));
  EXPECT_EQ(shares_of(load(), "u0"), (Shares{{"s1", 0.5}, {"s2", 0.5}}));
}

TEST_F(CityDemand, EveryStageAndYearHasItsAssignment) {
  add_zone("a", {"s1"}, column(0, 2), Stage::primary, 2023);
  add_zone("a", {"s2"}, column(0, 1), Stage::primary, 2024);
  add_zone("j", {"j1"}, column(0, 4), Stage::junior, 2024);
  const DemandInput input = load();
  EXPECT_EQ(shares_of(input, "u0", 2023), (Shares{{"s1", 1}}));
  EXPECT_EQ(shares_of(input, "u0", 2024), (Shares{{"s1", 0}, {"s2", 1}}));
  EXPECT_EQ(shares_of(input, "u1", 2024), (Shares{{"s1", 0}}));  // left out: it must not go on as in 2023
  EXPECT_EQ(shares_of(input, "u3", 2024, Stage::junior), (Shares{{"j1", 1}}));
}

TEST_F(CityDemand, OtherKindsCountOnlyWithoutAGeneralLayer) {
  add_zone("a", {"s1"}, column(0, 1));
  add_zone("a", {"s3"}, column(0, 1), Stage::primary, 2024, "selective");
  add_zone("a", {"s1"}, column(0, 1), Stage::primary, 2025, "boys");
  add_zone("a", {"s2"}, column(0, 1), Stage::primary, 2025, "girls");
  const DemandInput input = load();
  EXPECT_EQ(shares_of(input, "u0", 2024), (Shares{{"s1", 1}}));
  EXPECT_EQ(shares_of(input, "u0", 2025), (Shares{{"s1", 0.5}, {"s2", 0.5}}));
}

TEST_F(CityDemand, DistrictsAreNamedOrFoundByShape) {
  out->add(engine::Unit{"u1", "", "d2", column(1, 2)});
  out->add(engine::Campus{"c1", "s1", "", {2500, 500}});
  add_zone("a", {"s2"}, column(0, 1));
  const DemandInput input = load();
  std::map<std::string, std::string> district;
  for (const auto& unit : input.units) district[unit.unit_id] = unit.district_id;
  for (const auto& school : input.schools) district[school.school_id] = school.district_id;
  EXPECT_EQ(district["u0"], "d1");
  EXPECT_EQ(district["u1"], "d2");  // as it says, whatever its shape
  EXPECT_EQ(district["u3"], "d2");
  EXPECT_EQ(district["s1"], "d2");  // its campus
  EXPECT_EQ(district["s2"], "d1");  // its units
  EXPECT_EQ(district["s3"], "");
}

TEST_F(CityDemand, RowsComeAlong) {
  out->add(engine::UnitChildren{"u0", 2023, 5, 31});
  out->add(engine::Births{"u0", 2023, 4, 7});
  out->add(engine::Enrolment{"old", 2020, 1, 2, 80});
  out->add(engine::Intake{"s1", 2023, "migrant", 9});
  out->add(engine::SurveyCount{"u0", 2024, 33});
  out->add(engine::SchoolSuccessor{"old", "older", 2021});
  out->add(engine::SchoolSuccessor{"older", "s1", 2022});
  out->add(engine::Feeder{"s1", "j1", 2024, 0.5, ""});
  out->add(engine::Housing{"h1", "", "", "commodity", 100, 2026, geo::Point{3500, 500}});
  const DemandInput input = load();
  ASSERT_EQ(input.children.size(), 1u);
  EXPECT_EQ(input.children[0].children, 31);
  EXPECT_EQ(input.births.at(0).month, 4);
  EXPECT_EQ(input.enrolment.at(0).school_id, "old");
  EXPECT_EQ(input.intake.at(0).stream, "migrant");
  EXPECT_EQ(input.survey.at(0).children, 33);
  ASSERT_EQ(input.successors.size(), 2u);
  EXPECT_EQ(input.successors[0].new_id, "older");
  EXPECT_EQ(input.feeders.at(0).share, 0.5);
  EXPECT_EQ(input.housing.at(0).unit_id, "u3");  // where it lies
}

TEST_F(CityDemand, UnknownIdsAreRefusedWithTheirRow) {
  out->add(engine::UnitChildren{"u0", 2023, 5, 31});
  out->add(engine::UnitChildren{"u9", 2023, 5, 31});
  EXPECT_EQ(error(), "demand_row city.gpkg: unit_children, row 2");
}

TEST_F(CityDemand, EveryTableIsLookedThrough) {
  out->add(engine::UnitChildren{"u0", 2023, 5, 31});
  out->add(engine::Births{"u0", 2023, 4, 7});
  out->add(engine::Enrolment{"s1", 2020, 1, 2, 80});
  out->add(engine::Intake{"s1", 2023, "migrant", 9});
  out->add(engine::SurveyCount{"u0", 2024, 33});
  out->add(engine::SchoolSuccessor{"old", "s1", 2021});
  out->add(engine::Feeder{"s1", "j1", 2024, 0.5, ""});
  out->add(engine::Housing{"h1", "", "u0", "commodity", 100, 2026, std::nullopt});
  add_zone("a", {"s1"}, column(0, 1));
  ASSERT_EQ(error(), "none");
  const std::vector<std::array<const char*, 3>> faults{
      {"UPDATE unit SET district_id = 'd9' WHERE id = 'u2'", "UPDATE unit SET district_id = ''", "unit, row 3"},
      {"UPDATE unit_children SET age = -1", "UPDATE unit_children SET age = 5", "unit_children, row 1"},
      {"UPDATE unit_children SET year = 0", "UPDATE unit_children SET year = 2023", "unit_children, row 1"},
      {"UPDATE birth SET month = 13", "UPDATE birth SET month = 4", "birth, row 1"},
      {"UPDATE enrolment SET grade = 0", "UPDATE enrolment SET grade = 1", "enrolment, row 1"},
      {"UPDATE enrolment SET school_id = 's9'", "UPDATE enrolment SET school_id = 's1'", "enrolment, row 1"},
      {"UPDATE intake SET school_id = 's9'", "UPDATE intake SET school_id = 's1'", "intake, row 1"},
      {"UPDATE survey_count SET unit_id = 'u9'", "UPDATE survey_count SET unit_id = 'u0'", "survey_count, row 1"},
      {"UPDATE school_successor SET new_id = 'old'", "UPDATE school_successor SET new_id = 's1'",
       "school_successor, row 1"},
      {"UPDATE school_successor SET new_id = 's9'", "UPDATE school_successor SET new_id = 's1'",
       "school_successor, row 1"},
      {"UPDATE feeder SET share = 1.5", "UPDATE feeder SET share = 0.5", "feeder, row 1"},
      {"UPDATE housing SET unit_id = ''", "UPDATE housing SET unit_id = 'u0'", "housing, row 1"},
      {"UPDATE housing SET completion_year = 0", "UPDATE housing SET completion_year = 2026", "housing, row 1"},
      {"UPDATE zone_school SET school_id = 's9'", "UPDATE zone_school SET school_id = 's1'", "zone_school, row 1"},
  };
  for (const auto& [harm, mend, where] : faults) {
    run_sql(harm);
    EXPECT_EQ(error(), std::string("demand_row city.gpkg: ") + where) << harm;
    run_sql(mend);
  }
  EXPECT_EQ(error(), "none");
}

}  // namespace
}  // namespace catchment::datasets
