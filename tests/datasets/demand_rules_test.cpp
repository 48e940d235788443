// The rules file of demand. Serves ZZ24, CQ1, GY10 (entry age), ZZ50, CQ33 (class caps), CQ29, CQ49 (warning levels).
#include "datasets/demand_rules.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;
using engine::Stage;
using engine::demand::DemandRules;

const std::string kFolder = CATCHMENT_SOURCE_DIR "/datasets/policy/";

std::string file_text(const std::string& name) {
  std::ifstream in(kFolder + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
json example() { return json::parse(file_text("demand_rules.json")); }

std::string error_of(const std::string& text) {
  try {
    parse_demand_rules(text, "r.json");
  } catch (const InputError& error) {
    return error.code + " " + error.where;
  }
  return "none";
}

// The example with one value put in its place.
std::string error_with(const char* pointer, const json& value) {
  json rules = example();
  rules[Pointer(pointer)] = value;
  return error_of(rules.dump());
}

TEST(DemandRules, TheExampleIsReadWhole) {
  const DemandRules rules = load_demand_rules(kFolder + "demand_rules.json");
  EXPECT_EQ(rules.age, (engine::demand::AgeRule{6, 8, 31}));
  ASSERT_EQ(rules.stages.size(), 2u);
  EXPECT_EQ(rules.find(Stage::primary)->class_cap, 45);
  EXPECT_EQ(rules.find(Stage::junior)->class_cap, 50);
  EXPECT_EQ(rules.find(Stage::junior)->first_grade, 7);
  EXPECT_EQ(rules.find(Stage::junior)->oversized_from, 56);
  EXPECT_EQ(rules.find(Stage::junior)->severe_from, 66);
  EXPECT_EQ(rules.find(Stage::primary)->clause.find("ZZ50"), 0u);
  ASSERT_EQ(rules.shortage.size(), 3u);
  EXPECT_EQ(rules.shortage[0], (engine::demand::WarningLevel{"red", "红色预警", 1.1, 0.5}));
  EXPECT_EQ(rules.shortage[2].pressure, 0.95);
  EXPECT_EQ(rules.under_use_years, 3);
  EXPECT_EQ(rules.occupancy.size(), 6u);
  EXPECT_EQ(rules.persons_per_dwelling, 2.62);
}

// Every value that the example has is what the reader gives: none is the program's.
TEST(DemandRules, EveryFigureIsTheFiles) {
  json rules = example();
  rules["age"] = {{"entry_age", 7}, {"cutoff_month", 2}, {"cutoff_day", 29}, {"sources", rules["age"]["sources"]}};
  json& stage = rules["stages"][0];
  stage["last_grade"] = 5;
  stage["class_cap"] = 33;
  stage["oversized_from"] = 40;
  stage["severe_from"] = 41;
  stage["smallest_class"] = 9;
  stage["mid_year_buffer"] = 0.04;
  rules["stages"][1]["first_grade"] = 6;
  rules["shortage"]["levels"] = {{{"id", "x"}, {"name", "y"}, {"pressure", 2}, {"probability", 1}}};
  rules["under_use"]["pressure"] = 0.1;
  rules["under_use"]["probability"] = 0.2;
  rules["under_use"]["years"] = 4;
  rules["housing"]["seats_per_thousand"] = 41.5;
  rules["housing"]["persons_per_dwelling"] = 3;
  rules["housing"]["occupancy"] = {0, 1};
  const DemandRules read = parse_demand_rules(rules.dump(), "r.json");
  EXPECT_EQ(read.age, (engine::demand::AgeRule{7, 2, 29}));
  engine::demand::StageRule wanted{Stage::primary, 1, 5, 33, 40, 41, 9, 0.04, read.stages[0].clause};
  EXPECT_EQ(read.stages[0], wanted);
  EXPECT_EQ(read.stages[1].first_grade, 6);
  EXPECT_EQ(read.shortage, (std::vector<engine::demand::WarningLevel>{{"x", "y", 2, 1}}));
  EXPECT_EQ(read.under_use_pressure, 0.1);
  EXPECT_EQ(read.under_use_probability, 0.2);
  EXPECT_EQ(read.under_use_years, 4);
  EXPECT_EQ(read.seats_per_thousand, 41.5);
  EXPECT_EQ(read.persons_per_dwelling, 3);
  EXPECT_EQ(read.occupancy, (std::vector<double>{0, 1}));
}

TEST(DemandRules, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(error_of(example().dump()), "none");
  EXPECT_EQ(error_of("{"), "rules_json r.json");
  EXPECT_EQ(error_of("[]"), "rules_type r.json#");
  EXPECT_EQ(error_of(std::string(100000, '[')), "rules_json r.json");
  EXPECT_EQ(error_of(R"({"age":{"entry_age":6,"entry_age":7}})"), "rules_json r.json") << "twice";
  EXPECT_EQ(error_with("/colour", 1), "rules_key r.json#");
  EXPECT_EQ(error_with("/stages/0/cap", 1), "rules_key r.json#/stages/0");
  EXPECT_EQ(error_with("/age/entry_age", "6"), "rules_type r.json#/age/entry_age");
  EXPECT_EQ(error_with("/age/entry_age", 6.5), "rules_type r.json#/age/entry_age");
  EXPECT_EQ(error_with("/stages/0/class_cap", 18446744073709551615u), "rules_value r.json#/stages/0/class_cap");
  EXPECT_EQ(error_with("/stages", json::object()), "rules_type r.json#/stages");
  EXPECT_EQ(error_with("/stages", json::array()), "rules_value r.json#/stages");
  EXPECT_EQ(error_with("/stages/0/stage", "nursery"), "rules_value r.json#/stages/0/stage");
  EXPECT_EQ(error_with("/shortage/levels/0/name", ""), "rules_value r.json#/shortage/levels/0/name");
  EXPECT_THROW(load_demand_rules(kFolder + "no_such_file.json"), InputError);
}

TEST(DemandRules, DatesThatDoNotExistAreRefused) {
  EXPECT_EQ(error_with("/age/cutoff_month", 13), "rules_value r.json#/age/cutoff_month");
  EXPECT_EQ(error_with("/age/cutoff_month", 9), "rules_value r.json#/age/cutoff_day") << "31 September";
  EXPECT_EQ(error_with("/age/cutoff_month", 7), "none");
}

TEST(DemandRules, ThresholdsOutOfOrderAreRefused) {
  EXPECT_EQ(error_with("/shortage/levels/1/pressure", 1.2), "rules_value r.json#/shortage/levels/1/pressure");
  EXPECT_EQ(error_with("/shortage/levels/1/probability", 0.6), "rules_value r.json#/shortage/levels/1/probability");
  EXPECT_EQ(error_with("/shortage/levels/1/pressure", 1.1), "rules_value r.json#/shortage/levels/1/pressure");
  EXPECT_EQ(error_with("/shortage/levels/1/id", "red"), "rules_value r.json#/shortage/levels/1/id");
  EXPECT_EQ(error_with("/under_use/pressure", 0.95), "rules_value r.json#/under_use/pressure");
  EXPECT_EQ(error_with("/stages/0/oversized_from", 45), "rules_value r.json#/stages/0/oversized_from");
  EXPECT_EQ(error_with("/stages/0/severe_from", 56), "rules_value r.json#/stages/0/severe_from");
  EXPECT_EQ(error_with("/stages/0/smallest_class", 46), "rules_value r.json#/stages/0/smallest_class");
  EXPECT_EQ(error_with("/stages/1/last_grade", 6), "rules_value r.json#/stages/1/last_grade");
  EXPECT_EQ(error_with("/stages/1/first_grade", 6), "rules_value r.json#/stages/1/first_grade");
  EXPECT_EQ(error_with("/stages/1/stage", "primary"), "rules_value r.json#/stages/1/stage");
  EXPECT_EQ(error_with("/housing/occupancy/2", 0.5), "rules_value r.json#/housing/occupancy/2");
}

TEST(DemandRules, SharesAndProbabilitiesLieBetween0And1) {
  EXPECT_EQ(error_with("/shortage/levels/0/probability", 1.01), "rules_value r.json#/shortage/levels/0/probability");
  EXPECT_EQ(error_with("/shortage/levels/2/probability", -0.1), "rules_value r.json#/shortage/levels/2/probability");
  EXPECT_EQ(error_with("/shortage/levels/2/probability", 0), "rules_value r.json#/shortage/levels/2/probability")
      << "0 would warn always";
  EXPECT_EQ(error_with("/under_use/probability", 2), "rules_value r.json#/under_use/probability");
  EXPECT_EQ(error_with("/stages/0/mid_year_buffer", 1), "rules_value r.json#/stages/0/mid_year_buffer");
  EXPECT_EQ(error_with("/housing/occupancy/0", -0.1), "rules_value r.json#/housing/occupancy/0");
  EXPECT_EQ(error_with("/under_use/years", 0), "rules_value r.json#/under_use/years");
}

TEST(DemandRules, SourcesNameFiguresBesideThem) {
  EXPECT_EQ(error_with("/stages/0/sources/0/of/0", "cap"), "rules_value r.json#/stages/0/sources/0/of/0");
  EXPECT_EQ(error_with("/stages/0/sources/0/basis", "hearsay"), "rules_value r.json#/stages/0/sources/0/basis");
  EXPECT_EQ(error_with("/age/sources", json::array()), "rules_value r.json#/age/sources");
}

TEST(DemandRules, EveryFigureOfTheExampleHasASource) {
  const std::function<void(const json&, const std::string&)> check = [&](const json& object, const std::string& where) {
    std::set<std::string> told;
    for (const json& source : object.at("sources")) {
      for (const json& member : source.at("of")) told.insert(member.get<std::string>());
    }
    for (const auto& [key, value] : object.items()) {
      if (key != "sources" && key != "stage") {
        EXPECT_TRUE(told.contains(key)) << where << "/" << key;
      }
    }
  };
  const json rules = example();
  for (const char* part : {"age", "shortage", "under_use", "housing"}) check(rules.at(part), part);
  for (const json& stage : rules.at("stages")) check(stage, "stages");
}

// Walks the schema and the example together: what the schema asks for the reader misses, what it does not know the
// reader refuses, and its bounds are the reader's.
class SchemaWalk {
 public:
  void object(json schema, const std::string& at) {
    schema = resolved(schema);
    ASSERT_EQ(schema.at("additionalProperties"), false) << at;
    for (const json& key : schema.at("required")) {
      json rules = rules_;
      rules[Pointer(at)].erase(key.get<std::string>());
      EXPECT_EQ(error_of(rules.dump()), "rules_key r.json#" + at) << key;
      ++checked;
    }
    EXPECT_EQ(error_with((at + "/unknown").c_str(), 1), "rules_key r.json#" + at);
    for (const auto& [key, unused] : rules_[Pointer(at)].items()) EXPECT_TRUE(schema.at("properties").contains(key));
    for (const auto& [key, member] : schema.at("properties").items()) value(resolved(member), at + "/" + key);
  }
  int checked = 0;

 private:
  json resolved(const json& schema) const {
    if (!schema.contains("$ref")) return schema;
    return schema_[Pointer(schema.at("$ref").get<std::string>().substr(1))];
  }
  void value(const json& schema, const std::string& at) {
    if (!schema.contains("type")) return;
    if (schema.at("type") == "object") return object(schema, at);
    if (schema.at("type") == "array") return value(resolved(schema.at("items")), at + "/0");
    for (const auto& [bound, beyond] : {std::pair("minimum", -1), {"maximum", 1}}) {
      if (!schema.contains(bound)) continue;
      EXPECT_EQ(error_with(at.c_str(), schema.at(bound).get<int>() + beyond), "rules_value r.json#" + at);
      ++checked;
    }
    for (const char* bound : {"exclusiveMinimum", "exclusiveMaximum"}) {
      if (schema.contains(bound)) {
        EXPECT_EQ(error_with(at.c_str(), schema.at(bound)), "rules_value r.json#" + at);
      }
    }
    EXPECT_EQ(error_with(at.c_str(), json::object()), "rules_type r.json#" + at);
  }

  const json schema_ = json::parse(file_text("demand_rules.schema.json"));
  const json rules_ = example();
};

TEST(DemandRules, SchemaAndReaderAgree) {
  SchemaWalk walk;
  walk.object(json::parse(file_text("demand_rules.schema.json")), "");
  EXPECT_GT(walk.checked, 50);
}

}  // namespace
}  // namespace catchment::datasets
