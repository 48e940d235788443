#include "datasets/demand_scenario.hpp"

#include <algorithm>
#include <array>

#include "datasets/scenario_fields.hpp"

namespace catchment::datasets {
namespace {

using engine::demand::ScenarioChange;
using Kind = ScenarioChange::Kind;

constexpr std::array<std::string_view, 6> kKinds{"reassign_unit", "open_school",   "close_school",
                                                 "merge_school",  "delay_housing", "add_housing"};

Kind read_kind(const JsonNode& node) {
  const auto at = std::ranges::find(kKinds, node.text());
  if (at == kKinds.end()) {
    std::string words;
    for (const std::string_view word : kKinds) words.append(words.empty() ? "" : ", ").append(word);
    node.fail("value", "must be one of " + words);
  }
  return static_cast<Kind>(at - kKinds.begin());
}

void read_housing(const JsonNode& node, ScenarioChange& change) {
  node.object({"change", "note", "id", "name", "unit", "kind", "dwellings", "completion_year"});
  change.housing.id = node.at("id").text();
  if (node.has("name")) change.housing.name = node.at("name").text();
  change.housing.unit_id = node.at("unit").text();
  const JsonNode kind = node.at("kind");
  change.housing.kind = kind.text();
  if (std::ranges::find(kHousingKinds, change.housing.kind) == kHousingKinds.end()) {
    kind.fail("value", "must be commodity, resettlement, public_rental or other");
  }
  change.housing.dwellings = node.at("dwellings").whole(1, kMostDwellings);
  change.housing.completion_year = read_year(node.at("completion_year"));
}

ScenarioChange read_change(const JsonNode& node) {
  if (!node.json.is_object()) node.fail("type", "must be an object");
  ScenarioChange change;
  change.kind = read_kind(node.at("change"));
  if (node.has("note")) node.at("note").text();
  switch (change.kind) {
    case Kind::reassign_unit:
      node.object({"change", "note", "from_year", "unit", "school", "stage", "share"});
      change.unit_id = node.at("unit").text();
      change.stage = read_stage(node.at("stage"));
      if (node.has("share")) change.share = node.at("share").number(0, 1, true);
      break;
    case Kind::open_school:
      node.object({"change", "note", "from_year", "school", "stage", "district"});
      change.stage = read_stage(node.at("stage"));
      if (node.has("district")) change.district_id = node.at("district").text();
      break;
    case Kind::close_school:
      node.object({"change", "note", "from_year", "school"});
      break;
    case Kind::merge_school:
      node.object({"change", "note", "from_year", "school", "into"});
      change.into_school_id = node.at("into").text();
      break;
    case Kind::delay_housing:
      node.object({"change", "note", "id", "completion_year"});
      change.housing.id = node.at("id").text();
      change.housing.completion_year = read_year(node.at("completion_year"));
      return change;
    case Kind::add_housing:
      read_housing(node, change);
      return change;
  }
  change.school_id = node.at("school").text();
  change.from_year = read_year(node.at("from_year"));
  return change;
}

}  // namespace

std::vector<ScenarioChange> parse_scenario(std::string_view json, const std::string& name) {
  const StrictJson file{name, "scenario"};
  const nlohmann::ordered_json parsed = parse_strict_json(json, file);
  const JsonNode root{parsed, "", file};
  std::vector<ScenarioChange> changes;
  const std::size_t count = root.size();
  for (std::size_t i = 0; i < count; ++i) changes.push_back(read_change(root.at(i)));
  return changes;
}

std::vector<ScenarioChange> load_scenario(const std::filesystem::path& file) {
  return parse_scenario(read_json_file({file.string(), "scenario"}), file.string());
}

std::string scenario_place(const std::string& where, const std::string& name) {
  constexpr std::string_view kPrefix = "changes";
  return where.starts_with(kPrefix) ? name + "#" + where.substr(kPrefix.size()) : where;
}

}  // namespace catchment::datasets
