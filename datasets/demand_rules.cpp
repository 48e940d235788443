#include "datasets/demand_rules.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using engine::demand::AgeRule;
using engine::demand::DemandRules;
using engine::demand::StageRule;
using engine::demand::WarningLevel;
using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxBytes = 1 << 20;
constexpr std::array<int, 12> kDays{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

// A JSON value and where it stands.
struct Node {
  const Json& json;
  std::string pointer;
  const std::string& file;

  [[noreturn]] void fail(const char* code, const std::string& message) const {
    throw InputError(code, file + "#" + pointer, message);
  }
  Node at(const std::string& key) const {
    if (!json.contains(key)) fail("rules_key", "lacks the member " + key);
    return {json.at(key), pointer + "/" + key, file};
  }
  Node at(std::size_t index) const { return {json.at(index), pointer + "/" + std::to_string(index), file}; }

  const Node& object(std::initializer_list<std::string_view> known) const {
    if (!json.is_object()) fail("rules_type", "must be an object");
    for (const auto& [key, unused] : json.items()) {
      if (std::ranges::find(known, std::string_view(key)) == known.end()) fail("rules_key", "unknown member " + key);
    }
    return *this;
  }
  std::size_t size() const {
    if (!json.is_array()) fail("rules_type", "must be an array");
    if (json.empty()) fail("rules_value", "must not be empty");
    return json.size();
  }
  std::string text() const {
    if (!json.is_string()) fail("rules_type", "must be a string");
    auto value = json.get<std::string>();
    if (value.empty()) fail("rules_value", "must not be empty");
    return value;
  }
  int whole(int low, int high) const {
    if (!json.is_number_integer()) fail("rules_type", "must be a whole number");
    const auto out = [&] { fail("rules_value", "must be " + std::to_string(low) + " to " + std::to_string(high)); };
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(high)) out();
    const auto value = json.get<std::int64_t>();
    if (value < low || value > high) out();
    return static_cast<int>(value);
  }
  // In [low, high], or in (low, high] where the low end is shut out.
  double number(double low, double high, bool above_low = false) const {
    if (!json.is_number()) fail("rules_type", "must be a number");
    const auto value = json.get<double>();
    if (value < low || value > high || (above_low && value <= low)) {
      fail("rules_value",
           std::string("must be ") + (above_low ? "above " : "") + Json(low).dump() + " to " + Json(high).dump());
    }
    return value;
  }
};

// Where the figures of an object come from. Every entry names members of that object; returns the texts of those that
// speak of `wanted`, joined.
std::string check_sources(const Node& object, const std::string& wanted = "") {
  const Node sources = object.at("sources");
  std::string joined;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Node source = sources.at(i);
    source.object({"of", "basis", "text"});
    const Node basis = source.at("basis");
    const std::string word = basis.text();
    if (word != "document" && word != "reported" && word != "design_choice") {
      basis.fail("rules_value", "must be document, reported or design_choice");
    }
    const std::string text = source.at("text").text();
    const Node members = source.at("of");
    for (std::size_t k = 0; k < members.size(); ++k) {
      const std::string member = members.at(k).text();
      if (member == "sources" || !object.json.contains(member)) {
        members.at(k).fail("rules_value", "no such figure beside it: " + member);
      }
      if (member == wanted) joined += (joined.empty() ? "" : "; ") + text;
    }
  }
  return joined;
}

AgeRule read_age(const Node& node) {
  node.object({"entry_age", "cutoff_month", "cutoff_day", "sources"});
  AgeRule age;
  age.entry_age = node.at("entry_age").whole(3, 12);
  age.cutoff_month = node.at("cutoff_month").whole(1, 12);
  age.cutoff_day = node.at("cutoff_day").whole(1, kDays.at(static_cast<std::size_t>(age.cutoff_month) - 1));
  check_sources(node);
  return age;
}

StageRule read_stage(const Node& node) {
  node.object({"stage", "first_grade", "last_grade", "class_cap", "oversized_from", "severe_from", "smallest_class",
               "mid_year_buffer", "sources"});
  StageRule rule;
  const Node stage = node.at("stage");
  const auto found = engine::find_stage(stage.text());
  if (!found) stage.fail("rules_value", "must be primary, junior or senior");
  rule.stage = *found;
  rule.first_grade = node.at("first_grade").whole(1, 12);
  rule.last_grade = node.at("last_grade").whole(rule.first_grade, 12);
  rule.class_cap = node.at("class_cap").whole(1, 200);
  rule.oversized_from = node.at("oversized_from").whole(1, 1000);
  rule.severe_from = node.at("severe_from").whole(1, 1000);
  rule.smallest_class = node.at("smallest_class").whole(0, 200);
  const Node buffer = node.at("mid_year_buffer");
  rule.mid_year_buffer = buffer.number(0, 1);
  if (rule.mid_year_buffer == 1) buffer.fail("rules_value", "would keep every seat free");
  if (rule.oversized_from <= rule.class_cap) node.at("oversized_from").fail("rules_value", "must be above class_cap");
  if (rule.severe_from <= rule.oversized_from)
    node.at("severe_from").fail("rules_value", "must be above oversized_from");
  if (rule.smallest_class > rule.class_cap)
    node.at("smallest_class").fail("rules_value", "must not be above class_cap");
  rule.clause = check_sources(node, "class_cap");
  return rule;
}

