// `catchment match` on texts, from outside: a quarter of which every door is known, and rows of a notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "datasets/package_writer.hpp"
#include "tests/datasets/program.hpp"
#include "tests/support/grid_city.hpp"

namespace catchment {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace run = catchment::testing;

class MatchTexts : public ::testing::Test {
 protected:
  void SetUp() override {
    const tests::GridCity city;
    datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::empty);
    for (const engine::Line& street : city.streets()) writer.add_street(street);
    for (const engine::Line& barrier : city.barriers()) writer.add_barrier(barrier);
    for (const engine::Place& place : city.places()) writer.add(place);
    for (const engine::Address& address : city.addresses()) writer.add(address);
    const std::pair<const char*, const char*> rows[] = {{"A", "槐荫街（单号）"},
                                                        {"B", "槐荫街（双号）"},
                                                        {"C", "云栖花园（集体户口除外）"},
                                                        {"D", "云栖花园（只招集体户口）"}};
    for (const auto& [school, text] : rows) {
      engine::ZoneRow row;
      row.id = std::string("row-") + school;
      row.layer = {engine::Stage::primary, 2024, "general"};
      row.school_id = school;
      row.text = text;
      row.notice_id = "N";
      row.place = std::string("sheet 1, row ") + school;
      writer.add(row);
      writer.add(engine::School{school, std::string(school) + "小学", {engine::Stage::primary}, "open", "public"});
    }
    engine::ZoneRow junior;
    junior.id = "row-J";
    junior.layer = {engine::Stage::junior, 2024, "general"};
    junior.school_id = "J";
    junior.text = "A小学的毕业生";
    writer.add(junior);
    writer.add(engine::School{"J", "J中学", {engine::Stage::junior}, "open", "public"});
    writer.add(engine::Notice{"N", "划片公告", "教育局", "2024-04-01", "", "00-101"});
    writer.commit();
  }

  static std::string line_of(const std::string& text, const std::string& id) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(id + ",")) return line;
    }
    return "";
  }
  std::string match(const std::string& rows, const std::string& options) {
    run::write_file(dir_ / "a.csv", rows);
    const run::Outcome outcome =
        run::run_catchment(dir_, "match city.gpkg a.csv --id-field id --text-field address " + options);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }

  run::TempDir dir_;
};

TEST_F(MatchTexts, EveryTextHasALineWithSchoolClauseNoticeAndPhone) {
  const std::string out = match("id,address\n1,槐荫街1号\n2,云中市槐荫街2号\n3,槐荫街\n4,没有这个地方\n5,秋实街2号\n",
                                "--layer primary/2024");
  EXPECT_THAT(out, StartsWith("id,text,found,matched,lon,lat,layer,status,schools,"));
  EXPECT_THAT(line_of(out, "1"), HasSubstr(",definite,A,A小学,direct,number,槐荫街（单号）,划片公告,"));
  EXPECT_THAT(line_of(out, "1"), HasSubstr("\"sheet 1, row A\",00-101,"));
  EXPECT_THAT(line_of(out, "2"), HasSubstr(",definite,B,"));
  EXPECT_THAT(line_of(out, "3"), HasSubstr(",street_only,"));
  EXPECT_THAT(line_of(out, "3"), HasSubstr(",undetermined,A;B,"));
  EXPECT_THAT(line_of(out, "4"), HasSubstr(",unknown,,,,primary/2024/general,undetermined,,"));
  EXPECT_THAT(line_of(out, "5"), HasSubstr(",no_zone,,"));
}

