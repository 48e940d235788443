#include "datasets/plan_scenario.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using namespace engine::planning;
using nlohmann::json;

std::string error_of(const std::string& text) {
  try {
    parse_plan_scenario(text, "s.json");
  } catch (const InputError& error) {
    return error.code + " " + error.where;
  }
  return "none";
}

// One change of each kind, with every member it may have; of those that shut each other out, the first.
json every_kind() {
  return json::parse(R"([
    {"change": "reassign_units", "note": "n", "phasing": {"move_grades": [2, 1], "siblings_until": 2029,
     "opt_in_until": "2027-06-30"}, "stage": "junior", "from_year": 2027, "units": ["u1", "u2"], "school": "s1"},
    {"change": "move_boundary", "note": "n", "phasing": {"sitting": "move"}, "stage": "primary", "from_year": 2027, "left": "s1",
     "right": "s2", "line": [[117.1234567, 39.1], [117.2, 39.2]], "split": true},
    {"change": "draw_polygon", "note": "n", "phasing": {"sitting": "stay"}, "stage": "primary", "from_year": 2027, "school": "s1",
     "polygon": [[117, 39], [117.1, 39], [117.1, 39.1], [117, 39]], "split": false},
    {"change": "split_unit", "note": "n", "unit": "u1", "line": [[117, 39], [117.1, 39]]},
    {"change": "merge_units", "note": "n", "units": ["u1", "u2"], "id": "u12"},
    {"change": "open_school", "note": "n", "school": "s9", "name": "新校", "stages": ["primary", "junior"], "from_year": 2028,
     "gates": [[117, 39]], "rooms": 24},
    {"change": "close_school", "note": "n", "school": "s2", "from_year": 2029, "units_to": "s3"},
    {"change": "merge_school", "note": "n", "school": "s3", "into": "s4", "from_year": 2030},
    {"change": "move_school", "note": "n", "school": "s3", "campus": "c3", "gates": [[117, 39], [117.1, 39]]},
    {"change": "change_rooms", "note": "n", "campus": "c1", "from_year": 2027, "rooms": 30},
    {"change": "change_class_cap", "note": "n", "school": "s1", "stage": "primary", "from_year": 2027, "until": "2028-08-31",
     "class_cap": 50, "reason": "r", "approved_by": "a"},
    {"change": "change_grades", "note": "n", "school": "s1", "stage": "junior", "from_year": 2027, "first_grade": 7,
     "last_grade": 8},
    {"change": "add_housing", "note": "n", "id": "h2", "name": "新苑", "unit": "u2", "kind": "resettlement", "dwellings": 800,
     "completion_year": 2032},
    {"change": "delay_housing", "note": "n", "id": "h1", "completion_year": 2031},
    {"change": "declare_zone", "note": "n", "phasing": {}, "kind": "transition", "stage": "primary", "from_year": 2027,
     "to_year": 2029, "units": ["u1"], "schools": ["s1", "s2"], "then": "s2"},
    {"change": "lock_units", "note": "n", "units": ["u1"], "reason": "r", "owner": "o"},
    {"change": "unlock_units", "note": "n", "units": ["u1"]}])");
}

const std::set<std::string> kOptional{"note", "phasing", "split", "line", "id", "name", "units_to", "campus", "then"};

bool optional(const json& change, const std::string& key) {
  if (change["change"] == "add_housing" || change["change"] == "delay_housing") return key == "note" || key == "name";
  if (change["change"] == "move_boundary" && key == "line") return false;
  if (change["change"] == "change_rooms" && key == "campus") return false;
  return kOptional.contains(key);
}

