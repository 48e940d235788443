#include "datasets/strict_json.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxBytes = 1 << 20;

// The parser keeps the last of two members of one name; two are a contradiction here.
class MemberNames {
 public:
  explicit MemberNames(const StrictJson& file) : file_(file) {}

  bool operator()(Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second) {
      throw InputError(file_.family + "_json", file_.name,
                       "has the member " + parsed.get<std::string>() + " twice in one object");
    }
    return true;
  }

 private:
  const StrictJson& file_;
  std::vector<std::set<std::string>> open_;
};

}  // namespace

void JsonNode::fail(const std::string& code, const std::string& message) const {
  throw InputError(file.family + "_" + code, file.name + "#" + pointer, message);
}

JsonNode JsonNode::at(const std::string& key) const {
  if (!json.contains(key)) fail("key", "lacks the member " + key);
  return {json.at(key), pointer + "/" + key, file};
}

JsonNode JsonNode::at(std::size_t index) const { return {json.at(index), pointer + "/" + std::to_string(index), file}; }

const JsonNode& JsonNode::object(std::initializer_list<std::string_view> known) const {
  if (!json.is_object()) fail("type", "must be an object");
  for (const auto& [key, unused] : json.items()) {
    if (std::ranges::find(known, std::string_view(key)) == known.end()) fail("key", "unknown member " + key);
  }
  return *this;
}

std::size_t JsonNode::size() const {
  if (!json.is_array()) fail("type", "must be an array");
  if (json.empty()) fail("value", "must not be empty");
  return json.size();
}

std::string JsonNode::text() const {
  if (!json.is_string()) fail("type", "must be a string");
  auto value = json.get<std::string>();
  if (value.empty()) fail("value", "must not be empty");
  return value;
}

int JsonNode::whole(int low, int high) const {
  if (!json.is_number_integer()) fail("type", "must be a whole number");
  const auto out = [&] { fail("value", "must be " + std::to_string(low) + " to " + std::to_string(high)); };
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(high)) out();
  const auto value = json.get<std::int64_t>();
  if (value < low || value > high) out();
  return static_cast<int>(value);
}

double JsonNode::number(double low, double high, bool above_low) const {
  if (!json.is_number()) fail("type", "must be a number");
  const auto value = json.get<double>();
  if (value < low || value > high || (above_low && value <= low)) {
    fail("value",
         std::string("must be ") + (above_low ? "above " : "") + Json(low).dump() + " to " + Json(high).dump());
  }
  return value;
}

Json parse_strict_json(std::string_view text, const StrictJson& file) {
  if (text.size() > kMaxBytes) throw InputError(file.family + "_json", file.name, "longer than 1 MB");
  // The parser takes NUL for the end, whatever comes after it.
  if (text.find('\0') != std::string_view::npos) throw InputError(file.family + "_json", file.name, "holds NUL");
  try {
    MemberNames names(file);
    return Json::parse(text, [&](int depth, Json::parse_event_t event, const Json& value) {
      if (depth > file.max_depth) throw InputError(file.family + "_json", file.name, "nested too deep");
      return names(event, value);
    });
  } catch (const Json::parse_error& error) {  // whose own words quote the text, which may be about a person
    throw InputError(file.family + "_json", file.name, "is no JSON at byte " + std::to_string(error.byte));
  } catch (const Json::exception&) {
    throw InputError(file.family + "_json", file.name, "is no JSON");
  }
}

std::string read_json_file(const StrictJson& file) {
  std::ifstream in(file.name, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) throw InputError(file.family + "_open", file.name, "cannot be read");
  return text;
}

}  // namespace catchment::datasets
