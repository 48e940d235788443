// `catchment plan compare` and `plan explain` from outside, on a made-up city.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "datasets/city_package.hpp"
#include "tests/datasets/program.hpp"
#include "tests/server/xml_check.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
namespace run = catchment::testing;

// Two scenarios: A moves a unit of one school to its neighbour, B another unit back the other way.
class PlanCompare : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = std::make_unique<run::TempDir>();
    ASSERT_EQ(run::run_catchment(*dir_, "synth city.gpkg --seed 5 --schools 12 --addresses 2000").exit_code, 0);
    const auto package = datasets::CityPackage::open(*dir_ / "city.gpkg");
    std::map<std::string, std::vector<std::string>> units;
    for (const engine::PlanUnit& row : package.plan_units()) units[row.school_id].push_back(row.unit_id);
    ASSERT_GE(units.size(), 2u);
    plan_ = package.plans().front().id;
    west_ = units.begin()->first, east_ = std::next(units.begin())->first;
    moved_ = units[west_].front(), back_ = units[east_].front();
    write_scenario("a.json", moved_, east_, "天桥 <施工> & 改道");
    write_scenario("b.json", back_, west_, "");
    const auto made = run::run_catchment(
        *dir_,
        "plan compare city.gpkg --scenario a.json --scenario b.json --horizon 6 --draws 100 --json c.json --out "
        "m.csv --statement s.md --report r.html");
    ASSERT_EQ(made.exit_code, 1) << made.out << made.err;
    json_ = json::parse(run::read_file(*dir_ / "c.json"));
    page_ = run::read_file(*dir_ / "r.html");
    xml_ = run::read_xml(page_);
  }
  static void TearDownTestSuite() { dir_.reset(); }

  static void write_scenario(const std::string& file, const std::string& unit, const std::string& school,
                             const std::string& note) {
    json change{
        {"change", "reassign_units"}, {"stage", "primary"}, {"from_year", 2028}, {"units", {unit}}, {"school", school}};
    if (!note.empty()) change["note"] = note;
    run::write_file(*dir_ / file, json::array({change}).dump());
  }

  static std::unique_ptr<run::TempDir> dir_;
  static std::string plan_, west_, east_, moved_, back_, page_;
  static json json_;
  static run::XmlContent xml_;
};
std::unique_ptr<run::TempDir> PlanCompare::dir_;
std::string PlanCompare::plan_, PlanCompare::west_, PlanCompare::east_, PlanCompare::moved_, PlanCompare::back_,
    PlanCompare::page_;
json PlanCompare::json_;
run::XmlContent PlanCompare::xml_;

const json& year_of(const json& comparison, const char* list, int year, const char* stage = "primary") {
  for (const json& one : comparison[list]) {
    if (one["stage"] == stage && one["school_year"] == year) return one;
  }
  throw std::runtime_error("no such year");
}

TEST_F(PlanCompare, EveryPairOfPlansIsComparedAndTheFiguresAreThoseOfTheIndicators) {
  ASSERT_EQ(json_["plans"].size(), 3u);
  EXPECT_EQ(json_["plans"][1]["source"], "a.json");
  ASSERT_EQ(json_["comparisons"].size(), 3u);  // zones and A, zones and B, A and B
  EXPECT_EQ(year_of(json_["comparisons"][0], "years", 2027)["units"], 0);
  EXPECT_EQ(year_of(json_["comparisons"][0], "years", 2028)["units"], 1);
  EXPECT_EQ(year_of(json_["comparisons"][2], "years", 2028)["units"], 2);
  for (const json& indicator : json_["indicators"]) {
    if (indicator["id"] != "children_moved") continue;
    for (const json& value : indicator["values"]) {
      const auto& sums = year_of(json_["comparisons"][0], "years", value["school_year"].get<int>(),
                                 value["stage"].get<std::string>().c_str());
      EXPECT_EQ(value["plans"][1]["value"], sums["children"]);
      EXPECT_EQ(value["plans"][0]["value"], 0.0);
    }
  }
  EXPECT_EQ(json_["plans"][1]["certificate"]["holds"], false);  // six addresses are of no unit
}

