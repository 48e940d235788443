// Districts that register one after the other (分批次, 错峰), in a whole season.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::ordered_json;
using ::testing::HasSubstr;
namespace run = catchment::testing;

constexpr const char* kPack = CATCHMENT_SOURCE_DIR "/datasets/policy/packs/guiyang-2024.json";

ordered_json batch(const std::string& district, const std::string& opens, const std::string& closes) {
  return {{"districts", {district}}, {"opens", opens}, {"closes", closes}, {"closes_inclusive", true}};
}

// Guiyang's pack with made-up districts and batches, of which it says nothing.
class SeasonBatches : public ::testing::Test {
 protected:
  void SetUp() override {
    write_pack(ordered_json::array({batch("north", "2024-06-13T12:00", "2024-06-14")}));
    ASSERT_EQ(run::run_catchment(dir_, "synth season s --children 600 --seed 3 --policy pack.json").exit_code, 0);
  }
  void write_pack(const ordered_json& batches) {
    ordered_json pack = ordered_json::parse(std::ifstream(kPack));
    pack["districts"] = ordered_json::array();
    for (const char* id : {"north", "south"}) pack["districts"].push_back({{"id", id}, {"name", id}});
    ordered_json& window = pack["calendar"]["windows"][0];
    window["batched"] = true, window["batches"] = batches;
    run::write_file(dir_ / "pack.json", pack.dump());
  }
  auto run_season() { return run::run_catchment(dir_, "season run s --policy pack.json -o out"); }

  run::TempDir dir_;
};

std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

// serves: CQ18 CQ20
TEST_F(SeasonBatches, EachDistrictRegistersInItsOwnDays) {
  const auto done = run_season();
  ASSERT_EQ(done.exit_code, 0) << done.err;
  std::map<std::string, std::string> district;
  for (const auto& child : rows_of(dir_ / "out/children.csv")) district[child[0]] = child[2];
  std::map<std::string, std::pair<std::string, std::string>> times;  // first and last registration
  for (const auto& event : rows_of(dir_ / "out/events.csv")) {
    if (event[2] != "register_online") continue;
    auto& [first, last] = times[district[event[3]]];
    if (first.empty() || event[1] < first) first = event[1];
    last = std::max(last, event[1]);
  }
  ASSERT_EQ(times.size(), 2u);
  EXPECT_GE(times["north"].first, "2024-06-13T12:00:00");
  EXPECT_LE(times["north"].second, "2024-06-14T23:59:59");
  EXPECT_LT(times["south"].first, "2024-06-13");
  EXPECT_GT(times["south"].second, "2024-06-15");  // no batch: the whole window
  EXPECT_THAT(run::read_file(dir_ / "out/run.txt"), HasSubstr("online of south"));
  EXPECT_EQ(run::run_catchment(dir_, "season check out").exit_code, 0);
}

TEST_F(SeasonBatches, ADistrictWithTwoBatchesIsRefused) {
  write_pack({batch("north", "2024-06-11", "2024-06-12"), batch("north", "2024-06-14", "2024-06-15")});
  const auto refused = run_season();
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("one batch a district, and north has two"));
  EXPECT_FALSE(std::filesystem::exists(dir_ / "out"));
}

}  // namespace
}  // namespace catchment