TEST(PlanScenario, EveryKindOfChangeIsReadWhole) {
  const auto changes = parse_plan_scenario(every_kind().dump(), "s.json");
  ASSERT_EQ(changes.size(), change_words().size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    EXPECT_EQ(changes[i].body.index(), i);
    EXPECT_EQ(changes[i].note, "n");
  }
  const auto& reassign = std::get<ReassignUnits>(changes[0].body);
  EXPECT_EQ(reassign.units, (std::vector<std::string>{"u1", "u2"}));
  EXPECT_EQ(reassign.stage, engine::Stage::junior);
  EXPECT_EQ(changes[0].phasing, (Phasing{true, {1, 2}, 2029, "2027-06-30"}));
  EXPECT_FALSE(changes[1].phasing.sitting_stay);
  EXPECT_EQ(std::get<MoveBoundary>(changes[1].body).line.front(), (geo::Point{1'171'234'567, 391'000'000}));
  EXPECT_TRUE(std::get<MoveBoundary>(changes[1].body).split);
  EXPECT_EQ(std::get<DrawPolygon>(changes[2].body).ring.size(), 3u);  // the last point is the first again
  EXPECT_FALSE(std::get<SplitUnit>(changes[3].body).closed);
  EXPECT_EQ(std::get<OpenSchool>(changes[5].body).stages.size(), 2u);
  EXPECT_EQ(std::get<CloseSchool>(changes[6].body).units_to, "s3");
  EXPECT_FALSE(changes[6].phasing.sitting_stay);  // nobody stays in a school that ends
  EXPECT_EQ(std::get<ChangeClassCap>(changes[10].body).until, "2028-08-31");
  EXPECT_EQ(std::get<AddHousing>(changes[12].body).project.dwellings, 800);
  EXPECT_EQ(std::get<DeclareZone>(changes[14].body).to_year, 2029);
  EXPECT_EQ(std::get<LockUnits>(changes[15].body).lock, (UnitLock{"r", "o"}));
}

TEST(PlanScenario, AMemberThatIsNotOfItsKindOrLacksIsNamedByItsPlace) {
  const json good = every_kind();
  for (std::size_t i = 0; i < good.size(); ++i) {
    const std::string at = "s.json#/" + std::to_string(i);
    json strange = good;
    strange[i]["wish"] = 1;
    EXPECT_EQ(error_of(strange.dump()), "scenario_key " + at);
    for (const auto& [key, value] : good[i].items()) {
      json wrong = good;
      wrong[i][key] = value.is_array() ? json(1) : json::array();
      EXPECT_EQ(error_of(wrong.dump()), "scenario_type " + at + "/" + key);
      json lacking = good;
      lacking[i].erase(key);
      const bool needed = !optional(good[i], key) || (good[i]["change"] == "split_unit" && key == "line");
      EXPECT_EQ(error_of(lacking.dump()), needed ? "scenario_key " + at : "none") << key;
    }
  }
}

TEST(PlanScenario, ValuesOutOfTheirRangeAreRefused) {
  const auto with = [](std::size_t i, const char* pointer, const json& value) {
    json changed = every_kind();
    changed[i][json::json_pointer(pointer)] = value;
    return error_of(changed.dump());
  };
  EXPECT_EQ(with(0, "/units", json::array()), "scenario_value s.json#/0/units");
  EXPECT_EQ(with(0, "/units/1", ""), "scenario_value s.json#/0/units/1");
  EXPECT_EQ(with(0, "/stage", "nursery"), "scenario_value s.json#/0/stage");
  EXPECT_EQ(with(0, "/from_year", 1), "scenario_value s.json#/0/from_year");
  EXPECT_EQ(with(0, "/phasing/sitting", "go"), "scenario_value s.json#/0/phasing/sitting");
  EXPECT_EQ(with(0, "/phasing/sitting", "move"), "scenario_value s.json#/0/phasing/move_grades");
  EXPECT_EQ(with(0, "/phasing/move_grades", {1, 1}), "scenario_value s.json#/0/phasing/move_grades");
  EXPECT_EQ(with(0, "/phasing/opt_in_until", "2027-13-01"), "scenario_value s.json#/0/phasing/opt_in_until");
  EXPECT_EQ(with(0, "/phasing/wish", 1), "scenario_key s.json#/0/phasing");
  EXPECT_EQ(with(1, "/line/0/0", 181), "scenario_value s.json#/1/line/0/0");
  EXPECT_EQ(with(1, "/line/0", {1, 2, 3}), "scenario_value s.json#/1/line/0");
  EXPECT_EQ(with(1, "/line", {{117, 39}}), "scenario_value s.json#/1/line");
  EXPECT_EQ(with(1, "/split", 1), "scenario_type s.json#/1/split");
  EXPECT_EQ(with(2, "/polygon", {{117, 39}, {117, 40}, {117, 39}}), "scenario_value s.json#/2/polygon");
  EXPECT_EQ(with(3, "/polygon", {{117, 39}, {117, 40}, {118, 39}}), "scenario_key s.json#/3");  // beside a line
  EXPECT_EQ(with(5, "/stages/1", "primary"), "scenario_value s.json#/5/stages/1");
  EXPECT_EQ(with(10, "/until", "soon"), "scenario_value s.json#/10/until");
  EXPECT_EQ(with(14, "/kind", "shared"), "scenario_key s.json#/14");  // has no end
  EXPECT_EQ(with(12, "/kind", "tent"), "scenario_value s.json#/12/kind");
  EXPECT_EQ(with(7, "/change", "burn"), "scenario_value s.json#/7/change");
  EXPECT_EQ(error_of("[]"), "scenario_value s.json#");
  EXPECT_EQ(error_of("{}"), "scenario_type s.json#");
  EXPECT_EQ(error_of("[{]"), "scenario_json s.json");
  EXPECT_EQ(error_of(std::string("[]\0[]", 5)), "scenario_json s.json");
}

// The published schema and the reader know the same kinds and members.
TEST(PlanScenario, TheSchemaSaysWhatTheReaderReads) {
  std::ifstream in(CATCHMENT_SOURCE_DIR "/datasets/policy/plan_scenario.schema.json", std::ios::binary);
  const json schema = json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
  const json& kinds = schema.at("items").at("oneOf");
  json read = every_kind();
  read[3]["polygon"] = json::array();
  ASSERT_EQ(kinds.size(), read.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(kinds[i].at("properties").at("change").at("const"), read[i].at("change"));
    EXPECT_EQ(kinds[i].at("additionalProperties"), false);
    EXPECT_EQ(kinds[i].at("properties").size(), read[i].size()) << read[i];
    for (const auto& [key, value] : read[i].items()) {
      EXPECT_TRUE(kinds[i].at("properties").contains(key)) << key;
      const auto& required = kinds[i].at("required");
      const bool needed = std::find(required.begin(), required.end(), key) != required.end();
      const bool by_case = key == "to_year" || key == "polygon" || (read[i]["change"] == "split_unit" && key == "line");
      EXPECT_TRUE(by_case || needed != optional(read[i], key)) << read[i]["change"] << " " << key;
    }
  }
  EXPECT_EQ(schema["$defs"]["phasing"]["properties"].size(), 4u);
}

TEST(PlanScenario, ThePlaceOfAChangeIsItsPointerInTheFile) {
  EXPECT_EQ(plan_scenario_place("changes/2/units/0", "s.json"), "s.json#/2/units/0");
  EXPECT_EQ(plan_scenario_place("plan", "s.json"), "plan");
}

}  // namespace
}  // namespace catchment::datasets
