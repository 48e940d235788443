// `catchment zones parse|print|lint|diff` from outside, on a made-up city.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/city_package.hpp"
#include "datasets/package_writer.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace run = catchment::testing;

class ZonesCommand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = std::make_unique<run::TempDir>();
    const auto made = run::run_catchment(*made_, "synth city.gpkg --seed 7 --schools 10");
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const auto printed =
        run::run_catchment(*made_, "zones print city.gpkg --layer primary/2026 --out p.csv --json p.json");
    ASSERT_EQ(printed.exit_code, 0) << printed.err;
    for (const engine::Place& place : datasets::CityPackage::open(*made_ / "city.gpkg").places()) {
      if (place.kind == "community") communities_.push_back(place.name);
    }
    ASSERT_GE(communities_.size(), 3u);
  }
  static void TearDownTestSuite() {
    made_.reset();
    communities_.clear();
  }
  void SetUp() override {
    for (const char* name : {"city.gpkg", "p.csv", "p.json"}) std::filesystem::copy(*made_ / name, dir_ / name);
    std::filesystem::create_directory(dir_ / "folder");
  }

  json file_json(const std::string& name) const { return json::parse(run::read_file(dir_ / name), nullptr, false); }

  // What a command that must be refused says; its exit code is checked.
  std::string error_of(const std::string& arguments, int exit_code = 2) const {
    const run::Outcome outcome = run::run_catchment(dir_, arguments + " --json -");
    EXPECT_EQ(outcome.exit_code, exit_code) << arguments << "\n" << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("catchment: "));
    return json::parse(outcome.out, nullptr, false).value("code", "none");
  }

  // A notice of two schools with these words.
  void write_notice(const std::string& name, const std::string& first, const std::string& second) const {
    run::write_file(dir_ / name,
                    "学校,招生范围\n示例第1小学（合成）," + first + "\n示例第2小学（合成）," + second + "\n");
  }

  static std::unique_ptr<run::TempDir> made_;
  static std::vector<std::string> communities_;
  run::TempDir dir_;
};
std::unique_ptr<run::TempDir> ZonesCommand::made_;
std::vector<std::string> ZonesCommand::communities_;

TEST_F(ZonesCommand, ParseWithoutACityGivesTheClauseTree) {
  const run::Outcome outcome = run::run_catchment(dir_, "zones parse --text '青云路1-15号（单号）、翠湖花园'");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("(street 青云路 1..15:odd)"));
  EXPECT_THAT(outcome.out, HasSubstr("^~~~"));
  run::write_file(dir_ / "t.txt", "青云路1-15号（单号）、翠湖花园\r\n");
  EXPECT_EQ(run::run_catchment(dir_, "zones parse --file t.txt").out, outcome.out);
  EXPECT_EQ(run::run_catchment(dir_, "zones parse < t.txt").out, outcome.out);
  const json tree = run::run_json(dir_, "zones parse --file t.txt");
  EXPECT_EQ(tree.at("clauses").at(0).at("items").size(), 2u);
  EXPECT_EQ(tree.at("clauses").at(0).at("items").at(0).at("numbers").at(0).at("to"), "15");
}

TEST_F(ZonesCommand, ParseInACityGivesRulesAndARegion) {
  const std::string words = communities_[0] + "、" + communities_[1] + "；子虚路3号";
  const json out = run::run_json(dir_, "zones parse city.gpkg --text '" + words + "' --geojson area.json");
  EXPECT_EQ(out.at("rules").at(0).at("name"), communities_[0]);
  EXPECT_EQ(out.at("rules").at(0).at("effect"), "allow");
  EXPECT_GT(out.at("area_m2").get<double>(), 10'000);
  EXPECT_EQ(out.at("findings").at(0).at("kind"), "unknown_name");
  EXPECT_EQ(out.at("findings").at(0).at("quote"), "子虚路");
  const json area = file_json("area.json");
  EXPECT_EQ(area.at("features").at(0).at("geometry").at("type"), "MultiPolygon");
  EXPECT_FALSE(area.at("features").at(0).at("geometry").at("coordinates").empty());
}

TEST_F(ZonesCommand, LintOfThePrintedNoticeLeavesOpenWhatPrintLeavesOpenAndNothingElse) {
  const json printed = file_json("p.json");
  for (const json& zone : printed.at("zones")) EXPECT_EQ(zone.at("changed"), 0) << zone.at("text");
  const run::Outcome import = run::run_catchment(dir_, "import city.gpkg --notice p.csv --layer primary/2026 --yes");
  EXPECT_EQ(import.exit_code, 0) << import.out << import.err;
  const json lint = run::run_json(dir_, "zones lint city.gpkg --layer primary/2026");
  const json& addresses = lint.at("addresses");
  EXPECT_EQ(lint.at("errors"), 0);
  EXPECT_EQ(addresses.at("in_several"), 0);
  EXPECT_EQ(addresses.at("in_none"), 0);
  EXPECT_EQ(addresses.at("undetermined"), printed.at("undetermined"));
  EXPECT_EQ(addresses.at("in_one").get<int>() + addresses.at("undetermined").get<int>(), addresses.at("looked_at"));
  EXPECT_EQ(run::run_catchment(dir_, "zones lint city.gpkg --layer primary/2026").exit_code, 0);
}

TEST_F(ZonesCommand, PrintWritesTheSameWordsAsMarkdown) {
  EXPECT_EQ(run::run_catchment(dir_, "zones print city.gpkg --layer primary/2026 --out p.md").exit_code, 0);
  const run::Outcome same = run::run_catchment(dir_, "zones diff p.csv p.md --package city.gpkg");
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
  EXPECT_THAT(same.out, HasSubstr("0 addresses change school"));
}

TEST_F(ZonesCommand, SchoolsThatShareAZoneSayWithWhomBeforeTheFullStop) {
  {
    engine::Zone shared =
        datasets::CityPackage::open(dir_ / "city.gpkg").zones({engine::Stage::primary, 2026, "general"}).front();
    ASSERT_EQ(shared.school_ids.size(), 1u);
    shared.school_ids.push_back("S0010");
    datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::from_existing);
    writer.add(shared);
    writer.commit();
  }
  EXPECT_EQ(run::run_catchment(dir_, "zones print city.gpkg --layer primary/2026 --no-check --out s.csv").exit_code, 0);
  const std::string csv = run::read_file(dir_ / "s.csv");
  EXPECT_THAT(csv, HasSubstr("示例民办第1小学（合成）为共同学区）。"));
  EXPECT_THAT(csv, ::testing::Not(HasSubstr("。（")));
}

