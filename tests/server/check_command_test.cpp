// `catchment check` from outside: a city of nine squares, sound and then broken.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "datasets/package_writer.hpp"
#include "datasets/sqlite.hpp"
#include "tests/datasets/temp_dir.hpp"

namespace catchment {
namespace {

constexpr geo::Point kCorner{1136000000, 347000000};
constexpr int kSide = 10000;  // about 92 m x 111 m
geo::Point at(double x, double y) {
  return {kCorner.lon + static_cast<int>(x * kSide), kCorner.lat + static_cast<int>(y * kSide)};
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class CheckCommand : public ::testing::Test {
 protected:
  // damage may change a zone before it is written.
  void write_city(const std::function<void(engine::Zone&)>& damage) {
    datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::empty);
    for (int i = 0; i < 9; ++i) {
      const int x = i % 3;
      const int y = i / 3;
      const std::string number = std::to_string(i);
      engine::Zone zone;
      zone.id = std::string("Z").append(number);
      zone.layer = {engine::Stage::primary, 2024, "general"};
      zone.name = std::string("桐柏路小学片区").append(number);
      zone.school_ids = {std::string("S").append(number)};
      zone.shape = {{{at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)}, {}}};
      damage(zone);
      writer.add(zone);
      writer.add(engine::School{std::string("S").append(number), "小学", {engine::Stage::primary}, "open", "public"});
      writer.add(
          engine::Campus{std::string("C").append(number), std::string("S").append(number), "", at(x + 0.5, y + 0.5)});
    }
    engine::Address address;
    address.id = "A1";
    address.text = "桐柏路1号";
    address.position = geo::Point{at(1, 1).lon - 30, at(1, 1).lat - 10};
    writer.add(address);
    writer.commit();
  }

  // Exit code; standard output goes to out_.
  int run(const std::string& arguments) {
    const std::string out = (dir_ / "out.txt").string();
    const std::string command = std::string(CATCHMENT_PROGRAM " check ")
                                    .append((dir_ / "city.gpkg").string())
                                    .append(" ")
                                    .append(arguments)
                                    .append(" > ")
                                    .append(out)
                                    .append(" 2>&1");
    const int status = std::system(command.c_str());
    out_ = read(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::int64_t count(const std::string& file, const std::string& table) {
    auto database = datasets::Database::open(dir_ / file, datasets::Database::Mode::read);
    auto statement = database.prepare("SELECT count(*) FROM " + table);
    return statement.step() ? statement.integer(0) : -1;
  }

  testing::TempDir dir_;
  std::string out_;
};

void open_gap(engine::Zone& zone) {
  if (zone.id == "Z0") zone.shape[0].shell[2].lon -= 50;  // 46 cm west: zone 0 no longer meets zone 1
}

TEST_F(CheckCommand, SoundCityExitsWithZero) {
  write_city([](engine::Zone&) {});
  EXPECT_EQ(run(""), 0) << out_;
  EXPECT_NE(out_.find("sound"), std::string::npos);
}

TEST_F(CheckCommand, GapExitsWithOneAndNamesZonesInChinese) {
  write_city(open_gap);
  EXPECT_EQ(run("--layer primary/2024"), 1) << out_;
  EXPECT_NE(out_.find("sliver_gap: 1 (error)"), std::string::npos) << out_;
  EXPECT_NE(out_.find("Z0 桐柏路小学片区0"), std::string::npos) << out_;
  EXPECT_NE(out_.find("in no zone 1"), std::string::npos) << out_;
}

TEST_F(CheckCommand, JsonHoldsEveryFinding) {
  write_city(open_gap);
  EXPECT_EQ(run("--json " + (dir_ / "report.json").string()), 1);
  const auto report = nlohmann::json::parse(read(dir_ / "report.json"));
  EXPECT_FALSE(report.at("sound"));
  const auto& layer = report.at("layers").at(0);
  EXPECT_EQ(layer.at("layer"), "primary/2024/general");
  EXPECT_EQ(layer.at("shapes").at(0).at("kind"), "sliver_gap");
  EXPECT_EQ(layer.at("addresses").at("no_zone"), 1);
}

TEST_F(CheckCommand, ZZ6SchoolWithoutZoneIsAnError) {
  write_city([](engine::Zone& zone) {
    if (zone.id == "Z4") zone.school_ids = {"S3"};
  });
  EXPECT_EQ(run(""), 1);
  EXPECT_NE(out_.find("school_without_zone: 1 (error)"), std::string::npos) << out_;
}

TEST_F(CheckCommand, FindingsAreAGeoPackage) {
  write_city(open_gap);
  EXPECT_EQ(run("--findings " + (dir_ / "findings.gpkg").string()), 1);
  EXPECT_GE(count("findings.gpkg", "finding_point"), 2);  // the gap and the address in it
  EXPECT_EQ(count("findings.gpkg", "finding_area"), 1);
  EXPECT_EQ(count("findings.gpkg", "gpkg_geometry_columns"), 3);
}

TEST_F(CheckCommand, RepairIsAProposalWithEveryAddressThatChangesZone) {
  write_city(open_gap);
  const std::string before = read(dir_ / "city.gpkg");
  EXPECT_EQ(run("--repair " + (dir_ / "repair.gpkg").string()), 1);
  EXPECT_EQ(read(dir_ / "city.gpkg"), before);
  EXPECT_GE(count("repair.gpkg", "zone_after"), 1);
  EXPECT_EQ(count("repair.gpkg", "zone_before"), count("repair.gpkg", "zone_after"));
  EXPECT_EQ(count("repair.gpkg", "moved_address"), 1);
  EXPECT_NE(out_.find("A1 桐柏路1号: none -> Z"), std::string::npos) << out_;
}

TEST_F(CheckCommand, UnknownLayerIsBadInput) {
  write_city([](engine::Zone&) {});
  EXPECT_EQ(run("--layer junior/1999"), 2);
}

TEST_F(CheckCommand, PackageWithNothingToCheckIsNotCalledSound) {
  datasets::PackageWriter(dir_ / "city.gpkg", datasets::PackageWriter::Start::empty).commit();
  EXPECT_EQ(run(""), 2) << out_;
}

TEST_F(CheckCommand, UnitsMustFitAsZonesMust) {
  write_city([](engine::Zone&) {});
  datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::from_existing);
  writer.add(engine::Unit{"U1", "", "", {{{at(0, 0), at(1, 0), at(1, 1), at(0, 1)}, {}}}});
  writer.add(engine::Unit{"U2", "", "", {{{at(0.9, 0), at(2, 0), at(2, 1), at(0.9, 1)}, {}}}});
  writer.commit();
  EXPECT_EQ(run(""), 1) << out_;
  EXPECT_NE(out_.find("unit: 2 zones"), std::string::npos) << out_;
  EXPECT_NE(out_.find("overlap: 1 (error)"), std::string::npos) << out_;
}

}  // namespace
}  // namespace catchment
