#include "datasets/demand_scenario.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using Kind = engine::demand::ScenarioChange::Kind;
using nlohmann::json;

std::string error_of(const std::string& text) {
  try {
    parse_scenario(text, "s.json");
  } catch (const InputError& error) {
    return error.code + " " + error.where;
  }
  return "none";
}

// One change of each kind, with every member it may have.
json every_kind() {
  return json::parse(R"([
    {"change": "reassign_unit", "note": "n", "from_year": 2027, "unit": "u1", "school": "s1", "stage": "junior", "share": 0.25},
    {"change": "open_school", "note": "n", "from_year": 2028, "school": "s9", "stage": "primary", "district": "d1"},
    {"change": "close_school", "note": "n", "from_year": 2029, "school": "s2"},
    {"change": "merge_school", "note": "n", "from_year": 2030, "school": "s3", "into": "s4"},
    {"change": "delay_housing", "note": "n", "id": "h1", "completion_year": 2031},
    {"change": "add_housing", "note": "n", "id": "h2", "name": "新苑", "unit": "u2", "kind": "resettlement", "dwellings": 800,
     "completion_year": 2032}])");
}

TEST(DemandScenario, EveryKindOfChangeIsReadWhole) {
  const auto changes = parse_scenario(every_kind().dump(), "s.json");
  ASSERT_EQ(changes.size(), 6u);
  EXPECT_EQ(changes[0].kind, Kind::reassign_unit);
  EXPECT_EQ(changes[0].unit_id + changes[0].school_id, "u1s1");
  EXPECT_EQ(changes[0].stage, engine::Stage::junior);
  EXPECT_EQ(changes[0].share, 0.25);
  EXPECT_EQ(changes[0].from_year, 2027);
  EXPECT_EQ(changes[1].district_id, "d1");
  EXPECT_EQ(changes[2].kind, Kind::close_school);
  EXPECT_EQ(changes[3].school_id + changes[3].into_school_id, "s3s4");
  EXPECT_EQ(changes[4].housing.id, "h1");
  EXPECT_EQ(changes[4].housing.completion_year, 2031);
  EXPECT_EQ(changes[5].housing.dwellings, 800);
  EXPECT_EQ(changes[5].housing.kind, "resettlement");
  EXPECT_EQ(changes[5].housing.unit_id, "u2");
}

TEST(DemandScenario, AMemberThatIsNotOfItsKindOrLacksIsNamedByItsPlace) {
  const json good = every_kind();
  for (std::size_t i = 0; i < good.size(); ++i) {
    const std::string at = "s.json#/" + std::to_string(i);
    json strange = good;
    strange[i]["wish"] = 1;
    EXPECT_EQ(error_of(strange.dump()), "scenario_key " + at);
    for (const auto& [key, value] : good[i].items()) {
      if (key == "note" || key == "share" || key == "district" || key == "name") continue;
      json lacking = good;
      lacking[i].erase(key);
      EXPECT_EQ(error_of(lacking.dump()), "scenario_key " + at) << key;
      json wrong = good;
      wrong[i][key] = json::array();
      EXPECT_EQ(error_of(wrong.dump()), "scenario_type " + at + "/" + key);
    }
  }
}

TEST(DemandScenario, ValuesOutOfTheirRangeAreRefused) {
  const auto with = [](std::size_t i, const char* key, const json& value) {
    json changed = every_kind();
    changed[i][key] = value;
    return error_of(changed.dump());
  };
  EXPECT_EQ(with(0, "share", 0), "scenario_value s.json#/0/share");
  EXPECT_EQ(with(0, "share", 1.5), "scenario_value s.json#/0/share");
  EXPECT_EQ(with(0, "stage", "nursery"), "scenario_value s.json#/0/stage");
  EXPECT_EQ(with(2, "from_year", 20270), "scenario_value s.json#/2/from_year");
  EXPECT_EQ(with(2, "school", ""), "scenario_value s.json#/2/school");
  EXPECT_EQ(with(5, "dwellings", 0), "scenario_value s.json#/5/dwellings");
  EXPECT_EQ(with(5, "kind", "tent"), "scenario_value s.json#/5/kind");
  EXPECT_EQ(with(5, "change", "burn"), "scenario_value s.json#/5/change");
  EXPECT_EQ(error_of("[]"), "scenario_value s.json#");
  EXPECT_EQ(error_of("{}"), "scenario_type s.json#");
  EXPECT_EQ(error_of("[1]"), "scenario_type s.json#/0");
  EXPECT_EQ(error_of("[{]"), "scenario_json s.json");
  EXPECT_EQ(error_of(R"([{"change":"close_school","school":"a","school":"b","from_year":2027}])"),
            "scenario_json s.json");
}

// The published schema and the reader know the same kinds and members.
TEST(DemandScenario, TheSchemaSaysWhatTheReaderReads) {
  std::ifstream in(CATCHMENT_SOURCE_DIR "/datasets/policy/demand_scenario.schema.json", std::ios::binary);
  const json schema = json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
  const json& kinds = schema.at("items").at("oneOf");
  const json read = every_kind();
  ASSERT_EQ(kinds.size(), read.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(kinds[i].at("properties").at("change").at("const"), read[i].at("change"));
    EXPECT_EQ(kinds[i].at("properties").size(), read[i].size());
    for (const auto& [key, value] : read[i].items()) EXPECT_TRUE(kinds[i].at("properties").contains(key)) << key;
  }
}

TEST(DemandScenario, ThePlaceOfAChangeIsItsPointerInTheFile) {
  EXPECT_EQ(scenario_place("changes/2", "s.json"), "s.json#/2");
  EXPECT_EQ(scenario_place("horizon", "s.json"), "horizon");
}

}  // namespace
}  // namespace catchment::datasets