TEST_F(PlanCompare, WhoMovesIsToldBothWays) {
  std::set<std::pair<std::string, std::string>> ways;
  for (const json& pair : json_["comparisons"][2]["schools_moved_between"]) {
    ways.insert({pair["from"][0].get<std::string>(), pair["to"][0].get<std::string>()});
  }
  // From A to B the one unit goes back, and the other goes over.
  EXPECT_EQ(ways, (std::set<std::pair<std::string, std::string>>{{east_, west_}}));
  const std::string csv = run::read_file(*dir_ / "m.csv");
  EXPECT_THAT(csv, HasSubstr("\nin_force,A,primary,2028,2032," + moved_ + ","));
  EXPECT_THAT(csv, HasSubstr("\nin_force,B,primary,2028,2032," + back_ + ","));
  EXPECT_THAT(csv, HasSubstr("\nA,B,primary,2028,2032," + moved_ + ","));
}

TEST_F(PlanCompare, ThePageIsWellFormedAsksNobodyAndNamesEveryPicture) {
  EXPECT_EQ(xml_.error, "");
  EXPECT_LT(page_.size(), 3u << 20);
  for (const char* element : {"script", "link", "img", "iframe", "object", "embed", "image", "use"}) {
    EXPECT_EQ(xml_.count(element), 0u) << element;
  }
  std::set<std::string> ids;
  std::size_t maps = 0;
  for (const run::XmlElement& e : xml_.elements) {
    if (const auto id = e.attributes.find("id"); id != e.attributes.end()) ids.insert(id->second);
  }
  for (const run::XmlElement& e : xml_.elements) {
    for (const auto& [name, value] : e.attributes) {
      EXPECT_FALSE(name.starts_with("on")) << name;
      EXPECT_TRUE(name != "href" || ids.contains(value.substr(1))) << value;
    }
    if (e.name != "svg") continue;
    const auto look = e.attributes.find("class");
    maps += look != e.attributes.end() && look->second == "map" ? 1u : 0u;
    EXPECT_TRUE(e.attributes.contains("aria-hidden") || e.attributes.contains("aria-label"));
  }
  EXPECT_EQ(maps, 3u);  // primary under the zones in force, A and B; of junior nobody moves
  const std::string rest = std::regex_replace(page_, std::regex("xmlns=\"[^\"]*\"|url\\(#hatch\\)"), "");
  for (const char* reach : {"http:", "https:", "url("}) EXPECT_THAT(rest, Not(HasSubstr(reach)));
  EXPECT_EQ(xml_.count("table"), xml_.count("caption"));
  EXPECT_THAT(xml_.text, HasSubstr("合成数据"));
  EXPECT_THAT(xml_.text, HasSubstr("征求意见影响说明"));
}

TEST_F(PlanCompare, TheStatementIsInBothLanguagesAndThatOfThePage) {
  const std::string text = run::read_file(*dir_ / "s.md");
  EXPECT_THAT(text, HasSubstr("# 《a》影响说明（征求意见稿）"));
  EXPECT_THAT(text, HasSubstr("# Impact statement for consultation: b"));
  EXPECT_THAT(text, HasSubstr("自2028年起由"));
  EXPECT_THAT(text, HasSubstr("【起始日期】"));
  for (const json& line : json_["plans"][1]["statement"]) {
    EXPECT_THAT(xml_.text, HasSubstr(line["zh"].get<std::string>()));
  }
}

TEST_F(PlanCompare, TheSameBytesAgainForAnyNumberOfThreadsAndInOtherFormats) {
  const auto made = run::run_catchment(
      *dir_,
      "plan compare city.gpkg --scenario a.json --scenario b.json --horizon 6 --draws 100 --threads 3 --json "
      "d.json --out m.geojson --report q.html");
  ASSERT_EQ(made.exit_code, 1) << made.err;
  EXPECT_EQ(run::read_file(*dir_ / "d.json"), run::read_file(*dir_ / "c.json"));
  EXPECT_EQ(run::read_file(*dir_ / "q.html"), page_);
  const json map = json::parse(run::read_file(*dir_ / "m.geojson"));
  ASSERT_EQ(map["features"].size(), 4u);
  EXPECT_EQ(map["features"][0]["geometry"]["type"], "MultiPolygon");
  EXPECT_EQ(map["features"][0]["properties"]["unit"], moved_);
}

