#include "datasets/season_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "datasets/policy_coverage.hpp"
#include "datasets/season_export.hpp"
#include "engine/admission/audits/season_columns.hpp"
#include "geo/input_error.hpp"
#include "tests/datasets/temp_dir.hpp"
#include "tests/engine/admission/sound_season.hpp"

namespace catchment::testing {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

TEST(SeasonFiles, WhatIsWrittenReadsBackToTheSameBytes) {
  TempDir first;
  TempDir second;
  SeasonTables world = sound_season();
  world.incidents.push_back({"i1", "j1", "a ban", on(9, 3), "report", std::nullopt, "said \"no\", twice;\nand so on"});
  world.absent = {"offers.csv"};
  datasets::write_season_tables(first.path(), world);
  const SeasonTables read = datasets::read_season_tables(first.path());
  EXPECT_EQ(read.absent, Words{"offers.csv"});
  EXPECT_EQ(read.incidents[0].outcome, world.incidents[0].outcome);
  datasets::write_season_tables(second.path(), read);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(first.path())) {
    EXPECT_EQ(text_of(entry.path()), text_of(second / entry.path().filename().string()));
    ++files;
  }
  EXPECT_EQ(files, 22);
}

// serves: ZZ16 GY15 CQ36
TEST(SeasonExport, OfPeopleARoleIsGivenWhatTheListOfFieldsGivesIt) {
  SeasonTables world = sound_season();
  world.children[0].sex = "female", world.children[0].groups = {"orphan"};
  const auto line_of = [&](const char* role) {
    const std::string text = datasets::export_table(world, "children.csv", {role, "", ""});
    return text.substr(text.find("k1,"), text.find('\n', text.find("k1,")) - text.find("k1,"));
  };
  EXPECT_NE(line_of("district").find("female"), std::string::npos);
  EXPECT_NE(line_of("district").find("orphan"), std::string::npos);
  // Sex and days of birth are not theirs, and without them the table cannot be told.
  for (const char* role : {"auditor", "city", "school"}) EXPECT_THROW(line_of(role), InputError) << role;
  const auto columns_of = [](const char* role) {
    const auto tables = datasets::export_tables(role);
    return std::ranges::find(tables, "offers.csv", &datasets::ExportTable::file)->columns;
  };
  EXPECT_EQ(std::ranges::count(columns_of("district"), "answer_by"), 1);
  EXPECT_EQ(std::ranges::count(columns_of("auditor"), "answer_by"), 0);
  EXPECT_EQ(datasets::export_table(world, "zones.csv", {"city", "", ""}),
            datasets::export_table(world, "zones.csv", {"district", "nowhere", ""}));
}

TEST(SeasonExport, ASchoolsFilesAreOfItsPupilsAndWhatADistrictIsGivenAuditReads) {
  SeasonTables world = sound_season();
  std::string pupils;
  for (const AdmissionRow& seat : world.admissions) pupils += seat.school_id == "j1" ? seat.child_id + ";" : "";
  std::ptrdiff_t in_classes = 0;
  for (const auto& row : world.class_pupils) in_classes += pupils.find(row.child_id + ";") != std::string::npos;
  ASSERT_GT(in_classes, 0);
  ASSERT_LT(in_classes, static_cast<std::ptrdiff_t>(world.class_pupils.size()));
  const std::string text = datasets::export_table(world, "class_pupils.csv", {"school", "", "j1"});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + in_classes);
  TempDir whole, given;
  datasets::write_season_tables(whole.path(), world);
  datasets::write_season_tables(given.path(), world);
  for (const auto& table : datasets::export_tables("district"))
    put_text(given / std::string(table.file), datasets::export_table(world, table.file, {"district", "east", ""}));
  const SeasonTables read = datasets::read_season_tables(given.path());
  EXPECT_EQ(read.children.size(), world.children.size());
  EXPECT_EQ(datasets::export_table(read, "children.csv", {"district", "", ""}),
            datasets::export_table(world, "children.csv", {"district", "", ""}));
}

std::string read_error(const std::string& file, const std::string& text) {
  TempDir dir;
  datasets::write_season_tables(dir.path(), sound_season());
  put_text(dir / file, text);
  try {
    datasets::read_season_tables(dir.path());
  } catch (const InputError& error) {
    return error.code + " " + error.where;
  }
  return "read";
}

