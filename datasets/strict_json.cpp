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
constexpr std::size_t kFewMembers = 16;  // as quickly compared as looked up
constexpr std::size_t kMaxValues = 100'000;  // what is said in a megabyte has more to it than three bytes each

// Builds the value while it is read, in time n log n whatever the shape: an ordered object looks for a name among all
// it has, and the library's own parser, when it is called back, looks through a whole list after each object in it.
// Names of a large object are kept sorted and not hashed, because a text may be made of names of one hash.
class StrictBuilder {
 public:
  explicit StrictBuilder(const StrictJson& file) : file_(file) {}

  Json take() { return std::move(root_); }

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(Json::number_integer_t value) { return put(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return put(value); }
  bool number_float(Json::number_float_t value, const std::string&) { return put(value); }
  bool string(std::string& value) { return put(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) {
    names_.emplace_back();
    return open(Json::object());
  }
  bool end_object() {
    names_.pop_back();
    open_.pop_back();
    return true;
  }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_array() {
    open_.pop_back();
    return true;
  }
  // Two members of one name are a contradiction.
  bool key(std::string& name) {
    check_depth();
    if (!is_new(name)) refuse_json("has the member " + name + " twice in one object");
    name_ = std::move(name);
    return true;
  }
  // The error's own words quote the text, which may be about a person.
  bool parse_error(std::size_t byte, const std::string&, const Json::exception&) const {
    refuse_json("is no JSON at byte " + std::to_string(byte));
  }

 private:
  [[noreturn]] void refuse_json(const std::string& why) const {
    throw InputError(file_.family + "_json", file_.name, why);
  }
  void check_depth() const {
    if (open_.size() > static_cast<std::size_t>(file_.max_depth)) refuse_json("nested too deep");
  }

  bool is_new(const std::string& name) {
    const auto& members = open_.back()->get_ref<const Json::object_t&>();
    if (members.size() < kFewMembers) {
      return std::ranges::none_of(members, [&](const auto& member) { return member.first == name; });
    }
    std::set<std::string>& names = names_.back();
    if (names.empty()) {
      for (const auto& [before, value] : members) names.insert(before);
    }
    return names.insert(name).second;
  }

  bool put(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json value) {
    Json& placed = place(std::move(value));
    open_.push_back(&placed);
    return true;
  }
  // A container that is open is the last of its own, so it does not move until it is closed.
  Json& place(Json value) {
    check_depth();
    if (++values_ > kMaxValues) refuse_json("has more than 100,000 values");
    if (open_.empty()) return root_ = std::move(value);
    Json& in = *open_.back();
    if (in.is_array()) return in.get_ref<Json::array_t&>().emplace_back(std::move(value));
    Json::object_t::Container& members = in.get_ref<Json::object_t&>();
    return members.emplace_back(std::move(name_), std::move(value)).second;
  }

  const StrictJson& file_;
  Json root_;
  std::string name_;  // of the member whose value comes next
  std::size_t values_ = 0;
  std::vector<Json*> open_;
  std::vector<std::set<std::string>> names_;  // of objects that are open and have more than a few members
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
  StrictBuilder builder(file);
  Json::sax_parse(text, &builder);
  return builder.take();
}

std::string read_json_file(const StrictJson& file) {
  std::ifstream in(file.name, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) throw InputError(file.family + "_open", file.name, "cannot be read");
  return text;
}

}  // namespace catchment::datasets
