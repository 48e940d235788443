#include "server/cli/zone_json.hpp"

#include <array>

namespace catchment::cli {
namespace {

using namespace engine::zone_text;
using nlohmann::ordered_json;

template <std::size_t N, class Enum>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}
// In the order of their enums.
constexpr std::array<std::string_view, 8> kCompass{"north", "northeast", "east", "southeast",
                                                   "south", "southwest", "west", "northwest"};
constexpr std::array<std::string_view, 3> kParity{"all", "odd", "even"};
constexpr std::array<std::string_view, 6> kLineKind{"road", "river", "railway", "boundary", "wall", "other"};
constexpr std::array<std::string_view, 6> kSection{"whole", "north", "east", "south", "west", "middle"};
constexpr std::array<std::string_view, 4> kFrontage{"both_sides", "one_side", "included", "excluded"};
constexpr std::array<std::string_view, 6> kForm{"half_planes", "side_labels", "four_bounds", "pairs", "ring", "along"};
constexpr std::array<std::string_view, 8> kUnit{"door",     "compound", "lane",   "sublane",
                                                "building", "phase",    "sector", "group"};
constexpr std::array<std::string_view, 10> kItem{"unknown", "street",   "estate", "community",   "village",
                                                 "town",    "district", "block",  "institution", "school"};
constexpr std::array<std::string_view, 9> kModifier{"except",  "only",  "contains", "alias", "household",
                                                    "partial", "vague", "void_now", "note"};
constexpr std::array<std::string_view, 13> kHousehold{"any",
                                                      "local_hukou",
                                                      "urban_hukou",
                                                      "non_urban_hukou",
                                                      "hukou_residence",
                                                      "native_villager",
                                                      "collective_hukou",
                                                      "employee_child",
                                                      "migrant_child",
                                                      "military_child",
                                                      "renter",
                                                      "police_district",
                                                      "other"};
constexpr std::array<std::string_view, 3> kSeverity{"note", "warning", "error"};

ordered_json json_of(const Name& name) { return name.text; }
ordered_json json_of(const NumberRange& range) { return to_json(range); }
ordered_json json_of(const Household& household) { return to_json(household); }
ordered_json json_of(const Line& line);
ordered_json json_of(const Frontage& frontage);
ordered_json json_of(const WalkStep& step);
ordered_json json_of(const Side& side);
ordered_json json_of(const Item& item);
ordered_json json_of(const Modifier& modifier);

template <class T>
void put_list(ordered_json& to, const char* key, const std::vector<T>& values) {
  if (values.empty()) return;
  ordered_json& list = to[key] = ordered_json::array();
  for (const T& value : values) list.push_back(json_of(value));
}

void put_span(ordered_json& to, Span span) {
  to["begin"] = span.begin;
  to["end"] = span.end;
}

ordered_json json_of(const Line& line) {
  ordered_json out{{"name", line.name.text}, {"kind", word(kLineKind, line.kind)}};
  if (line.section != Section::whole) out["section"] = word(kSection, line.section);
  if (line.from) out["from"] = line.from->text;
  if (line.to) out["to"] = line.to->text;
  for (const Compass side : line.extended) out["extended"].push_back(word(kCompass, side));
  put_list(out, "also", line.also);
  return out;
}

ordered_json json_of(const WalkStep& step) {
  ordered_json out{{"to", json_of(step.to)}};
  if (step.heading) out["heading"] = word(kCompass, *step.heading);
  if (step.along) out["along"] = json_of(*step.along);
  return out;
}

ordered_json json_of(const Frontage& frontage) {
  ordered_json out{{"kind", word(kFrontage, frontage.kind)}};
  if (frontage.side) out["side"] = word(kCompass, *frontage.side);
  if (frontage.line) out["line"] = json_of(*frontage.line);
  return out;
}

ordered_json json_of(const Side& side) {
  ordered_json out = ordered_json::object();
  if (side.label) out["label"] = word(kCompass, *side.label);
  if (side.direction) out["direction"] = word(kCompass, *side.direction);
  if (side.part != Section::whole) out["part"] = word(kSection, side.part);
  put_list(out, "lines", side.line.lines);
  put_list(out, "walk", side.line.steps);
  if (side.along) out["along"] = true;
  put_list(out, "frontages", side.frontages);
  put_span(out, side.span);
  return out;
}

ordered_json json_of(const Item& item) {
  ordered_json out{{"kind", word(kItem, item.kind)}};
  put_list(out, "path", item.path);
  out["name"] = item.name.text;
  put_list(out, "numbers", item.numbers);
  put_list(out, "modifiers", item.modifiers);
  put_span(out, item.span);
  return out;
}

ordered_json json_of(const Modifier& modifier) {
  ordered_json out{{"kind", word(kModifier, modifier.kind)}};
  put_list(out, "items", modifier.items);
  put_list(out, "sides", modifier.sides);
  put_list(out, "households", modifier.households);
  put_list(out, "names", modifier.names);
  put_span(out, modifier.span);
  return out;
}

void put(ordered_json& to, const Region& region) {
  to["kind"] = "region";
  to["form"] = word(kForm, region.form);
  put_list(to, "sides", region.sides);
  put_list(to, "within", region.within);
}
void put(ordered_json& to, const Addresses& addresses) {
  to["kind"] = "addresses";
  put_list(to, "items", addresses.items);
}
void put(ordered_json& to, const Feeder& feeder) {
  to["kind"] = "feeder";
  put_list(to, "schools", feeder.schools);
  if (feeder.of) to["of"] = feeder.of->text;
  if (feeder.own) to["own"] = true;
  if (feeder.partial) to["partial"] = true;
  put_list(to, "households", feeder.households);
  put_list(to, "sides", feeder.sides);
}
void put(ordered_json& to, const HouseholdGroup& group) {
  to["kind"] = "household_group";
  to["household"] = to_json(group.household);
}
void put(ordered_json& to, const ZoneReference& reference) {
  to["kind"] = "zone_reference";
  to["school"] = reference.school.text;
  if (reference.former) to["former"] = true;
}
void put(ordered_json& to, const Allocation& allocation) {
  to["kind"] = "allocation";
  to["mode"] = engine::zone_text::to_word(allocation.mode);
  put_list(to, "partners", allocation.partners);
  put_list(to, "items", allocation.items);
}
void put(ordered_json& to, const Note&) { to["kind"] = "note"; }
void put(ordered_json& to, const Unread&) { to["kind"] = "unread"; }

}  // namespace