TEST(SeasonFiles, AComplaintNamesFileRowAndField) {
  const std::string head = "zone_id,stage,district,school_ids,changed,approval_id\n";
  EXPECT_EQ(read_error("zones.csv", head + "z1,primary,east,p1;p2,no,\n"), "read");
  EXPECT_EQ(read_error("zones.csv", head + "z1,primary,east,p1,no,\nz2,senior,east,p1,no,\n"),
            "season_value zones.csv:3#stage");
  EXPECT_EQ(read_error("zones.csv", head + "z1,primary,east,p1,maybe,\n"), "season_value zones.csv:2#changed");
  EXPECT_EQ(read_error("zones.csv", head + ",primary,east,p1,no,\n"), "season_value zones.csv:2#zone_id");
  EXPECT_EQ(read_error("zones.csv", head + "z1,primary,east,p1;;p2,no,\n"), "season_value zones.csv:2#school_ids");
  EXPECT_EQ(read_error("zones.csv", head + "z1,primary,east,p1,no\n"), "season_row zones.csv:2");
  EXPECT_EQ(read_error("zones.csv", head + "z1,primary,east,p1,no,\nz1,primary,east,p1,no,\n"),
            "season_key zones.csv:3#zone_id");
  EXPECT_EQ(read_error("zones.csv", "zone,stage,district,school_ids,changed,approval_id\n"),
            "season_header zones.csv:1#zone_id");
  EXPECT_EQ(read_error("zones.csv", "zone_id,stage,district,school_ids,changed\n"),
            "season_header zones.csv:1#approval_id");
  EXPECT_EQ(read_error("zones.csv", head.substr(0, head.size() - 1) + ",more\n"), "season_header zones.csv:1#more");
  EXPECT_EQ(read_error("zones.csv", ""), "season_header zones.csv");
}

TEST(SeasonFiles, DaysAndTimesThatAreNoneAreRefused) {
  const std::string head = "place,school_year,as_of,term_starts,synthetic\n";
  EXPECT_EQ(read_error("season.csv", head + "x,2024,2024-02-29,2024-09-01,yes\n"), "read");
  EXPECT_EQ(read_error("season.csv", head + "x,2024,2023-02-29,2024-09-01,yes\n"), "season_value season.csv:2#as_of");
  EXPECT_EQ(read_error("season.csv", head + "x,2024,2024-2-9,2024-09-01,yes\n"), "season_value season.csv:2#as_of");
  EXPECT_EQ(read_error("season.csv", head + "x,-2024,2024-02-29,2024-09-01,yes\n"),
            "season_value season.csv:2#school_year");
  const std::string draws =
      "draw_id,kind,school_id,district,applicants,seats,started,finished,published,video,notary,witnesses,record\n";
  EXPECT_EQ(read_error("draws.csv", draws + "d,private,,,2,1,2024-06-27T24:00:00,,,no,no,,\n"),
            "season_value draws.csv:2#started");
  EXPECT_EQ(read_error("draws.csv", draws + "d,private,,,2,1,2024-06-27T09:00:00,,,no,no,,\n"), "read");
  EXPECT_TRUE(read_error("season.csv", head).starts_with("season_open"));
}

TEST(SeasonFiles, ColumnNamesAreOfTheirTableOnce) {
  std::set<std::string> seen;
  for (const auto& name : engine::admission::season_column_names()) {
    EXPECT_TRUE(seen.insert(std::string(name.file) + " " + std::string(name.column)).second);
  }
  EXPECT_GT(seen.size(), 150u);
}

// --- coverage ---

engine::policy::PolicyPack pack_serving(const std::string& id) {
  engine::policy::PolicyPack pack;
  pack.id = "place-2024";
  pack.documents.push_back({"d", "t", "i", "", std::nullopt, {{"c1", "1", "t", {id}}, {"c2", "2", "t", {"ZZ3"}}}});
  pack.citations = {{"/calendar/windows/0", "w", "c1"}};
  return pack;
}

