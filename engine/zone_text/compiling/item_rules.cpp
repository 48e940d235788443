// What an item of an address list gives: a rule for each thing it may mean, restricted by its brackets.
#include "engine/zone_text/compiling/text_compiler.hpp"

#include <algorithm>
#include <utility>

#include "engine/zone_text/compiling/line_sections.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kNearM = 500;  // 附近: beyond it nobody would read the word so

RuleLevel level_of(ItemKind kind, bool numbers) {
  if (numbers) return RuleLevel::number;
  return is_area(kind) ? RuleLevel::community : RuleLevel::estate;
}

}  // namespace

void TextCompiler::compile_item(const Clause& clause, const Item& item) {
  if (item.name.text.empty()) {
    report_->add(FindingKind::number_without_street, item.span, "These numbers stand without a street or an estate.");
    return;
  }
  if (item.kind == ItemKind::district && item.name.text.starts_with("全")) {
    compile_whole(clause, item);
    return;
  }
  if (compile_section(clause, item)) return;
  const Resolution resolution = names_->resolve(item);
  if (resolution.things.empty()) return;
  const Scope clause_scope = std::exchange(scope_, here());
  std::vector<Modifier> modifiers = item.modifiers;
  for (const Modifier& m : clause.modifiers) {
    const bool doubt = m.kind == ModifierKind::partial || m.kind == ModifierKind::vague ||
                       (m.kind == ModifierKind::void_now && m.items.empty());
    const bool restricts = m.kind == ModifierKind::only && (!m.items.empty() || !m.sides.empty());
    if (doubt || restricts) modifiers.push_back(m);
  }
  std::vector<Household> households = clause_households(clause);
  for (const Household& h : households_of(item.modifiers)) households.push_back(h);
  check_duplicate(item, resolution.things);
  for (const Meant& thing : resolution.things) {
    AddressRule rule = rule_for(thing, item, resolution.path);
    rule.households = households;
    if (resolution.things.size() > 1) make_undetermined(rule, "several things are called " + item.name.text);
    apply_doubt(rule, modifiers);
    check_numbers(item, rule);
    if (!compile_restrictions(modifiers, thing, rule)) add_rule(thing, rule);
    add_void(thing, rule, modifiers);
    if (find_modifier(modifiers, ModifierKind::vague) != nullptr) add_vicinity(thing, rule);
  }
  compile_exceptions(item.modifiers, &item, resolution);
  for (const Modifier& modifier : item.modifiers) {
    if (modifier.kind == ModifierKind::contains) compile_contained(modifier, &item, households);
  }
  scope_ = clause_scope;
}

// 全区, 全市: all of what stands before it, else of the city.
void TextCompiler::compile_whole(const Clause& clause, const Item& item) {
  if (!item.path.empty()) {
    Item named = item;
    named.name = named.path.back();
    named.kind = ItemKind::unknown;
    named.path.pop_back();
    compile_item(clause, named);
    return;
  }
  if (ground_.outline().empty()) return;
  const Scope clause_scope = std::exchange(scope_, here());
  AddressRule rule = new_rule(RuleLevel::polygon, RuleEffect::allow, item.span);
  rule.region = add_region({ground_.outline(), {}});
  rule.households = clause_households(clause);
  for (const Household& h : households_of(item.modifiers)) rule.households.push_back(h);
  apply_doubt(rule, item.modifiers);
  out_.rules.push_back(std::move(rule));
  compile_exceptions(item.modifiers, nullptr, {});
  scope_ = clause_scope;
}

// 云杉路中段, where the city knows 云杉路 only: the doors of that stretch of it. False if the item is none.
bool TextCompiler::compile_section(const Clause& clause, const Item& item) {
  const auto limits = [](const Modifier& m) {
    return m.kind == ModifierKind::only && (!m.items.empty() || !m.sides.empty());
  };
  if (!item.numbers.empty() || !names_->find(item.name.text, item.kind).empty()) return false;
  if (std::ranges::any_of(item.modifiers, limits) || std::ranges::any_of(clause.modifiers, limits)) return false;
  for (const Section section : {Section::north, Section::east, Section::south, Section::west, Section::middle}) {
    const std::string word = std::string(section_word(section)) + "段";
    if (!item.name.text.ends_with(word)) continue;
    Line line;
    line.name = {item.name.text.substr(0, item.name.text.size() - word.size()), item.name.span};
    line.section = section;
    if (ground_.find_lines(line.name.text).empty()) return false;
    Side side;
    side.line = {{line}, {}, item.name.span};
    side.span = item.span;
    const RegionResult result = compile_region({RegionForm::along, {side}, {}}, item.span, ground_, options_, *report_);
    const Scope clause_scope = std::exchange(scope_, here());
    Resolution street;
    for (AddressRule rule : result.frontage) {
      if (street.things.empty()) street.things.push_back({rule.name, ItemKind::street, kNoLine});
      rule.clause = clause_;
      if (rule.effect == RuleEffect::allow) rule.level = RuleLevel::estate;  // as a whole street
      rule.households = clause_households(clause);
      for (const Household& h : households_of(item.modifiers)) rule.households.push_back(h);
      apply_doubt(rule, item.modifiers);
      apply_doubt(rule, clause.modifiers);
      out_.rules.push_back(std::move(rule));
    }
    compile_exceptions(item.modifiers, &item, street);
    scope_ = clause_scope;
    return true;
  }
  return false;
}

// The rule that an item makes of one thing, its modifiers left aside.
AddressRule TextCompiler::rule_for(const Meant& thing, const Item& item, const std::vector<geo::NameId>& path) {
  AddressRule rule = new_rule(level_of(thing.kind, !item.numbers.empty()), RuleEffect::allow, item.span);
  rule.name = thing.name;
  rule.numbers = item.numbers;
  if (thing.kind == ItemKind::street) {
    rule.path = path;  // a street runs through several towns; an estate stands in one
  } else if (thing.kind == ItemKind::estate) {
    make_blocks(rule);
  }
  return rule;
}

