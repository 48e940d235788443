// JSON Schema 2020-12, as far as our own schemas use it, so that the published schema is what is enforced.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "datasets/strict_json.hpp"

namespace catchment::datasets {

// The keywords: $ref (to #/$defs/...), type, enum, const, properties, required, additionalProperties: false,
// propertyNames (enum only), minProperties, maxProperties, items, minItems, minLength, pattern, minimum, maximum and
// format, of which day, moment and minute are ours (engine/policy/moment.hpp). A schema with any other keyword is a bug
// and throws std::logic_error.
class JsonSchema {
 public:
  explicit JsonSchema(std::string_view text);
  ~JsonSchema();
  JsonSchema(const JsonSchema&) = delete;
  JsonSchema& operator=(const JsonSchema&) = delete;

  // Throws the first complaint as InputError(<family>_key | _type | _value) with file and JSON pointer.
  void check(const JsonNode& node) const;

 private:
  struct Rule;   // what one schema asks, its keywords looked up once
  struct Place;  // where a value stands; put into words only for a complaint
  using Json = nlohmann::ordered_json;

  const Rule* compile(const Json& schema);
  void check(const Json& json, const Place& place, const Rule& rule) const;
  void check_text(const std::string& text, const Place& place, const Rule& rule) const;
  void check_names(const Json& json, const Place& place, const Rule& rule) const;

  Json root_;
  std::map<const Json*, std::shared_ptr<Rule>> rules_;  // by their place in root_
  const Rule* whole_ = nullptr;
};

}  // namespace catchment::datasets
