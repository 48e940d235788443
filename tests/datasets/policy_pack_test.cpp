#include "datasets/policy_pack.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using Json = nlohmann::ordered_json;
namespace policy = engine::policy;

Json pack_schema() {
  std::ifstream in(CATCHMENT_SOURCE_DIR "/datasets/policy/pack.schema.json");
  return Json::parse(in);
}

std::string error_of(const Json& pack) {
  try {
    parse_policy_pack(pack.dump(), "p.json");
  } catch (const InputError& error) {
    return error.code + " " + error.where;
  }
  return "none";
}

// A pack of the schema's form with every member there is; of each enum the k-th word.
Json sample_of(const Json& root, const Json& schema, std::size_t k) {
  if (schema.contains("$ref")) {
    return sample_of(root, root.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))), k);
  }
  if (schema.contains("propertyNames")) return Json{{"!", {{"var", "rural"}}}};
  if (schema.contains("enum")) return schema["enum"].at(k % schema["enum"].size());
  const std::string type = schema.at("type");
  if (type == "boolean") return k % 2 == 0;
  if (type == "integer" || type == "number") return schema.value("minimum", 1);
  if (type == "array") return Json::array({sample_of(root, schema.at("items"), k)});
  if (type == "object") {
    Json out = Json::object();
    for (const auto& [key, inner] : schema.at("properties").items()) out[key] = sample_of(root, inner, k);
    return out;
  }
  const std::string format = schema.value("format", "");
  if (format == "day") return "2024-06-20";
  if (format == "moment") return k % 2 == 0 ? "2024-06-20" : "2024-06-20T24:00";
  if (format == "minute") return "24:00";
  const std::string pattern = schema.value("pattern", "");
  if (pattern.starts_with("^[A-Z]")) return "CQ1";
  return pattern.ends_with("{4}$") ? "place-2024" : "a1";
}

TEST(PolicyPack, EveryMemberAndWordOfTheSchemaIsRead) {
  const Json schema = pack_schema();
  for (std::size_t k = 0; k < 20; ++k) {
    const auto pack = parse_policy_pack(sample_of(schema, schema, k).dump(), "p.json");
    EXPECT_EQ(pack.id, "place-2024");
    EXPECT_EQ(pack.calendar.windows.at(0).span.opens.minute, k % 2 == 0 ? policy::Moment::kWholeDay : 1440);
    EXPECT_EQ(pack.categories.at(0).when.logic, R"({"!":{"var":"rural"}})");
    EXPECT_EQ(pack.phones.at(0).unit, "a1");
    EXPECT_FALSE(pack.citations.empty());
  }
}

// Adds a member to every object in turn, but for conditions.
void add_strange(Json& pack, Json& at, const std::string& pointer, int& objects) {
  if (at.is_array()) {
    for (std::size_t i = 0; i < at.size(); ++i) add_strange(pack, at[i], pointer + "/" + std::to_string(i), objects);
  }
  if (!at.is_object() || at.contains("!") || at.contains("var")) return;
  at["strange"] = 1;
  EXPECT_EQ(error_of(pack), "pack_key p.json#" + pointer);
  at.erase("strange");
  ++objects;
  for (auto& [key, inner] : at.items()) add_strange(pack, inner, pointer + "/" + key, objects);
}

TEST(PolicyPack, AnUnknownMemberOfAnyObjectIsRefusedByItsPlace) {
  const Json schema = pack_schema();
  Json pack = sample_of(schema, schema, 0);
  int objects = 0;
  add_strange(pack, pack, "", objects);
  EXPECT_GT(objects, 50);
}

TEST(PolicyPack, WhatLacksOrIsNoDayIsNamedByItsPlace) {
  const Json schema = pack_schema();
  const Json good = sample_of(schema, schema, 0);
  Json pack = good;
  pack["draws"][0].erase("clause");
  EXPECT_EQ(error_of(pack), "pack_key p.json#/draws/0");
  pack = good;
  pack["draws"][0]["on"] = "2023-02-29";
  EXPECT_EQ(error_of(pack), "pack_value p.json#/draws/0/on");
  pack = good;
  pack["levels"][0]["entry_grade"] = "1";
  EXPECT_EQ(error_of(pack), "pack_type p.json#/levels/0/entry_grade");
  pack = good;
  pack["bars"][0]["when"] = Json{{"launch", 1}};
  EXPECT_EQ(error_of(pack), "pack_key p.json#/bars/0/when");
  pack = good;
  pack["bars"][0]["refusal"] = "never";
  EXPECT_EQ(error_of(pack), "pack_value p.json#/bars/0/refusal");
}

TEST(PolicyPack, NoObjectOfTheSchemaTakesOtherMembers) {
  const Json schema = pack_schema();
  int objects = 0;
  const auto visit = [&](auto&& self, const Json& at) -> void {
    if (at.is_object() && at.contains("properties")) {
      EXPECT_EQ(at.value("additionalProperties", Json(true)), Json(false)) << at.dump();
      ++objects;
    }
    for (const auto& inner : at) {
      if (inner.is_structured()) self(self, inner);
    }
  };
  visit(visit, schema);
  EXPECT_GT(objects, 50);
}

}  // namespace
}  // namespace catchment::datasets
