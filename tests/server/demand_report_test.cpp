// The report of `catchment demand forecast --report`: what a reader meets, without script or network.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "datasets/city_package.hpp"
#include "datasets/package_writer.hpp"
#include "tests/datasets/program.hpp"
#include "tests/server/xml_check.hpp"

namespace catchment {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace run = catchment::testing;

class DemandReport : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = std::make_unique<run::TempDir>();
    ASSERT_EQ(run::run_catchment(*dir_, "synth city.gpkg --seed 9 --schools 12 --addresses 2000").exit_code, 0);
    {
      // A name that would break a page which does not escape it.
      std::vector<engine::School> schools = datasets::CityPackage::open(*dir_ / "city.gpkg").schools();
      schools.front().name = "甲<乙>&\"丙\"小学";
      datasets::PackageWriter writer(*dir_ / "city.gpkg", datasets::PackageWriter::Start::from_existing);
      writer.add(schools.front());
      writer.commit();
    }
    const auto made =
        run::run_catchment(*dir_, "demand forecast city.gpkg --horizon 6 --draws 300 --map-year 2028 --report r.html");
    ASSERT_EQ(made.exit_code, 0) << made.err;
    page_ = run::read_file(*dir_ / "r.html");
    xml_ = run::read_xml(page_);
  }
  static void TearDownTestSuite() { dir_.reset(); }

  static std::unique_ptr<run::TempDir> dir_;
  static std::string page_;
  static run::XmlContent xml_;
};
std::unique_ptr<run::TempDir> DemandReport::dir_;
std::string DemandReport::page_;
run::XmlContent DemandReport::xml_;

TEST_F(DemandReport, IsWellFormedAndSaysThatTheCityIsMadeUp) {
  EXPECT_EQ(xml_.error, "");
  EXPECT_THAT(xml_.text, HasSubstr("合成数据"));
  EXPECT_THAT(xml_.text, HasSubstr("Synthetic"));
  EXPECT_THAT(xml_.text, HasSubstr("甲<乙>&\"丙\"小学"));
  EXPECT_LT(page_.size(), 3u << 20);
}

TEST_F(DemandReport, AsksNobodyForAnythingAndRunsNothing) {
  EXPECT_EQ(xml_.count("script"), 0u);
  for (const char* element : {"link", "img", "iframe", "object", "embed", "image", "use"}) {
    EXPECT_EQ(xml_.count(element), 0u) << element;
  }
  for (const run::XmlElement& e : xml_.elements) {
    for (const auto& [name, value] : e.attributes) {
      EXPECT_FALSE(name.starts_with("on")) << name;
      EXPECT_TRUE((name != "href" && name != "src") || value.starts_with("#")) << value;
    }
  }
  const std::string rest = std::regex_replace(page_, std::regex("xmlns=\"[^\"]*\""), "");
  EXPECT_THAT(rest, Not(HasSubstr("http:")));
  EXPECT_THAT(rest, Not(HasSubstr("https:")));
  EXPECT_THAT(rest, Not(HasSubstr("url(")));
}

TEST_F(DemandReport, HasEverySectionItsTargetAndHeadsInEveryTable) {
  std::set<std::string> ids;
  for (const run::XmlElement& e : xml_.elements) {
    if (const auto id = e.attributes.find("id"); id != e.attributes.end()) ids.insert(id->second);
  }
  std::size_t links = 0;
  for (const run::XmlElement& e : xml_.elements) {
    if (e.name != "a") continue;
    ++links;
    EXPECT_TRUE(ids.contains(e.attributes.at("href").substr(1))) << e.attributes.at("href");
  }
  EXPECT_EQ(links, 8u);
  EXPECT_EQ(xml_.elements.front().attributes.at("lang"), "zh-CN");
  EXPECT_EQ(xml_.count("table"), xml_.count("thead"));
  EXPECT_EQ(xml_.count("table"), xml_.count("caption"));
  EXPECT_GE(xml_.count("table"), 4u);
  for (const run::XmlElement& e : xml_.elements) {
    EXPECT_TRUE(e.name != "th" || e.attributes.contains("scope"));
  }
}

TEST_F(DemandReport, EveryPictureIsToldInWords) {
  std::size_t maps = 0, fans = 0;
  for (const run::XmlElement& e : xml_.elements) {
    if (e.name != "svg") continue;
    const auto look = e.attributes.find("class");
    if (look != e.attributes.end() && look->second == "map") ++maps;
    if (look != e.attributes.end() && look->second == "fan") ++fans;
    const bool hidden = e.attributes.contains("aria-hidden");
    EXPECT_TRUE(hidden || (e.attributes.contains("aria-label") && e.attributes.at("role") == "img"));
  }
  EXPECT_EQ(maps, 2u);
  EXPECT_GE(fans, 4u);
  EXPECT_THAT(xml_.text, HasSubstr("2028年小学片区预警地图"));
}

TEST_F(DemandReport, NamesTheWorstYearOfSeveralOnly) {
  const std::regex when("<div class=\"when\">([^<]*)(<br/>)?");
  std::size_t spans = 0;
  for (std::sregex_iterator it(page_.begin(), page_.end(), when), end; it != end; ++it) {
    const bool one = std::regex_match((*it)[1].str(), std::regex("[0-9]{4}"));
    EXPECT_EQ((*it)[2].matched, !one) << (*it)[1];
    ++spans;
  }
  EXPECT_GT(spans, 0u);
}

TEST_F(DemandReport, SaysHowSeatsOfYearsWithoutAPlanAreCounted) {
  EXPECT_THAT(xml_.text, HasSubstr("能逐年保持的班数"));
  EXPECT_THAT(xml_.text, Not(HasSubstr("可用学位（上限）")));
}

TEST_F(DemandReport, ShowsTheBacktestWithoutClaimingMoreThanItShows) {
  EXPECT_THAT(xml_.text, HasSubstr("回测误差：各校各年级"));
  EXPECT_THAT(xml_.text, HasSubstr("三年平均"));
  const auto without =
      run::run_catchment(*dir_, "demand forecast city.gpkg --horizon 2 --draws 200 --no-backtest --report n.html");
  ASSERT_EQ(without.exit_code, 0) << without.err;
  EXPECT_THAT(run::read_file(*dir_ / "n.html"), HasSubstr("未做回测"));
}

}  // namespace
}  // namespace catchment