TEST_F(ZonesCommand, LintNamesTheOverlapAndTheRowsOfIt) {
  write_notice("n.csv", communities_[0], communities_[0] + "、" + communities_[1]);
  const run::Outcome outcome = run::run_catchment(dir_, "zones lint city.gpkg --notice n.csv");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(communities_[0]));
  const json lint = run::run_json(dir_, "zones lint city.gpkg --notice n.csv");
  EXPECT_GT(lint.at("addresses").at("in_several"), 0);
  EXPECT_GT(lint.at("errors"), 0);
}

TEST_F(ZonesCommand, DiffCountsAddressesAndChildrenThatChangeSchool) {
  write_notice("a.csv", communities_[0] + "、" + communities_[1], communities_[2]);
  write_notice("b.csv", communities_[0], communities_[1] + "、" + communities_[2]);
  const run::Outcome outcome = run::run_catchment(dir_, "zones diff a.csv b.csv --package city.gpkg");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("示例第1小学（合成） -> 示例第2小学（合成）: "));
  EXPECT_THAT(outcome.out, HasSubstr(" children"));
  const json diff = run::run_json(dir_, "zones diff a.csv b.csv --package city.gpkg");
  const json& move = diff.at("moves").at(0);
  EXPECT_EQ(diff.at("moves").size(), 1u);
  EXPECT_EQ(move.at("before"), json::array({"S0001"}));
  EXPECT_EQ(move.at("after"), json::array({"S0002"}));
  EXPECT_GT(move.at("addresses"), 0);
  EXPECT_GT(move.at("children"), 0.0);
  const json other_age = run::run_json(dir_, "zones diff a.csv b.csv --package city.gpkg --age 12");
  EXPECT_NE(other_age.at("moves").at(0).at("children"), move.at("children"));
}

TEST_F(ZonesCommand, BadInputIsRefusedByName) {
  EXPECT_EQ(error_of("zones parse --text ''"), "text_empty");
  EXPECT_EQ(error_of("zones parse < /dev/null"), "text_empty");
  run::write_file(dir_ / "bad.txt", "\xe9\x9d\x92\xe4\xba\xff");
  EXPECT_EQ(error_of("zones parse --file bad.txt"), "text_encoding");
  EXPECT_EQ(error_of("zones parse --file folder"), "text_open");
  EXPECT_EQ(error_of("zones parse --file none.txt"), "text_open");
  EXPECT_EQ(error_of("zones parse --text 青云路 --geojson x.json"), "no_city");
  EXPECT_EQ(error_of("zones print city.gpkg --layer primary/1999"), "layer_unknown");
  EXPECT_EQ(error_of("zones lint city.gpkg"), "notice_none");
  EXPECT_EQ(error_of("zones diff p.csv p.csv"), "no_city");
  for (const char* command : {"zones parse none.gpkg --text 青云路", "zones print none.gpkg", "zones lint none.gpkg",
                              "zones lint city.gpkg --notice none.csv"}) {
    const run::Outcome outcome = run::run_catchment(dir_, command);
    EXPECT_EQ(outcome.exit_code, 2) << command;
    EXPECT_THAT(outcome.err, HasSubstr("none."));
  }
}

TEST_F(ZonesCommand, AFolderAsOutputIsTroubleAndLeftAlone) {
  EXPECT_EQ(error_of("zones parse city.gpkg --text " + communities_[0] + " --geojson folder", 3), "io");
  EXPECT_EQ(error_of("zones print city.gpkg --layer primary/2026 --no-check --out folder", 3), "io");
  EXPECT_TRUE(std::filesystem::is_directory(dir_ / "folder"));
  EXPECT_TRUE(std::filesystem::is_empty(dir_ / "folder"));
}

}  // namespace
}  // namespace catchment
