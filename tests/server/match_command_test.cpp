// `catchment match` and `catchment snapshot` from outside: two squares side by side.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "datasets/package_writer.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace run = catchment::testing;

constexpr std::int32_t kLon = 1'136'000'000, kLat = 347'000'000, kSide = 10'000;  // about 92 m x 111 m

class MatchCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::empty);
    for (int i = 0; i < 2; ++i) {
      const std::int32_t west = kLon + i * kSide;
      engine::Zone zone;
      zone.id = i == 0 ? "Z0" : "Z1";
      zone.layer = {engine::Stage::primary, 2024, "general"};
      zone.name = i == 0 ? "东片区" : "西片区";
      zone.school_ids = {i == 0 ? "S0" : "S1"};
      zone.shape = {{{{west, kLat}, {west + kSide, kLat}, {west + kSide, kLat + kSide}, {west, kLat + kSide}}, {}}};
      writer.add(zone);
      writer.add(engine::School{zone.school_ids[0], "=小学," + zone.id, {engine::Stage::primary}, "open", "public"});
    }
    add_address(writer, "inside", geo::Point{kLon + 5000, kLat + 5000}, 5);
    add_address(writer, "line", geo::Point{kLon + kSide, kLat + 5000}, 0);
    add_address(writer, "near", geo::Point{kLon + kSide - 100, kLat + 5000}, 5);
    add_address(writer, "far", geo::Point{kLon + 9 * kSide, kLat}, 0);
    add_address(writer, "nowhere", std::nullopt, 0);
    writer.commit();
  }

  static void add_address(datasets::PackageWriter& writer, const std::string& id, std::optional<geo::Point> position,
                          double error_m) {
    engine::Address address;
    address.id = id;
    address.text = "桐柏路" + id;
    address.position = position;
    address.error_m = error_m;
    writer.add(address);
  }

  // The line of the output that begins with this id.
  static std::string line_of(const std::string& text, const std::string& id) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(id + ",")) return line;
    }
    return "";
  }

  run::TempDir dir_;
};

TEST_F(MatchCommand, EveryStatusHasItsLine) {
  const run::Outcome outcome = run::run_catchment(dir_, "match city.gpkg");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("id,text,lon,lat,layer,status,"));
  EXPECT_THAT(line_of(outcome.out, "inside"), HasSubstr(",primary/2024/general,inside,Z0,东片区,S0,"));
  EXPECT_THAT(line_of(outcome.out, "line"), HasSubstr(",boundary,Z0;Z1,东片区;西片区,S0;S1,"));
  EXPECT_THAT(line_of(outcome.out, "near"), HasSubstr(",boundary,Z0;Z1,"));
  EXPECT_THAT(line_of(outcome.out, "far"), HasSubstr(",outside,,,,,"));
  EXPECT_THAT(line_of(outcome.out, "nowhere"), HasSubstr(",no_position,"));
  EXPECT_THAT(outcome.err, HasSubstr("inside 1  boundary 2  overlap 0  outside 1  no_position 1"));
}

TEST_F(MatchCommand, SpreadsheetFormulasAreDisarmed) {
  EXPECT_THAT(line_of(run::run_catchment(dir_, "match city.gpkg").out, "inside"), HasSubstr(",\"'=小学,Z0\","));
}

TEST_F(MatchCommand, AnswersDoNotDependOnThreadsOrSnapshot) {
  const std::string one = run::run_catchment(dir_, "match city.gpkg --threads 1").out;
  EXPECT_EQ(run::run_catchment(dir_, "match city.gpkg --threads 7").out, one);
  EXPECT_EQ(run::run_catchment(dir_, "snapshot city.gpkg city.snapshot").exit_code, 0);
  EXPECT_EQ(run::run_catchment(dir_, "match city.gpkg --snapshot city.snapshot").out, one);
}

TEST_F(MatchCommand, StaleSnapshotIsRefused) {
  run::run_catchment(dir_, "snapshot city.gpkg city.snapshot");
  datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::from_existing);
  engine::Zone zone;
  zone.id = "Z0";
  zone.layer = {engine::Stage::primary, 2024, "general"};
  zone.shape = {{{{kLon, kLat}, {kLon + kSide, kLat}, {kLon + kSide, kLat + kSide}}, {}}};
  writer.add(zone);
  writer.commit();
  const run::Outcome outcome = run::run_catchment(dir_, "match city.gpkg --snapshot city.snapshot");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("make it again"));
}

TEST_F(MatchCommand, FileOfAddressesNeedsADeclaredSystemAndLosesNoRow) {
  run::write_file(dir_ / "a.csv", "no,x,y\n7,113.6005,34.7005\n8,,\n9,abc,34\n10,200,34\n");
  const std::string command = "match city.gpkg a.csv --id-field no --lon-field x --lat-field y";
  const run::Outcome refused = run::run_catchment(dir_, command);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(refused.out, "");
  const run::Outcome outcome = run::run_catchment(dir_, command + " --crs EPSG:4490");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(line_of(outcome.out, "7"), HasSubstr(",inside,Z0,"));
  EXPECT_THAT(line_of(outcome.out, "8"), HasSubstr("The row has no coordinates."));
  EXPECT_THAT(line_of(outcome.out, "9"), HasSubstr("Row 3 has no usable position"));
  EXPECT_THAT(line_of(outcome.out, "10"), HasSubstr("off the globe"));
  EXPECT_THAT(line_of(run::run_catchment(dir_, command + " --crs GCJ02").out, "7"), HasSubstr(",outside,"));
}

TEST_F(MatchCommand, ExplainTellsZoneSchoolMarginAndWhatLiesAcross) {
  const nlohmann::json by_id = run::run_json(dir_, "match city.gpkg --explain near");
  const nlohmann::json& layer = by_id.at("layers").at(0);
  EXPECT_EQ(layer.at("status"), "boundary");
  EXPECT_EQ(layer.at("zones").at(0).at("schools").at(0).at("id"), "S0");
  EXPECT_EQ(layer.at("zones").at(0).at("across"), nlohmann::json::array({"Z1"}));
  EXPECT_NEAR(layer.at("zones").at(0).at("margin_m").get<double>(), 0.916, 0.001);
  const nlohmann::json by_place = run::run_json(dir_, "match city.gpkg --explain 113.6005,34.7005");
  EXPECT_EQ(by_place.at("layers").at(0).at("status"), "inside");
  EXPECT_EQ(run::run_json(dir_, "match city.gpkg --explain nobody").at("code"), "address_unknown");
}

TEST_F(MatchCommand, OutputAppearsWholeOrNotAtAll) {
  EXPECT_EQ(run::run_catchment(dir_, "match city.gpkg --out m.geojson --json s.json").exit_code, 0);
  const auto features = nlohmann::json::parse(run::read_file(dir_ / "m.geojson")).at("features");
  EXPECT_EQ(features.size(), 5u);
  EXPECT_TRUE(features.at(4).at("geometry").is_null());
  EXPECT_EQ(nlohmann::json::parse(run::read_file(dir_ / "s.json")).at("layers").at(0).at("boundary"), 2);
  run::write_file(dir_ / "bad.csv", "id,x\n1,2\n");
  EXPECT_EQ(run::run_catchment(dir_, "match city.gpkg bad.csv --crs EPSG:4490 --lon-field x --lat-field y --out n.csv")
                .exit_code,
            2);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "n.csv"));
}

TEST_F(MatchCommand, UnknownLayerNamesThoseThereAre) {
  const run::Outcome outcome = run::run_catchment(dir_, "match city.gpkg --layer junior/2024");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("primary/2024/general"));
}

}  // namespace
}  // namespace catchment