TEST(PolicyCoverage, AnIdNeedsAPackEntryAndATestOrARecord) {
  const std::string table =
      "id\tplace\tbinds\trequirement\trecord\twaits\troom\n"
      "ZZ1\tz\tsoftware\tw\t\t\t\nZZ2\tz\tsoftware\tx\t\t\t\nZZ3\tz\tsoftware\ty\t\t\t\nZZ4\tz\tpeople\ty\ttraining\t\t"
      "\n"
      "ZZ5\tz\tsoftware\tv\t\tservice\t\nZZ6\tz\tsoftware\tu\t\t\tengine/demand\n";
  const std::vector<datasets::ServingTest> tests{{"ZZ1", "A.B", "a.cpp"},
                                                 {"ZZ2", "A.B", "a.cpp"},
                                                 {"ZZ3", "A.B", "a.cpp"},
                                                 {"ZZ6", "A.B", "a.cpp"},
                                                 {"ZZ9", "A.B", "a.cpp"}};
  const auto rows =
      datasets::policy_coverage(datasets::parse_requirements(table, "r.tsv"), {pack_serving("ZZ1")}, tests);
  std::vector<std::string> found;
  for (const auto& row : rows)
    found.push_back(row.requirement.id + " " + std::string(to_text(row.coverage)) + " " + row.lacks);
  EXPECT_EQ(found, (std::vector<std::string>{"ZZ1 served ", "ZZ2 gap pack entry or room", "ZZ3 gap pack entry or room",
                                             "ZZ4 on_record ", "ZZ5 waits ", "ZZ6 served ", "ZZ9 gap requirement"}));
  EXPECT_EQ(rows[0].entries, std::vector<std::string>{"place-2024 /calendar/windows/0 w"});
  const auto untested =
      datasets::policy_coverage(datasets::parse_requirements(table, "r.tsv"), {pack_serving("ZZ1")}, {});
  EXPECT_EQ(untested[0].lacks, "test");
}

TEST(PolicyCoverage, EveryRequirementOfTheFiveDocumentsIsInTheTable) {
  const auto rows =
      datasets::parse_requirements(text_of(CATCHMENT_SOURCE_DIR "/datasets/policy/requirements.tsv"), "r.tsv");
  std::map<std::string, int> counts;
  for (const auto& row : rows) ++counts[row.id.substr(0, 2)];
  EXPECT_EQ(counts, (std::map<std::string, int>{{"CQ", 52}, {"GY", 38}, {"LB", 23}, {"PD", 29}, {"ZZ", 59}}));
  for (const auto& row : rows) {
    if (row.room.empty()) continue;
    EXPECT_TRUE(std::filesystem::exists(std::string(CATCHMENT_SOURCE_DIR "/") + row.room)) << row.id;
  }
}

TEST(PolicyCoverage, TheTableIsReadStrictly) {
  const auto error = [](const std::string& rows) {
    try {
      datasets::parse_requirements("id\tplace\tbinds\trequirement\trecord\twaits\troom\n" + rows, "r.tsv");
    } catch (const InputError& refused) {
      return refused.where;
    }
    return std::string("read");
  };
  EXPECT_EQ(error("ZZ1\tz\tsoftware\tw\t\t\t\nZZ3\tz\tsoftware\tw\t\t\t\n"), "r.tsv:3");
  EXPECT_EQ(error("ZZ1\tz\tpeople\tw\t\t\t\n"), "r.tsv:2");
  EXPECT_EQ(error("ZZ1\tz\tnobody\tw\t\t\t\n"), "r.tsv:2");
  EXPECT_EQ(error("ZZ1\tz\tsoftware\tw\t\t\n"), "r.tsv:2");
  EXPECT_EQ(error("ZZ1\tz\tsoftware\tw\t\ttomorrow\t\n"), "r.tsv:2");
}

TEST(PolicyCoverage, TestsAreFoundByTheCommentAboveThem) {
  TempDir dir;
  put_text(dir / "a_test.cpp",
           "// serves: ZZ1 CQ2\n// serves: GY3\nTEST(Zone, Covers) {\n}\n  // serves: LB4\n  EXPECT_EQ(1, "
           "1);\nTEST(Zone, Other) {\n");
  put_text(dir / "a.txt", "// serves: ZZ9\nTEST(No, Test) {\n");
  std::vector<std::string> found;
  for (const auto& test : datasets::find_serving_tests(dir.path())) found.push_back(test.id + " " + test.test);
  EXPECT_EQ(found, (std::vector<std::string>{"ZZ1 Zone.Covers", "CQ2 Zone.Covers", "GY3 Zone.Covers",
                                             "LB4   EXPECT_EQ(1, 1);"}));
}

}  // namespace
}  // namespace catchment::testing
