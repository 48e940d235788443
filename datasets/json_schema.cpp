#include "datasets/json_schema.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "engine/policy/moment.hpp"

namespace catchment::datasets {
namespace {

using SchemaJson = nlohmann::ordered_json;

constexpr std::array kKeywords{
    "$schema",       "$ref",          "$defs",         "title",   "description",
    "type",          "enum",          "const",         "default", "properties",
    "required",      "propertyNames", "minProperties", "items",   "additionalProperties",
    "maxProperties", "minItems",      "minLength",     "pattern", "minimum",
    "maximum",       "format",
};
constexpr std::size_t kLongestPatternText = 200;  // std::regex recurses by character

bool has_type(const SchemaJson& json, const std::string& type) {
  if (type == "object") return json.is_object();
  if (type == "array") return json.is_array();
  if (type == "string") return json.is_string();
  if (type == "boolean") return json.is_boolean();
  if (type == "integer") return json.is_number_integer();
  return type == "number" && json.is_number();
}

bool has_format(const std::string& text, const std::string& format) {
  if (format == "day") return engine::policy::find_day(text).has_value();
  if (format == "moment") return engine::policy::find_moment(text).has_value();
  return format == "minute" && engine::policy::find_minute(text).has_value();
}

void check_number(const JsonNode& node, const SchemaJson& schema) {
  const bool low = schema.contains("minimum") && node.json < schema["minimum"];
  const bool high = schema.contains("maximum") && node.json > schema["maximum"];
  if (low) node.fail("value", "must be at least " + schema["minimum"].dump());
  if (high) node.fail("value", "must be at most " + schema["maximum"].dump());
}

std::string listed_words(const SchemaJson& words) {
  std::string out;
  for (const SchemaJson& word : words)
    out += (out.empty() ? "" : ", ") + (word.is_string() ? word.get<std::string>() : word.dump());
  return out;
}

bool is_one_of(const SchemaJson& json, const SchemaJson& words) {
  return std::ranges::find(words.begin(), words.end(), json) != words.end();
}

void check_names(const JsonNode& node, const SchemaJson& schema) {
  for (const auto& [key, value] : node.json.items()) {
    if (schema.contains("additionalProperties") && !schema["properties"].contains(key)) {
      node.fail("key", "unknown member " + key);
    }
    if (schema.contains("propertyNames") && !is_one_of(key, schema["propertyNames"]["enum"])) {
      node.fail("key", "unknown member " + key);
    }
  }
  if (schema.contains("required")) {
    for (const SchemaJson& key : schema["required"]) node.at(key.get<std::string>());
  }
  if (schema.contains("minProperties") && node.json.size() < schema["minProperties"]) {
    node.fail("value", "must not be empty");
  }
  if (schema.contains("maxProperties") && node.json.size() > schema["maxProperties"]) {
    node.fail("value", "must have at most " + schema["maxProperties"].dump() + " members");
  }
}

}  // namespace

JsonSchema::JsonSchema(std::string_view text) : root_(SchemaJson::parse(text)) { compile(root_); }

// What stands under properties and $defs is no keyword but a name.
void JsonSchema::compile(const SchemaJson& schema) {
  if (schema.contains("properties") && schema.value("additionalProperties", SchemaJson(true)) != false) {
    throw std::logic_error("schema of an object that does not refuse other members");
  }
  for (const auto& [key, value] : schema.items()) {
    if (std::ranges::find(kKeywords, key) == kKeywords.end()) throw std::logic_error("schema keyword " + key);
    if (key == "properties" || key == "$defs") {
      for (const auto& [name, inner] : value.items()) compile(inner);
    }
    if (key == "items" || key == "propertyNames") compile(value);
    if (key == "pattern") patterns_.try_emplace(value.get<std::string>(), value.get<std::string>());
  }
}

void JsonSchema::check_text(const JsonNode& node, const SchemaJson& schema) const {
  const auto text = node.json.get<std::string>();
  if (schema.contains("minLength") && text.size() < schema["minLength"]) node.fail("value", "must not be empty");
  if (schema.contains("format") && !has_format(text, schema["format"])) {
    node.fail("value", "\"" + text + "\" is no " + schema["format"].get<std::string>());
  }
  if (!schema.contains("pattern")) return;
  const auto pattern = schema["pattern"].get<std::string>();
  if (text.size() > kLongestPatternText || !std::regex_search(text, patterns_.at(pattern))) {
    node.fail("value", "\"" + text.substr(0, kLongestPatternText) + "\" is not as " + pattern);
  }
}

void JsonSchema::check(const JsonNode& node) const { check(node, root_); }

void JsonSchema::check(const JsonNode& node, const SchemaJson& schema) const {
  if (schema.contains("$ref")) {
    const auto ref = schema["$ref"].get<std::string>();
    check(node, root_.at(SchemaJson::json_pointer(ref.substr(1))));
  }
  if (schema.contains("type") && !has_type(node.json, schema["type"])) {
    node.fail("type", "must be of type " + schema["type"].get<std::string>());
  }
  if (schema.contains("const") && node.json != schema["const"]) node.fail("value", "must be " + schema["const"].dump());
  if (schema.contains("enum") && !is_one_of(node.json, schema["enum"])) {
    node.fail("value", "must be one of " + listed_words(schema["enum"]));
  }
  if (node.json.is_string()) check_text(node, schema);
  if (node.json.is_number()) check_number(node, schema);
  if (node.json.is_object()) {
    check_names(node, schema);
    if (!schema.contains("properties")) return;
    for (const auto& [key, value] : node.json.items()) check(node.at(key), schema["properties"].at(key));
  }
  if (node.json.is_array()) {
    if (schema.contains("minItems") && node.json.size() < schema["minItems"]) node.fail("value", "must not be empty");
    if (!schema.contains("items")) return;
    for (std::size_t i = 0; i < node.json.size(); ++i) check(node.at(i), schema["items"]);
  }
}

}  // namespace catchment::datasets
