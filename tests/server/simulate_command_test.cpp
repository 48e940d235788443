// `catchment simulate` from outside, on a made-up city.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/household_classes.hpp"
#include "geo/input_error.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace run = catchment::testing;

class Simulate : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto made = run::run_catchment(dir_, "synth city.gpkg --seed 5 --schools 12 --addresses 2000");
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  auto simulate(const std::string& more) {
    return run::run_catchment(dir_, "simulate city.gpkg --draws 100 --horizon 3 " + more);
  }
  static std::string example() { return std::string(CATCHMENT_SOURCE_DIR) + "/datasets/policy/household_classes.json"; }

  run::TempDir dir_;
};

TEST_F(Simulate, EveryChildIsAccountedForAndTheBytesAreTheSameForAnyThreads) {
  const std::string more = "--households " + example() + " --json s.json --out units.csv ";
  const auto done = simulate(more + "--threads 1");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("turned away by their school"));
  const std::string text = run::read_file(dir_ / "s.json"), rows = run::read_file(dir_ / "units.csv");
  const json s = json::parse(text);
  const json& city = s["city"];
  EXPECT_NEAR(city["children"].get<double>(),
              city["admitted"].get<double>() + city["elsewhere"].get<double>() + city["unplaced"].get<double>(), 0.03);
  EXPECT_GT(city["children"].get<double>(), 100);
  EXPECT_EQ(s["households"].size(), 4u);
  double children = 0;
  for (const json& school : s["schools"]) children += school["children"].get<double>();
  EXPECT_NEAR(children, city["children"].get<double>(), 0.2);
  ASSERT_EQ(simulate(more + "--threads 3").exit_code, 0);
  EXPECT_EQ(run::read_file(dir_ / "s.json"), text);
  EXPECT_EQ(run::read_file(dir_ / "units.csv"), rows);
}

TEST_F(Simulate, WhatCannotBeIsRefusedAndNothingIsWritten) {
  EXPECT_EQ(simulate("--stage senior").exit_code, 2);
  EXPECT_EQ(simulate("--year 1999 --out u.csv").exit_code, 2);
  EXPECT_EQ(simulate("--out u.txt").exit_code, 2);
  run::write_file(dir_ / "h.json", R"({"classes": [{"id": "a", "name": "a", "share": 0.4, "tier": 1}]})");
  const auto done = simulate("--households h.json --out u.csv");
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("h.json#/classes"));
  EXPECT_FALSE(std::filesystem::exists(dir_ / "u.csv"));
}

TEST(HouseholdClasses, TheFileSaysEverythingAndNothingUnknown) {
  const auto code_of = [](std::string_view text) -> std::string {
    try {
      datasets::parse_household_classes(text, "h");
      return "";
    } catch (const InputError& error) {
      return error.code + " " + error.where;
    }
  };
  EXPECT_EQ(code_of(R"({"classes": [{"id": "a", "name": "n", "share": 1, "tier": 1}]})"), "");
  EXPECT_EQ(code_of(R"({"classes": [{"id": "a", "name": "n", "share": 1, "tier": 1}], "x": 1})"),
            "households_key h#");
  EXPECT_EQ(code_of(R"({"classes": [{"id": "a", "name": "n", "share": 1, "tier": 0}]})"),
            "households_value h#/classes/0/tier");
  EXPECT_EQ(code_of(R"({"classes": [{"id": "a", "name": "n", "share": 0.5, "tier": 1},
                                    {"id": "a", "name": "n", "share": 0.5, "tier": 1}]})"),
            "households_value h#/classes/1/id");
  EXPECT_EQ(code_of("[]"), "households_type h#");
}

}  // namespace
}  // namespace catchment