void TextCompiler::add_rule(const Meant& thing, AddressRule rule) {
  const bool by_shape = thing.area != kNoLine && (thing.name == geo::kNoName || goes_by_shape(thing.kind));
  if (by_shape) {
    rule.name = geo::kNoName;
    if (!rule.region) rule.region = add_region({ground_.areas()[thing.area].shape, {}});
  }
  out_.rules.push_back(std::move(rule));
}

// 已拆迁 behind a whole item: in doubt also where something else gives it.
void TextCompiler::add_void(const Meant& thing, const AddressRule& rule, const std::vector<Modifier>& modifiers) {
  for (const Modifier& m : modifiers) {
    if (m.kind != ModifierKind::void_now || !m.items.empty() || rule.effect != RuleEffect::undetermined) continue;
    AddressRule doubt = rule;
    doubt.level = RuleLevel::denial;
    add_rule(thing, std::move(doubt));
    return;
  }
}

// Bare numbers of an estate are its blocks, unless its addresses have doors and no blocks.
void TextCompiler::make_blocks(AddressRule& rule) const {
  bool blocks = false;
  bool doors = false;
  for (const geo::EntryId id : ground_.names().entries_of(rule.name)) {
    const geo::EntryPath path = ground_.names().entry(id).path;
    blocks |= path.building.number != 0;
    doors |= path.door.number != 0;
    if (blocks) break;
  }
  if (doors && !blocks) return;
  for (NumberRange& range : rule.numbers) {
    if (range.unit == NumberUnit::door) range.unit = NumberUnit::building;
    if (range.to_unit == NumberUnit::door) range.to_unit = NumberUnit::building;
  }
}

// （只招…）: the rule of the item gives way to rules for what is named. False if nothing restricts it.
bool TextCompiler::compile_restrictions(const std::vector<Modifier>& modifiers, const Meant& thing,
                                        const AddressRule& whole) {
  bool restricted = false;
  for (const Modifier& modifier : modifiers) {
    if (modifier.kind != ModifierKind::only) continue;
    for (const Item& item : modifier.items) {
      restricted = true;
      add_within(item, thing, whole, RuleEffect::allow);
    }
    if (modifier.sides.empty()) continue;
    restricted = true;
    AddressRule rule = whole;
    if (rule.level > RuleLevel::restricted_community) rule.level = RuleLevel::restricted_community;
    restrict_to_sides(rule, modifier, thing);
    add_rule(thing, std::move(rule));
  }
  return restricted;
}

void TextCompiler::restrict_to_sides(AddressRule& rule, const Modifier& modifier, const Meant& thing) {
  const Side& first = modifier.sides.front();
  if (modifier.sides.size() == 1 && !first.direction && !first.label) {  // （A路至B路区间段）
    const Region stretch{RegionForm::along, modifier.sides, {}};
    const RegionResult result = compile_region(stretch, modifier.span, ground_, options_, *report_);
    if (result.frontage.size() == 1 && result.frontage.front().name == rule.name) {
      rule.front = result.frontage.front().front;
      rule.level = std::min(rule.level, RuleLevel::number);
    } else {
      make_undetermined(rule, "the part cannot be drawn");
    }
    return;
  }
  const geo::MultiPolygon extent = extent_of(thing);
  const Region region{RegionForm::half_planes, modifier.sides, {}};
  const RegionResult result =
      compile_region(region, modifier.span, ground_, options_, *report_, extent.empty() ? nullptr : &extent);
  for (AddressRule front : result.frontage) {
    if (front.effect == RuleEffect::undetermined && !gives(front) && front.name == geo::kNoName) {
      make_undetermined(rule, report_->quote(front.span));
      continue;
    }
    front.clause = clause_;
    out_.rules.push_back(std::move(front));
  }
  if (result.region) {
    rule.region = add_region(*result.region);
  } else {
    make_undetermined(rule, "the part cannot be drawn");
  }
}

// The shape of a thing, else a box around what is known of it.
geo::MultiPolygon TextCompiler::extent_of(const Meant& thing) const {
  if (thing.area != kNoLine) return ground_.areas()[thing.area].shape;
  const geo::Box box = ground_.names().thing(thing.name).box;
  return box.empty() ? geo::MultiPolygon{} : widened(box, 100);
}

geo::MultiPolygon TextCompiler::widened(const geo::Box& box, double by_m) {
  const geo::LocalScale scale = geo::local_scale(box.min.lat);
  const auto lon = static_cast<std::int32_t>(by_m / scale.lon_m);
  const auto lat = static_cast<std::int32_t>(by_m / scale.lat_m);
  const geo::Point low{box.min.lon - lon, box.min.lat - lat};
  const geo::Point high{box.max.lon + lon, box.max.lat + lat};
  return {{{low, {high.lon, low.lat}, high, {low.lon, high.lat}}, {}}};
}

// 附近: around the thing nobody can tell.
void TextCompiler::add_vicinity(const Meant& thing, const AddressRule& rule) {
  geo::Box box;
  if (thing.name != geo::kNoName) box = ground_.names().thing(thing.name).box;
  if (thing.area != kNoLine) box.extend(geo::bounding_box(ground_.areas()[thing.area].shape));
  if (box.empty()) return;
  AddressRule near = new_rule(RuleLevel::polygon, RuleEffect::undetermined, rule.span);
  near.region = add_region({widened(box, kNearM), {}});
  near.why = rule.why;
  out_.rules.push_back(std::move(near));
}

}  // namespace catchment::engine::zone_text