void read_stages(const Node& node, DemandRules& rules) {
  rules.stages.clear();
  for (std::size_t i = 0; i < node.size(); ++i) {
    const StageRule rule = read_stage(node.at(i));
    for (const StageRule& other : rules.stages) {
      if (other.stage == rule.stage) node.at(i).at("stage").fail("rules_value", "stands twice");
      if (rule.first_grade <= other.last_grade && other.first_grade <= rule.last_grade) {
        node.at(i).at("first_grade").fail("rules_value", "grades of another stage");
      }
    }
    rules.stages.push_back(rule);
  }
}

// Severest first: each next level asks for no more pressure and no more probability than the one before, and for less
// of one, so that whoever reaches a level reaches all milder ones.
void read_shortage(const Node& node, DemandRules& rules) {
  node.object({"levels", "sources"});
  const Node levels = node.at("levels");
  rules.shortage.clear();
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const Node each = levels.at(i);
    each.object({"id", "name", "pressure", "probability"});
    WarningLevel level;
    level.id = each.at("id").text();
    level.name = each.at("name").text();
    level.pressure = each.at("pressure").number(0, 10, true);
    level.probability = each.at("probability").number(0, 1, true);
    if (std::ranges::find(rules.shortage, level.id, &WarningLevel::id) != rules.shortage.end()) {
      each.at("id").fail("rules_value", "stands twice");
    }
    if (!rules.shortage.empty()) {
      const WarningLevel& above = rules.shortage.back();
      if (level.pressure > above.pressure) each.at("pressure").fail("rules_value", "above that of the severer level");
      if (level.probability > above.probability) {
        each.at("probability").fail("rules_value", "above that of the severer level");
      }
      if (level.pressure == above.pressure && level.probability == above.probability) {
        each.at("pressure").fail("rules_value", "the same as the severer level");
      }
    }
    rules.shortage.push_back(std::move(level));
  }
  check_sources(node);
}

void read_under_use(const Node& node, DemandRules& rules) {
  node.object({"pressure", "probability", "years", "sources"});
  rules.under_use_pressure = node.at("pressure").number(0, 10, true);
  rules.under_use_probability = node.at("probability").number(0, 1, true);
  rules.under_use_years = node.at("years").whole(1, 30);
  if (rules.under_use_pressure >= rules.shortage.back().pressure) {
    node.at("pressure").fail("rules_value", "must be below that of every level of shortage");
  }
  check_sources(node);
}

void read_housing(const Node& node, DemandRules& rules) {
  node.object({"seats_per_thousand", "persons_per_dwelling", "occupancy", "sources"});
  rules.seats_per_thousand = node.at("seats_per_thousand").number(0, 1000);
  rules.persons_per_dwelling = node.at("persons_per_dwelling").number(0, 20, true);
  const Node occupancy = node.at("occupancy");
  rules.occupancy.clear();
  for (std::size_t i = 0; i < occupancy.size(); ++i) {
    const double share = occupancy.at(i).number(0, 1);
    if (!rules.occupancy.empty() && share < rules.occupancy.back()) {
      occupancy.at(i).fail("rules_value", "less than the year before");
    }
    rules.occupancy.push_back(share);
  }
  check_sources(node);
}

// The parser keeps the last of two members of one name; two are a contradiction here.
class MemberNames {
 public:
  bool operator()(Json::parse_event_t event, const Json& parsed, const std::string& name) {
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second) {
      throw InputError("rules_json", name, "has the member " + parsed.get<std::string>() + " twice in one object");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> open_;
};

}  // namespace

DemandRules parse_demand_rules(std::string_view json, const std::string& name) {
  if (json.size() > kMaxBytes) throw InputError("rules_json", name, "longer than 1 MB");
  Json parsed;
  try {
    MemberNames names;
    parsed = Json::parse(json, [&](int depth, Json::parse_event_t event, const Json& value) {
      if (depth > kMaxDepth) throw InputError("rules_json", name, "nested too deep");
      return names(event, value, name);
    });
  } catch (const Json::exception& error) {
    throw InputError("rules_json", name, error.what());
  }
  const Node root{parsed, "", name};
  root.object({"$schema", "description", "age", "stages", "shortage", "under_use", "housing"});
  for (const char* optional : {"$schema", "description"}) {
    if (parsed.contains(optional)) root.at(optional).text();
  }
  DemandRules rules;
  rules.age = read_age(root.at("age"));
  read_stages(root.at("stages"), rules);
  read_shortage(root.at("shortage"), rules);
  read_under_use(root.at("under_use"), rules);
  read_housing(root.at("housing"), rules);
  return rules;
}

DemandRules load_demand_rules(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InputError("rules_open", file.string(), "cannot be read");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse_demand_rules(text, file.string());
}

}  // namespace catchment::datasets
