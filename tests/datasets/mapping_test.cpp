#include "datasets/importer/mapping.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "datasets/importer/evaluate.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

std::string error_of(const std::string& json, const Variables& variables = {}) {
  try {
    parse_mapping(json, "m.json", variables);
  } catch (const InputError& error) {
    return error.code + " " + error.where;
  }
  return "none";
}

std::string unit_with(const std::string& value) {
  return R"({"targets":[{"table":"unit","geometry":"none","columns":{"id":)" + value + "}}]}";
}

// The id a unit gets from one source row with the fields a, b, c.
std::string evaluated(const std::string& value, std::string_view a, std::string_view b = "", std::string_view c = "") {
  const Mapping mapping = parse_mapping(unit_with(value), "m.json");
  std::vector<std::string_view> fields;
  for (const std::string& name : mapping.fields) fields.push_back(name == "a" ? a : name == "b" ? b : c);
  Evaluator evaluator;
  evaluator.begin({fields, 7, 99});
  try {
    return std::string(evaluator.text(*mapping.targets.at(0).columns.at(0)));
  } catch (const RowProblem& problem) {
    return "!" + problem.code;
  }
}

TEST(Mapping, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(error_of("{"), "mapping_json m.json");
  EXPECT_EQ(error_of("[]"), "mapping_type m.json#");
  EXPECT_EQ(error_of("{}"), "mapping_key m.json#");
  EXPECT_EQ(error_of(R"({"targets":[]})"), "mapping_type m.json#/targets");
  EXPECT_EQ(error_of(R"({"targets":[{"table":"zones","columns":{}}]})"), "mapping_value m.json#/targets/0/table");
  EXPECT_EQ(error_of(R"({"targets":[{"table":"unit","columns":{"ID":"a"}}]})"),
            "mapping_key m.json#/targets/0/columns");
  EXPECT_EQ(error_of(R"({"targets":[{"table":"unit","columns":{"name":"a"}}]})"),
            "mapping_key m.json#/targets/0/columns");
  EXPECT_EQ(error_of(unit_with("7")), "mapping_type m.json#/targets/0/columns/id");
  EXPECT_EQ(error_of(unit_with(R"({"feild":"a"})")), "mapping_key m.json#/targets/0/columns/id");
  EXPECT_EQ(error_of(unit_with(R"({"field":"a","constant":1})")), "mapping_key m.json#/targets/0/columns/id");
  EXPECT_EQ(error_of(unit_with(R"({"template":"{a"})")), "mapping_value m.json#/targets/0/columns/id/template");
  EXPECT_EQ(error_of(unit_with(R"({"field":"a","replace":[["",""]]})")),
            "mapping_value m.json#/targets/0/columns/id/replace/0");
  EXPECT_EQ(error_of(R"({"targets":[{"table":"zone","geometry":"centroid","columns":{}}]})"),
            "mapping_value m.json#/targets/0/geometry");
  EXPECT_EQ(error_of(R"({"targets":[{"table":"campus","geometry":"none","columns":{}}]})"),
            "mapping_value m.json#/targets/0");
}

TEST(Mapping, ABombOfBracketsIsRefused) { EXPECT_EQ(error_of(std::string(1000000, '[')), "mapping_json m.json"); }

TEST(Mapping, VariablesMustBeGivenAndKnown) {
  const std::string json = R"({"variables":["f"],"targets":[{"table":"unit","columns":{"id":"{f}_ZONE"}}]})";
  EXPECT_EQ(parse_mapping(json, "m.json", {{"f", "ES"}}).fields, std::vector<std::string>{"ES_ZONE"});
  EXPECT_EQ(error_of(json), "mapping_variable m.json#/variables/0");
  EXPECT_EQ(error_of(json, {{"f", "1"}, {"g", "2"}}), "mapping_variable m.json#");
}

TEST(Mapping, ForEachMakesATargetOfEveryValue) {
  const Mapping mapping = parse_mapping(
      R"({"targets":[{"table":"unit_children","for_each":{"age":{"from":0,"to":17}},"columns":{"unit_id":"u",
          "year":{"constant":2014},"age":{"constant":"{age}"},"children":{"sum":["{age}歲-男","{age}歲-女"]}}}]})",
      "m.json");
  EXPECT_EQ(mapping.targets.size(), 18u);
  EXPECT_EQ(mapping.fields.size(), 37u);
  EXPECT_EQ(mapping.fields.back(), "17歲-女");
}