TEST_F(MatchTexts, HouseholdComesFromTheRowOrTheCommandLine) {
  const std::string rows =
      "id,address,h\n1,云栖花园1号楼,collective_hukou=yes\n2,云栖花园1号楼,\n3,云栖花园1号楼,rich=yes\n";
  const std::string own = match(rows, "--layer primary/2024 --household-field h");
  EXPECT_THAT(line_of(own, "1"), HasSubstr(",definite,D,"));
  EXPECT_THAT(line_of(own, "2"), HasSubstr(",household_dependent,C;D,"));
  EXPECT_THAT(line_of(own, "2"), HasSubstr("C:collective_hukou=no;D:collective_hukou=yes"));
  EXPECT_THAT(line_of(own, "3"), HasSubstr("The row cannot be used"));
  const std::string all = match(rows, "--layer primary/2024 --household others=no");
  EXPECT_THAT(line_of(all, "2"), HasSubstr(",definite,C,"));
}

TEST_F(MatchTexts, JuniorSchoolIsFoundByThePrimarySchoolsIdOrName) {
  const std::string rows = "id,address,from\n1,槐荫街1号,A\n2,槐荫街1号,A小学\n3,槐荫街1号,\n4,槐荫街1号,Z小学\n";
  const std::string out = match(rows, "--layer junior/2024 --primary-school-field from");
  EXPECT_THAT(line_of(out, "1"), HasSubstr(",definite,J,"));
  EXPECT_THAT(line_of(out, "2"), HasSubstr(",definite,J,"));
  EXPECT_THAT(line_of(out, "3"), HasSubstr(",undetermined,,"));
  EXPECT_THAT(line_of(out, "4"), HasSubstr("no school with the id or name Z小学"));
}

TEST_F(MatchTexts, AnswersDoNotDependOnThreads) {
  std::string rows = "id,address\n";
  for (int i = 1; i <= 200; ++i) rows += std::to_string(i) + ",槐荫街" + std::to_string(i) + "号\n";
  const std::string one = match(rows, "--threads 1");
  EXPECT_EQ(match(rows, "--threads 5"), one);
}

TEST_F(MatchTexts, OneTextIsExplainedInFull) {
  const nlohmann::json answer =
      run::run_json(dir_, "match city.gpkg --text 槐荫街2号 --layer primary/2024 --household others=no");
  EXPECT_EQ(answer.at("address").at("status"), "definite");
  const nlohmann::json& school = answer.at("layers").at(0).at("schools").at(0);
  EXPECT_EQ(school.at("id"), "B");
  EXPECT_EQ(school.at("evidence").at(0).at("quote"), "槐荫街（双号）");
  const run::Outcome words = run::run_catchment(dir_, "match city.gpkg --text 槐荫街2号 --layer primary/2024");
  EXPECT_THAT(words.out, HasSubstr("number allow: \"槐荫街（双号）\"; 划片公告, sheet 1, row B"));
  EXPECT_EQ(run::run_json(dir_, "match city.gpkg --text 槐荫街2号 --primary-school nobody").at("code"),
            "school_unknown");
  EXPECT_EQ(run::run_json(dir_, "match city.gpkg --text 槐荫街2号 --household x").at("code"), "household_invalid");
}

// 2025 has rows that refer to each other and to last year's notice.
class MatchReferences : public MatchTexts {
 protected:
  void SetUp() override {
    MatchTexts::SetUp();
    datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::from_existing);
    const auto add = [&](int year, const std::string& school, const std::string& name, const std::string& text) {
      engine::ZoneRow row;
      row.id = "row-" + school;
      row.layer = {engine::Stage::primary, year, "general"};
      row.school_id = school;
      row.text = text;
      row.notice_id = "N" + std::to_string(year);
      writer.add(row);
      writer.add(engine::School{school, name, {engine::Stage::primary}, "open", "public"});
    };
    add(2024, "P", "青杉小学", "杨林街");
    add(2025, "P", "青杉小学", "银杏路（双号）；银杏路3号已拆迁");
    add(2025, "Q", "红柳小学", "同青杉小学；海棠路1-20号（其中5号已拆迁）");
    add(2025, "R", "黄檀小学", "原青杉小学招生服务范围内");
    add(2025, "S", "绿槐小学", "原红柳小学招生服务范围内");
    writer.commit();
  }
  nlohmann::json matched(const std::string& text) const {
    return run::run_json(dir_, "match city.gpkg --layer primary/2025 --text " + text).at("layers").at(0);
  }
  static std::vector<std::string> schools_of(const nlohmann::json& answer) {
    std::vector<std::string> ids;
    for (const auto& school : answer.at("schools")) ids.push_back(school.at("id"));
    return ids;
  }
};

