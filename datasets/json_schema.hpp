// JSON Schema 2020-12, as far as our own schemas use it, so that the published schema is what is enforced.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <regex>
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

  // Throws the first complaint as InputError(<family>_key | _type | _value) with file and JSON pointer.
  void check(const JsonNode& node) const;

 private:
  void compile(const nlohmann::ordered_json& schema);
  void check(const JsonNode& node, const nlohmann::ordered_json& schema) const;
  void check_text(const JsonNode& node, const nlohmann::ordered_json& schema) const;

  nlohmann::ordered_json root_;
  std::map<std::string, std::regex> patterns_;
};

}  // namespace catchment::datasets
