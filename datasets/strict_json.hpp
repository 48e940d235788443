// JSON files that say everything and nothing unknown: every complaint names file and JSON pointer.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace catchment::datasets {

// The files of one kind, whose complaints have codes of one family: <family>_open, _json, _key, _type, _value.
struct StrictJson {
  std::string name;    // of the file, as complaints name it
  std::string family;  // "rules", "scenario"
  int max_depth = 8;
};

// A JSON value and where it stands. Everything throws InputError with `where` = name#pointer.
struct JsonNode {
  const nlohmann::ordered_json& json;
  std::string pointer;
  const StrictJson& file;

  [[noreturn]] void fail(const std::string& code, const std::string& message) const;  // code without the family
  bool has(const std::string& key) const { return json.contains(key); }
  JsonNode at(const std::string& key) const;
  JsonNode at(std::size_t index) const;
  const JsonNode& object(std::initializer_list<std::string_view> known) const;  // other members are refused
  std::size_t size() const;                                                     // of an array that is not empty
  std::string text() const;                                                     // not empty
  int whole(int low, int high) const;
  // In [low, high], or in (low, high] where the low end is shut out.
  double number(double low, double high, bool above_low = false) const;
};

// Refuses what is no JSON, longer than 1 MB, nested deeper than the kind allows, of more than 100,000 values, or has a
// member twice in one object: each where it stands, before what comes after it is read.
// O(n log n) in bytes, whatever is in them.
nlohmann::ordered_json parse_strict_json(std::string_view text, const StrictJson& file);

// The bytes of a file. Throws InputError(<family>_open).
std::string read_json_file(const StrictJson& file);

}  // namespace catchment::datasets
