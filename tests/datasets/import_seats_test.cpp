// Sheets of seats and entry pupils, imported as a user does: the real binary.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "datasets/city_package.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using datasets::CityPackage;
using testing::run_json;
using testing::TempDir;
using testing::write_file;

struct ImportSeats : ::testing::Test {
  TempDir dir;

  CityPackage package() const { return CityPackage::open(dir / "city.gpkg"); }
  nlohmann::json import(const std::string& rest) const { return run_json(dir, "import city.gpkg " + rest); }
};

// Row, field and code of every refused row.
std::map<int, std::string> refusals(const nlohmann::json& report) {
  std::map<int, std::string> found;
  for (const auto& row : report["refused"]) {
    found[row["row"]] = row["code"].get<std::string>() + " " + row["field"].get<std::string>();
  }
  return found;
}

TEST_F(ImportSeats, EntryPupilsAndRoomsComeFromBureauTables) {
  write_file(dir / "schools.csv", "id,gate,x,y\ns1,c1,113.65,34.75\ns2,c2,113.66,34.75\n");
  write_file(dir / "schools.json", R"({"targets":[
    {"table":"school","columns":{"id":"id","name":"id","stages":{"constant":"primary"}}},
    {"table":"campus","position":{"x":"x","y":"y"},"columns":{"id":"gate","school_id":"id"}}]})");
  ASSERT_EQ(import("schools.csv --mapping schools.json --crs EPSG:4490")["refused_total"], 0);

  write_file(dir / "intake.csv",
             "school,year,stream,pupils\ns1,2023,zone,80\ns1,2023,migrant,-4\ns9,2023,zone,3\ns1,0,zone,3\n"
             "s1,2023,zone,81\ns2,2023,boarders,3\ns2,2023,zone,七\ns2,2023,migrant,9\ns0,2020,zone,70\n");
  write_file(dir / "intake.json", R"({"targets":[{"table":"intake",
    "columns":{"school_id":"school","school_year":"year","stream":"stream","pupils":"pupils"}}]})");
  const auto report = import("intake.csv --mapping intake.json");
  EXPECT_EQ(report["file"].get<std::string>().ends_with("intake.csv"), true);
  EXPECT_EQ(refusals(report), (std::map<int, std::string>{{2, "value_rule pupils"},
                                                          {3, "reference_unknown school_id"},
                                                          {4, "value_rule school_year"},
                                                          {5, "duplicate_id school_id, school_year, stream"},
                                                          {6, "value_rule stream"},
                                                          {7, "not_a_number pupils"},
                                                          {9, "reference_unknown school_id"}}));
  EXPECT_EQ(package().intake().size(), 2u);

  // Once it is said who goes on with its past, a school that is no more may be named.
  write_file(dir / "renamed.csv", "old,new,year\ns0,s1,2021\ns3,s8,2021\n");
  write_file(dir / "renamed.json", R"({"targets":[{"table":"school_successor",
    "columns":{"old_id":"old","new_id":"new","school_year":"year"}}]})");
  EXPECT_EQ(refusals(import("renamed.csv --mapping renamed.json")),
            (std::map<int, std::string>{{2, "reference_unknown new_id"}}));
  EXPECT_EQ(refusals(import("intake.csv --mapping intake.json")).count(9), 0u);
  EXPECT_EQ(package().intake().size(), 3u);

  write_file(dir / "rooms.csv",
             "campus,year,rooms\nc1,2023,24\nc1,2024,-1\nc9,2023,6\nc2,2023,\nc2,2023,6\nc2,2023,7\n");
  write_file(dir / "rooms.json", R"({"targets":[{"table":"rooms",
    "columns":{"campus_id":"campus","school_year":"year","rooms":"rooms"}}]})");
  EXPECT_EQ(refusals(import("rooms.csv --mapping rooms.json")),
            (std::map<int, std::string>{{2, "value_rule rooms"},
                                        {3, "reference_unknown campus_id"},
                                        {4, "value_missing rooms"},
                                        {6, "duplicate_id campus_id, school_year"}}));
  EXPECT_EQ(package().rooms().size(), 2u);
}

