// `catchment audit` and `catchment policy coverage` from outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/season_files.hpp"
#include "tests/datasets/program.hpp"
#include "tests/engine/admission/sound_season.hpp"

namespace catchment::testing {
namespace {

using ::testing::HasSubstr;

const std::string kLingbao = CATCHMENT_SOURCE_DIR "/datasets/policy/packs/lingbao-2024.json";

// serves: LB19 LB17
TEST(AuditCommand, NamesTheRowsThatBreakAPackAndWritesLedgers) {
  const TempDir dir;
  SeasonTables world = sound_season();
  world.schools[1].plan_seats = 1;
  world.admissions[2].arrival = "missing";
  datasets::write_season_tables(dir / "season", world);
  const Outcome outcome = run_catchment(dir, "audit --season season --policy " + kLingbao + " --ledgers ledgers");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("broken  plan_exceeded/over_plan"));
  EXPECT_THAT(outcome.out, HasSubstr("schools.csv j1: 2 admitted, the plan has 1"));
  EXPECT_THAT(outcome.out, HasSubstr("kept  no_experimental_class/special_classes"));
  EXPECT_THAT(read_file(dir / "ledgers/suspected_dropout.csv"), HasSubstr("k3,junior,east,j1,left_behind,suspected"));
  for (const char* file : {"school_age", "dropout", "special_groups", "exceptions", "migrant_share"}) {
    EXPECT_TRUE(std::filesystem::exists(dir / ("ledgers/" + std::string(file) + ".csv"))) << file;
  }
}

TEST(AuditCommand, JsonHasVerdictClauseAndRows) {
  const TempDir dir;
  SeasonTables world = sound_season();
  world.form_fields.push_back({"f2", "p1", "school_desk", "父母收入", "registration"});
  world.absent = {"draws.csv"};
  datasets::write_season_tables(dir / "season", world);
  const auto report = run_json(dir, "audit --season season --policy " + kLingbao);
  bool found = false;
  for (const auto& audit : report.at("audits")) {
    if (audit.at("audit") == "draw_conduct") {
      EXPECT_EQ(audit.at("verdict"), "not_judged");
    }
    if (audit.at("audit") != "form_fields") continue;
    found = true;
    EXPECT_EQ(audit.at("verdict"), "broken");
    EXPECT_EQ(audit.at("clause").at("serves"), nlohmann::json{"LB20"});
    EXPECT_THAT(audit.at("breaches").at(0).at("message").get<std::string>(), HasSubstr("forbidden"));
  }
  EXPECT_TRUE(found);
}

TEST(AuditCommand, AFaultyFileIsNamedByRowAndField) {
  const TempDir dir;
  datasets::write_season_tables(dir / "season", sound_season());
  write_file(dir / "season/zones.csv",
             "zone_id,stage,district,school_ids,changed,approval_id\nz1,college,east,p1,no,\n");
  const auto error = run_json(dir, "audit --season season --policy " + kLingbao);
  EXPECT_EQ(error.at("code"), "season_value");
  EXPECT_EQ(error.at("where"), "zones.csv:2#stage");
}

TEST(PolicyCoverageCommand, AGapIsAFinding) {
  const TempDir dir;
  std::filesystem::create_directories(dir / "datasets/policy/packs");
  std::filesystem::create_directories(dir / "tests");
  write_file(dir / "datasets/policy/requirements.tsv",
             "id\tplace\tbinds\trequirement\trecord\twaits\troom\nZZ1\tz\tsoftware\tw\t\t\tengine\n");
  const Outcome gap = run_catchment(dir, "policy coverage --source .");
  EXPECT_EQ(gap.exit_code, 1);
  EXPECT_THAT(gap.out, HasSubstr("no test"));
  write_file(dir / "tests/a_test.cpp", "// serves: ZZ1\nTEST(A, B) {\n");
  const Outcome served = run_catchment(dir, "policy coverage --source .");
  EXPECT_EQ(served.exit_code, 0);
  EXPECT_THAT(served.out, HasSubstr("1 requirements: 1 served, 0 on_record, 0 waits, 0 gap"));
}

}  // namespace
}  // namespace catchment::testing
