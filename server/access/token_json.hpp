// JSON that comes from an issuer: bounded, and a name that occurs twice makes it none.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::access {

inline constexpr std::size_t kLargestTokenJson = 64 << 10;

// Null if it is no JSON, too large, nested over 8 deep, or has a name twice.
inline nlohmann::json find_token_json(std::string_view text) {
  using nlohmann::json;
  if (text.size() > kLargestTokenJson) return nullptr;
  bool sound = true;
  std::vector<std::set<std::string>> names;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) names.emplace_back();
    if (event == json::parse_event_t::object_end && !names.empty()) names.pop_back();
    if (event == json::parse_event_t::key) sound = sound && names.back().insert(parsed.get<std::string>()).second;
    sound = sound && depth <= 8;
    return sound;
  };
  json document = json::parse(text.begin(), text.end(), watch, false);
  return sound && !document.is_discarded() ? document : nullptr;
}

// Empty if it is not there or no string.
inline std::string text_member(const nlohmann::json& object, const char* name) {
  if (!object.is_object()) return "";
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace catchment::access
