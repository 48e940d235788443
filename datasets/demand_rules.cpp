#include "datasets/demand_rules.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "datasets/strict_json.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {

extern const char* const kDemandRulesJson;  // datasets/policy/demand_rules.json

namespace {

using engine::demand::AgeRule;
using engine::demand::DemandRules;
using engine::demand::StageRule;
using engine::demand::WarningLevel;

constexpr std::array<int, 12> kDays{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

// Where the figures of an object come from. Every entry names members of that object; returns the texts of those that
// speak of `wanted`, joined.
std::string check_sources(const JsonNode& object, const std::string& wanted = "") {
  const JsonNode sources = object.at("sources");
  std::string joined;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const JsonNode source = sources.at(i);
    source.object({"of", "basis", "text"});
    const JsonNode basis = source.at("basis");
    const std::string word = basis.text();
    if (word != "document" && word != "reported" && word != "design_choice") {
      basis.fail("value", "must be document, reported or design_choice");
    }
    const std::string text = source.at("text").text();
    const JsonNode members = source.at("of");
    for (std::size_t k = 0; k < members.size(); ++k) {
      const std::string member = members.at(k).text();
      if (member == "sources" || !object.json.contains(member)) {
        members.at(k).fail("value", "no such figure beside it: " + member);
      }
      if (member == wanted) joined += (joined.empty() ? "" : "; ") + text;
    }
  }
  return joined;
}

AgeRule read_age(const JsonNode& node) {
  node.object({"entry_age", "cutoff_month", "cutoff_day", "sources"});
  AgeRule age;
  age.entry_age = node.at("entry_age").whole(3, 12);
  age.cutoff_month = node.at("cutoff_month").whole(1, 12);
  age.cutoff_day = node.at("cutoff_day").whole(1, kDays.at(static_cast<std::size_t>(age.cutoff_month) - 1));
  check_sources(node);
  return age;
}

StageRule read_stage_rule(const JsonNode& node) {
  node.object({"stage", "first_grade", "last_grade", "class_cap", "oversized_from", "severe_from", "smallest_class",
               "mid_year_buffer", "sources"});
  StageRule rule;
  const JsonNode stage = node.at("stage");
  const auto found = engine::find_stage(stage.text());
  if (!found) stage.fail("value", "must be primary, junior or senior");
  rule.stage = *found;
  rule.first_grade = node.at("first_grade").whole(1, 12);
  rule.last_grade = node.at("last_grade").whole(rule.first_grade, 12);
  rule.class_cap = node.at("class_cap").whole(1, 200);
  rule.oversized_from = node.at("oversized_from").whole(1, 1000);
  rule.severe_from = node.at("severe_from").whole(1, 1000);
  rule.smallest_class = node.at("smallest_class").whole(0, 200);
  const JsonNode buffer = node.at("mid_year_buffer");
  rule.mid_year_buffer = buffer.number(0, 1);
  if (rule.mid_year_buffer == 1) buffer.fail("value", "would keep every seat free");
  if (rule.oversized_from <= rule.class_cap) node.at("oversized_from").fail("value", "must be above class_cap");
  if (rule.severe_from <= rule.oversized_from) node.at("severe_from").fail("value", "must be above oversized_from");
  if (rule.smallest_class > rule.class_cap) node.at("smallest_class").fail("value", "must not be above class_cap");
  rule.clause = check_sources(node, "class_cap");
  return rule;
}

void read_stages(const JsonNode& node, DemandRules& rules) {
  rules.stages.clear();
  for (std::size_t i = 0; i < node.size(); ++i) {
    const StageRule rule = read_stage_rule(node.at(i));
    for (const StageRule& other : rules.stages) {
      if (other.stage == rule.stage) node.at(i).at("stage").fail("value", "stands twice");
      if (rule.first_grade <= other.last_grade && other.first_grade <= rule.last_grade) {
        node.at(i).at("first_grade").fail("value", "grades of another stage");
      }
    }
    rules.stages.push_back(rule);
  }
}

// Severest first: each next level asks for no more pressure and no more probability than the one before, and for less
// of one, so that whoever reaches a level reaches all milder ones.
void read_shortage(const JsonNode& node, DemandRules& rules) {
  node.object({"levels", "sources"});
  const JsonNode levels = node.at("levels");
  rules.shortage.clear();
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const JsonNode each = levels.at(i);
    each.object({"id", "name", "pressure", "probability"});
    WarningLevel level;
    level.id = each.at("id").text();
    level.name = each.at("name").text();
    level.pressure = each.at("pressure").number(0, 10, true);
    level.probability = each.at("probability").number(0, 1, true);
    if (std::ranges::find(rules.shortage, level.id, &WarningLevel::id) != rules.shortage.end()) {
      each.at("id").fail("value", "stands twice");
    }
    if (!rules.shortage.empty()) {
      const WarningLevel& above = rules.shortage.back();
      if (level.pressure > above.pressure) each.at("pressure").fail("value", "above that of the severer level");
      if (level.probability > above.probability) {
        each.at("probability").fail("value", "above that of the severer level");
      }
      if (level.pressure == above.pressure && level.probability == above.probability) {
        each.at("pressure").fail("value", "the same as the severer level");
      }
    }
    rules.shortage.push_back(std::move(level));
  }
  check_sources(node);
}

void read_under_use(const JsonNode& node, DemandRules& rules) {
  node.object({"pressure", "probability", "years", "sources"});
  rules.under_use_pressure = node.at("pressure").number(0, 10, true);
  rules.under_use_probability = node.at("probability").number(0, 1, true);
  rules.under_use_years = node.at("years").whole(1, 30);
  if (rules.under_use_pressure >= rules.shortage.back().pressure) {
    node.at("pressure").fail("value", "must be below that of every level of shortage");
  }
  check_sources(node);
}

void read_housing(const JsonNode& node, DemandRules& rules) {
  node.object({"seats_per_thousand", "persons_per_dwelling", "occupancy", "sources"});
  rules.seats_per_thousand = node.at("seats_per_thousand").number(0, 1000);
  rules.persons_per_dwelling = node.at("persons_per_dwelling").number(0, 20, true);
  const JsonNode occupancy = node.at("occupancy");
  rules.occupancy.clear();
  for (std::size_t i = 0; i < occupancy.size(); ++i) {
    const double share = occupancy.at(i).number(0, 1);
    if (!rules.occupancy.empty() && share < rules.occupancy.back()) {
      occupancy.at(i).fail("value", "less than the year before");
    }
    rules.occupancy.push_back(share);
  }
  check_sources(node);
}

}  // namespace

DemandRules parse_demand_rules(std::string_view json, const std::string& name) {
  const StrictJson file{name, "rules"};
  const nlohmann::ordered_json parsed = parse_strict_json(json, file);
  const JsonNode root{parsed, "", file};
  root.object({"$schema", "description", "age", "stages", "shortage", "under_use", "housing"});
  for (const char* optional : {"$schema", "description"}) {
    if (root.has(optional)) root.at(optional).text();
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
  return parse_demand_rules(read_json_file({file.string(), "rules"}), file.string());
}

DemandRules shipped_demand_rules() { return parse_demand_rules(kDemandRulesJson, "datasets/policy/demand_rules.json"); }

}  // namespace catchment::datasets
