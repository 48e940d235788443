#include "datasets/json_schema.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <regex>
#include <stdexcept>
#include <vector>

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

std::string listed_words(const SchemaJson& words) {
  std::string out;
  for (const SchemaJson& word : words)
    out += (out.empty() ? "" : ", ") + (word.is_string() ? word.get<std::string>() : word.dump());
  return out;
}

bool is_one_of(const SchemaJson& json, const SchemaJson& words) {
  return std::ranges::find(words.begin(), words.end(), json) != words.end();
}

// Null for a keyword that is not there.
const SchemaJson* find_keyword(const SchemaJson& schema, const char* keyword) {
  const auto found = schema.find(keyword);
  return found == schema.end() ? nullptr : &*found;
}

std::size_t size_of_keyword(const SchemaJson& schema, const char* keyword, std::size_t otherwise) {
  const SchemaJson* found = find_keyword(schema, keyword);
  return found == nullptr ? otherwise : found->get<std::size_t>();
}

std::string text_of_keyword(const SchemaJson& schema, const char* keyword) {
  const SchemaJson* found = find_keyword(schema, keyword);
  return found == nullptr ? std::string() : found->get<std::string>();
}

}  // namespace

struct JsonSchema::Rule {
  const Rule* same = nullptr;  // of $ref
  std::string type, format, pattern;
  std::optional<std::regex> pattern_regex;
  const SchemaJson *constant = nullptr, *words = nullptr, *names = nullptr, *least = nullptr, *most = nullptr;
  std::size_t min_length = 0, min_items = 0, min_properties = 0;
  std::size_t max_properties = std::numeric_limits<std::size_t>::max();
  bool has_properties = false, closed = false;
  std::map<std::string, const Rule*, std::less<>> properties;
  std::vector<std::string> required;
  const Rule* items = nullptr;
};

struct JsonSchema::Place {
  const JsonNode& root;
  const Place* up = nullptr;
  std::string_view key = {};
  std::optional<std::size_t> index = {};

  std::string pointer() const {
    if (up == nullptr) return root.pointer;
    return up->pointer() + "/" + (index ? std::to_string(*index) : std::string(key));
  }
  [[noreturn]] void fail(const std::string& code, const std::string& message) const {
    JsonNode{root.json, pointer(), root.file}.fail(code, message);
  }
};

JsonSchema::JsonSchema(std::string_view text) : root_(SchemaJson::parse(text)) { whole_ = compile(root_); }
JsonSchema::~JsonSchema() = default;

// What stands under properties and $defs is no keyword but a name.
const JsonSchema::Rule* JsonSchema::compile(const SchemaJson& schema) {
  const auto [at, is_new] = rules_.try_emplace(&schema, nullptr);
  if (!is_new) return at->second.get();
  at->second = std::make_shared<Rule>();
  Rule& rule = *at->second;
  for (const auto& [key, value] : schema.items()) {
    if (std::ranges::find(kKeywords, key) == kKeywords.end()) throw std::logic_error("schema keyword " + key);
    if (key == "$defs") {
      for (const auto& [name, inner] : value.items()) compile(inner);
    }
  }
  if (const SchemaJson* ref = find_keyword(schema, "$ref"))
    rule.same = compile(root_.at(SchemaJson::json_pointer(ref->get<std::string>().substr(1))));
  rule.type = text_of_keyword(schema, "type"), rule.format = text_of_keyword(schema, "format");
  rule.pattern = text_of_keyword(schema, "pattern");
  if (!rule.pattern.empty()) rule.pattern_regex.emplace(rule.pattern);
  rule.constant = find_keyword(schema, "const"), rule.words = find_keyword(schema, "enum");
  rule.least = find_keyword(schema, "minimum"), rule.most = find_keyword(schema, "maximum");
  rule.min_length = size_of_keyword(schema, "minLength", 0), rule.min_items = size_of_keyword(schema, "minItems", 0);
  rule.min_properties = size_of_keyword(schema, "minProperties", 0);
  rule.max_properties = size_of_keyword(schema, "maxProperties", rule.max_properties);
  if (const SchemaJson* names = find_keyword(schema, "propertyNames")) {
    compile(*names);
    rule.names = &names->at("enum");
  }
  if (const SchemaJson* items = find_keyword(schema, "items")) rule.items = compile(*items);
  if (const SchemaJson* required = find_keyword(schema, "required")) required->get_to(rule.required);
  if (const SchemaJson* closed = find_keyword(schema, "additionalProperties")) rule.closed = *closed == false;
  if (const SchemaJson* properties = find_keyword(schema, "properties")) {
    rule.has_properties = true;
    if (!rule.closed) throw std::logic_error("schema of an object that does not refuse other members");
    for (const auto& [name, inner] : properties->items()) rule.properties[name] = compile(inner);
  }
  return &rule;
}

void JsonSchema::check_text(const std::string& text, const Place& place, const Rule& rule) const {
  if (text.size() < rule.min_length) place.fail("value", "must not be empty");
  if (!rule.format.empty() && !has_format(text, rule.format)) {
    place.fail("value", "\"" + text + "\" is no " + rule.format);
  }
  if (!rule.pattern_regex) return;
  if (text.size() > kLongestPatternText || !std::regex_search(text, *rule.pattern_regex)) {
    place.fail("value", "\"" + text.substr(0, kLongestPatternText) + "\" is not as " + rule.pattern);
  }
}

void JsonSchema::check_names(const Json& json, const Place& place, const Rule& rule) const {
  for (const auto& [key, value] : json.get_ref<const Json::object_t&>()) {
    if (rule.closed && !rule.properties.contains(key)) place.fail("key", "unknown member " + key);
    if (rule.names != nullptr && !is_one_of(key, *rule.names)) place.fail("key", "unknown member " + key);
  }
  for (const std::string& key : rule.required) {
    if (!json.contains(key)) place.fail("key", "lacks the member " + key);
  }
  if (json.size() < rule.min_properties) place.fail("value", "must not be empty");
  if (json.size() > rule.max_properties) {
    place.fail("value", "must have at most " + std::to_string(rule.max_properties) + " members");
  }
}

void JsonSchema::check(const JsonNode& node) const { check(node.json, Place{node}, *whole_); }

void JsonSchema::check(const Json& json, const Place& place, const Rule& rule) const {
  if (rule.same != nullptr) check(json, place, *rule.same);
  if (!rule.type.empty() && !has_type(json, rule.type)) place.fail("type", "must be of type " + rule.type);
  if (rule.constant != nullptr && json != *rule.constant) place.fail("value", "must be " + rule.constant->dump());
  if (rule.words != nullptr && !is_one_of(json, *rule.words)) {
    place.fail("value", "must be one of " + listed_words(*rule.words));
  }
  if (json.is_string()) check_text(json.get_ref<const std::string&>(), place, rule);
  if (json.is_number()) {
    if (rule.least != nullptr && json < *rule.least) place.fail("value", "must be at least " + rule.least->dump());
    if (rule.most != nullptr && json > *rule.most) place.fail("value", "must be at most " + rule.most->dump());
  }
  if (json.is_object()) {
    check_names(json, place, rule);
    if (!rule.has_properties) return;
    for (const auto& [key, value] : json.get_ref<const Json::object_t&>())
      check(value, {place.root, &place, key}, *rule.properties.find(key)->second);
  }
  if (json.is_array()) {
    if (json.size() < rule.min_items) place.fail("value", "must not be empty");
    if (rule.items == nullptr) return;
    for (std::size_t i = 0; i < json.size(); ++i) check(json[i], {place.root, &place, {}, i}, *rule.items);
  }
}

}  // namespace catchment::datasets