TEST_F(MatchReferences, AZoneToldByAnotherSchoolsIsFoundLikeAnyOther) {
  const nlohmann::json shared = matched("银杏路2号");
  EXPECT_EQ(shared.at("status"), "definite") << shared;
  EXPECT_THAT(schools_of(shared), ::testing::ElementsAre("P", "Q"));
  const nlohmann::json former = matched("杨林街2号");
  // What the row of 绿槐小学 gives nobody can say; that leaves plain answers as they are.
  EXPECT_EQ(former.at("status"), "definite") << former;
  EXPECT_THAT(schools_of(former), ::testing::ElementsAre("R"));
  EXPECT_EQ(former.at("schools").at(0).at("evidence").at(0).at("quote"), "原青杉小学招生服务范围内") << former;
  EXPECT_EQ(matched("晨光路2号").at("status"), "undetermined");
}

TEST_F(MatchReferences, ADoorThatIsNoMoreIsUndetermined) {
  EXPECT_EQ(matched("海棠路3号").at("status"), "definite");
  const nlohmann::json gone = matched("海棠路5号");
  EXPECT_EQ(gone.at("status"), "undetermined") << gone;
  EXPECT_THAT(schools_of(gone), ::testing::ElementsAre("Q"));
}

TEST_F(MatchReferences, LintAndParseResolveThem) {
  const nlohmann::json lint = run::run_json(dir_, "zones lint city.gpkg --layer primary/2025");
  std::vector<std::string> unresolved;
  for (const auto& finding : lint.at("findings")) {
    if (finding.at("kind") == "unresolved_reference") unresolved.push_back(finding.at("quote"));
    EXPECT_NE(finding.at("kind"), "overlap") << finding;
  }
  EXPECT_THAT(unresolved, ::testing::ElementsAre("原红柳小学招生服务范围内"));
  EXPECT_EQ(lint.at("addresses").at("in_several"), 0) << lint;
  const std::string parse = "zones parse city.gpkg --layer primary/2025 --text ";
  const nlohmann::json same = run::run_json(dir_, parse + "同青杉小学");
  EXPECT_EQ(same.at("rules").at(0).at("name"), "银杏路");
  EXPECT_EQ(same.at("rules").at(0).at("of_school"), "P");
  const nlohmann::json former = run::run_json(dir_, parse + "原青杉小学招生服务范围内");
  EXPECT_EQ(former.at("rules").at(0).at("name"), "杨林街");
  EXPECT_TRUE(former.at("findings").empty()) << former;
  EXPECT_EQ(run::run_json(dir_, parse + "同无名小学").at("findings").at(0).at("kind"), "unresolved_reference");
}

TEST_F(MatchTexts, JsonHasTheEvidenceOfEveryRowAndGeoJsonItsPlace) {
  const std::string rows = "id,address\n1,槐荫街1号\n2,没有这个地方\n";
  match(rows, "--layer primary/2024 --out m.json");
  const auto list = nlohmann::json::parse(run::read_file(dir_ / "m.json"));
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].at("layers").at(0).at("schools").at(0).at("evidence").size(), 1u);
  match(rows, "--layer primary/2024 --out m.geojson");
  const auto features = nlohmann::json::parse(run::read_file(dir_ / "m.geojson")).at("features");
  ASSERT_EQ(features.size(), 2u);
  EXPECT_EQ(features[0].at("properties").at("schools"), "A");
  EXPECT_FALSE(features[0].at("geometry").is_null());
  EXPECT_TRUE(features[1].at("geometry").is_null());
}

}  // namespace
}  // namespace catchment