// The example mappings of bureau sheets. ZZ42, ZZ48: purchased seats; GY26: seats kept.
TEST_F(ImportSeats, BureauSheetsAreReadByTheExampleMappings) {
  const std::string mappings = std::string(CATCHMENT_SOURCE_DIR) + "/datasets/mappings/";
  write_file(dir / "schools.csv", "id,gate,x,y\ns1,c1,113.65,34.75\np1,c2,113.66,34.75\n");
  write_file(dir / "schools.json", R"({"targets":[
    {"table":"school","columns":{"id":"id","name":"id","stages":{"constant":"primary"}}},
    {"table":"campus","position":{"x":"x","y":"y"},"columns":{"id":"gate","school_id":"id"}}]})");
  ASSERT_EQ(import("schools.csv --mapping schools.json --crs EPSG:4490")["refused_total"], 0);
  write_file(dir / "intake.csv", "学校代码,片区生,统筹生,随迁子女\ns1,80,,9\n");
  const auto intake = import("intake.csv --mapping " + mappings + "bureau_intake.json --set year=2026");
  EXPECT_EQ(intake["refused_total"], 0) << intake.dump(1);
  std::map<std::string, int> streams;
  for (const engine::Intake& row : package().intake()) streams[row.stream] = row.pupils;
  EXPECT_EQ(streams, (std::map<std::string, int>{{"migrant", 9}, {"out_of_area", 0}, {"zone", 80}}));
  write_file(dir / "seats.csv",
             "校区代码,学校代码,普通教室,配建学位,购买学位,备注\nc1,s1,24,30,,云溪花园\nc2,p1,18,,45,\n");
  const auto seats = import("seats.csv --mapping " + mappings + "bureau_seats.json --set year=2026");
  EXPECT_EQ(seats["refused_total"], 0) << seats.dump(1);
  EXPECT_EQ(package().rooms().size(), 2u);
  ASSERT_EQ(package().reserved_seats().size(), 1u);
  EXPECT_EQ(package().reserved_seats()[0].reason, "云溪花园");
  ASSERT_EQ(package().purchased_seats().size(), 1u);
  EXPECT_EQ(package().purchased_seats()[0].seats, 45);
}

// ZZ50: an exception is of a unit that exists, and its cap is a number of pupils.
TEST_F(ImportSeats, AdmissionUnitsAndTheirExceptionsComeTogether) {
  write_file(dir / "seats.csv",
             "unit,school,campus,cap,from,until\na1,s1,c1,50,2024,2027-07-31\na2,s9,c1,50,2024,2027-07-31\n"
             "a3,s1,c1,0,2024,2027-07-31\na4,s1,c1,50,2024,summer\n");
  write_file(dir / "seats.json", R"({"targets":[
    {"table":"school","columns":{"id":{"constant":"s1"},"name":{"constant":"学校"},"stages":{"constant":"primary"}},
     "where":[{"value":"unit","in":["a1"]}]},
    {"table":"campus","position":{"x":{"constant":113},"y":{"constant":34}},
     "columns":{"id":"campus","school_id":{"constant":"s1"}},"where":[{"value":"unit","in":["a1"]}]},
    {"table":"admission_unit","columns":{"id":"unit","school_id":"school","stage":{"constant":"primary"}}},
    {"table":"admission_unit_campus","columns":{"admission_unit_id":"unit","campus_id":"campus"}},
    {"table":"cap_exception","columns":{"admission_unit_id":"unit","from_year":"from","until":"until","cap":"cap"}}]})");
  const auto report = import("seats.csv --mapping seats.json --crs EPSG:4490");
  std::vector<std::string> refused;
  for (const auto& row : report["refused"]) {
    refused.push_back(row["table"].get<std::string>() + " " + std::to_string(row["row"].get<int>()) + " " +
                      row["field"].get<std::string>());
  }
  std::ranges::sort(refused);
  EXPECT_EQ(refused, (std::vector<std::string>{
                         "admission_unit 2 school_id", "admission_unit_campus 2 admission_unit_id",
                         "cap_exception 2 admission_unit_id", "cap_exception 3 cap", "cap_exception 4 until"}));
  EXPECT_EQ(package().admission_units().size(), 3u);
  EXPECT_EQ(package().cap_exceptions().size(), 1u);
}

}  // namespace
}  // namespace catchment