TEST_F(PlanCompare, PlansOfThePackageAndScenariosStandInTheirOrder) {
  const auto made =
      run::run_catchment(*dir_, "plan compare city.gpkg --scenario b.json --plan " + plan_ +
                                    " --scenario a.json --horizon 3 --draws 100 --out m.gpkg --json o.json");
  ASSERT_TRUE(made.exit_code == 0 || made.exit_code == 1) << made.err;
  const json order = json::parse(run::read_file(*dir_ / "o.json"));
  EXPECT_EQ(order["plans"][1]["source"], "b.json");
  EXPECT_EQ(order["plans"][2]["source"], plan_);
  EXPECT_EQ(order["plans"][3]["source"], "a.json");
  EXPECT_TRUE(std::filesystem::exists(*dir_ / "m.gpkg"));
}

TEST_F(PlanCompare, WhatCannotBeIsRefused) {
  const auto code = [&](const std::string& more) {
    return run::run_json(*dir_, "plan compare city.gpkg " + more)["code"];
  };
  EXPECT_EQ(code(""), "compare_nothing");
  EXPECT_EQ(code("--plan nobody"), "plan_unknown");
  EXPECT_EQ(code("--scenario none.json"), "scenario_open");
  EXPECT_EQ(code("--scenario a.json --out m.txt"), "output_format");
}

TEST_F(PlanCompare, ExplainsAUnitUnderEachPlan) {
  const json told = run::run_json(*dir_, "plan explain city.gpkg --unit " + moved_ + " --scenario a.json --horizon 4");
  ASSERT_EQ(told["plans"].size(), 2u) << told;
  const json& answers = told["plans"][1]["units"][0]["answers"];
  EXPECT_EQ(answers[0]["schools"][0]["school"], west_);
  EXPECT_EQ(answers[0]["change"], nullptr);
  EXPECT_EQ(answers[1]["from_year"], 2028);
  EXPECT_EQ(answers[1]["schools"][0]["school"], east_);
  EXPECT_EQ(answers[1]["change"]["kind"], "reassign_units");
  EXPECT_EQ(answers[1]["change"]["note"], "天桥 <施工> & 改道");
  EXPECT_EQ(answers[1]["sitting"]["sitting_stay"], true);
  EXPECT_TRUE(answers[1]["schools"][0]["walk"].is_object());
  const auto shown = run::run_catchment(*dir_, "plan explain city.gpkg --unit " + moved_ + " --scenario a.json");
  EXPECT_THAT(shown.out, HasSubstr("who entered before 2028 stays at the old school"));
  EXPECT_EQ(run::run_json(*dir_, "plan explain city.gpkg --unit nobody")["code"], "unit_unknown");
  EXPECT_EQ(run::run_catchment(*dir_, "plan explain city.gpkg").exit_code, 64);
}

TEST_F(PlanCompare, ExplainsAnAddressByItsUnit) {
  const auto package = datasets::CityPackage::open(*dir_ / "city.gpkg");
  std::string text;
  package.for_each_address([&](const engine::Address& address) {
    if (address.unit_id == moved_) text = address.text;
    return text.empty();
  });
  ASSERT_FALSE(text.empty());
  const json told = run::run_json(*dir_, "plan explain city.gpkg --address '" + text + "' --horizon 2");
  EXPECT_EQ(told["plans"][0]["units"][0]["unit"], moved_) << told;
  EXPECT_EQ(run::run_json(*dir_, "plan explain city.gpkg --address 火星街999号")["code"], "address_unknown");
}

}  // namespace
}  // namespace catchment