TEST(Evaluate, ValuesAreMadeInTheDocumentedOrder) {
  EXPECT_EQ(evaluated(R"("a")", " 二七区　"), "二七区");
  EXPECT_EQ(evaluated(R"({"constant":2024})", ""), "2024");
  EXPECT_EQ(evaluated(R"({"template":"{a} {b}{c}"})", "铭功路", "83", "A"), "铭功路 83A");
  EXPECT_EQ(evaluated(R"({"template":"n{a}"})", ""), "");
  EXPECT_EQ(evaluated(R"({"first_of":["a","b"]})", "", "x"), "x");
  EXPECT_EQ(evaluated(R"({"sum":["a","b"]})", "3", "4"), "7");
  EXPECT_EQ(evaluated(R"({"sum":["a","b"]})", "", ""), "");
  EXPECT_EQ(evaluated(R"({"sum":["a","b"]})", "3", "x"), "!not_a_number");
  EXPECT_EQ(evaluated(R"({"row":true})", ""), "7");
  EXPECT_EQ(evaluated(R"({"fid":true})", ""), "99");
  EXPECT_EQ(evaluated(R"({"field":"a","replace":[["臺南市",""],[" ",""]]})", "臺南市東 區"), "東區");
  EXPECT_EQ(evaluated(R"({"field":"a","map":{"国小":"primary"}})", "国小"), "primary");
  EXPECT_EQ(evaluated(R"({"field":"a","map":{"国小":"primary"}})", "国中"), "!value_unmapped");
  EXPECT_EQ(evaluated(R"({"field":"a","map":{"国小":"primary"},"otherwise":"junior"})", "国中"), "junior");
  EXPECT_EQ(evaluated(R"({"field":"a","add":1911})", "103"), "2014");
  EXPECT_EQ(evaluated(R"({"field":"a","default":"none"})", ""), "none");
  EXPECT_EQ(evaluated(R"("a")", "\xC3\xFA"), "!not_utf8");
}

TEST(Evaluate, ColumnsObeyTheirRules) {
  const Table& zone = *find_table("zone");
  const auto code = [&](const char* column, std::string_view text) -> std::string {
    try {
      checked_cell(zone.columns[column_index(zone, column)], text);
    } catch (const RowProblem& problem) {
      return problem.code;
    }
    return "ok";
  };
  EXPECT_EQ(code("id", "1"), "ok");
  EXPECT_EQ(code("id", ""), "value_missing");
  EXPECT_EQ(code("stage", "junior"), "ok");
  EXPECT_EQ(code("stage", "nursery"), "value_rule");
  EXPECT_EQ(code("school_year", "2024"), "ok");
  EXPECT_EQ(code("school_year", "2024.0"), "ok");
  EXPECT_EQ(code("school_year", "24"), "value_rule");
  EXPECT_EQ(code("school_year", "2024.5"), "value_rule");
  EXPECT_EQ(code("school_year", "nan"), "not_a_number");
  EXPECT_EQ(code("school_year", ""), "value_missing");
  EXPECT_EQ(code("kind", ""), "ok");  // "general"
  EXPECT_EQ(code("valid_from", "2024-02-30"), "value_rule");
  EXPECT_EQ(code("name", std::string(5000, 'x')), "value_long");
}

TEST(Mapping, ShippedMappingsAreSound) {
  const std::filesystem::path root = CATCHMENT_SOURCE_DIR;
  const Variables all{{"school_year", "2019"}, {"level", "ES"},     {"stage", "primary"},
                      {"id_field", "i"},       {"name_field", "n"}, {"year", "2014"}};
  int seen = 0;
  for (const char* folder : {"datasets/mappings", "tests/golden/mappings"}) {
    for (const auto& entry : std::filesystem::directory_iterator(root / folder)) {
      Variables variables = all;
      for (bool again = true; again;) {
        again = false;
        try {
          EXPECT_FALSE(load_mapping(entry.path(), variables).targets.empty());
        } catch (const InputError& error) {
          const std::string what = error.what();
          const std::size_t at = what.rfind("no variable ");
          ASSERT_TRUE(error.code == "mapping_variable" && at != std::string::npos) << what;
          variables.erase(what.substr(at + 12));
          again = true;
        }
      }
      ++seen;
    }
  }
  EXPECT_GT(seen, 10);
}

}  // namespace
}  // namespace catchment::datasets