std::string_view to_word(Severity severity) { return word(kSeverity, severity); }

ordered_json to_json(const NumberRange& range) {
  ordered_json out{{"unit", word(kUnit, range.unit)}};
  if (range.to_unit != range.unit) out["to_unit"] = word(kUnit, range.to_unit);
  if (range.from) out["from"] = geo::to_text(*range.from);
  if (range.to) out["to"] = geo::to_text(*range.to);
  if (range.parity != Parity::all) out["parity"] = word(kParity, range.parity);
  put_list(out, "inside", range.inside);
  return out;
}

ordered_json to_json(const Household& household) {
  ordered_json out{{"kind", word(kHousehold, household.kind)}};
  if (household.excluded) out["excluded"] = true;
  if (!household.who.empty()) out["who"] = household.who;
  return out;
}

ordered_json to_json(const ZoneText& zone) {
  ordered_json clauses = ordered_json::array();
  for (const Clause& clause : zone.clauses) {
    ordered_json out = ordered_json::object();
    std::visit([&](const auto& what) { put(out, what); }, clause.what);
    put_list(out, "modifiers", clause.modifiers);
    put_list(out, "conditions", clause.households);
    if (!clause.campus.empty()) out["campus"] = clause.campus;
    out["quote"] = zone.text.substr(clause.span.begin, clause.span.end - clause.span.begin);
    put_span(out, clause.span);
    clauses.push_back(std::move(out));
  }
  return {{"text", zone.text}, {"clauses", std::move(clauses)}};
}

ordered_json to_json(const Finding& finding) {
  ordered_json out{{"kind", engine::zone_text::to_word(finding.kind)},
                   {"severity", to_word(severity_of(finding.kind))},
                   {"begin", finding.span.begin},
                   {"end", finding.span.end},
                   {"quote", finding.quote},
                   {"message", finding.message}};
  if (!finding.proposal.empty()) out["proposal"] = finding.proposal;
  if (finding.length_m > 0) out["length_m"] = finding.length_m;
  if (!finding.candidates.empty()) out["candidates"] = finding.candidates;
  return out;
}

}  // namespace catchment::cli
