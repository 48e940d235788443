// What the brackets of an item or of a clause take away, add or limit: things of their own, or numbers of the same
// name.
#include "engine/zone_text/compiling/text_compiler.hpp"

#include <algorithm>

namespace catchment::engine::zone_text {

// An item named in the brackets of another, or of the clause: numbers of the same name, or things of their own.
void TextCompiler::add_within(const Item& item, const Meant& outer, const AddressRule& whole, RuleEffect effect) {
  std::vector<Meant> things;
  std::vector<geo::NameId> path;
  const bool same = item.name.text.empty();
  if (same) {
    things = {outer};
    path = whole.path;
  } else {
    Resolution resolution = names_->resolve(item);
    things = std::move(resolution.things);
    path = std::move(resolution.path);
    if (things.empty() && effect == RuleEffect::deny && outer.name != geo::kNoName) {
      // Nobody can tell where the exception lies: anything under the outer name may be in it.
      AddressRule doubt = whole;
      doubt.name = outer.name;
      doubt.level = RuleLevel::denial;
      make_undetermined(doubt, "nothing is called " + item.name.text);
      add_rule(outer, std::move(doubt));
    }
  }
  for (const Meant& thing : things) {
    AddressRule rule = rule_for(thing, item, path);
    if (same) rule.path = path;
    rule.effect = effect;
    if (effect == RuleEffect::deny) rule.level = RuleLevel::denial;
    if (effect == RuleEffect::allow) {
      rule.households = whole.households;
      for (const Household& h : households_of(item.modifiers)) rule.households.push_back(h);
    }
    // A whole street is meant only as far as it runs through the area it is named in.
    const bool street = thing.kind == ItemKind::street && rule.numbers.empty();
    if (street && is_area(outer.kind) && outer.name != geo::kNoName) {
      if (goes_by_shape(outer.kind) && outer.area != kNoLine) {
        rule.region = add_region({ground_.areas()[outer.area].shape, {}});
      } else {
        rule.path.push_back(outer.name);
      }
    }
    if (things.size() > 1) make_undetermined(rule, "several things are called " + item.name.text);
    check_numbers(item, rule);
    apply_doubt(rule, item.modifiers);
    if (effect == RuleEffect::deny && things.size() > 1) {
      if (outer.name == geo::kNoName) continue;
      // Which one is excepted nobody can tell: what is under the outer name and under any of them is in doubt.
      rule.effect = RuleEffect::undetermined;
      rule.why = "several things are called " + item.name.text;
      rule.path.push_back(outer.name);
    }
    // 151号除外 within a numbered lane or estate keeps the outer numbers' axis.
    add_void(thing, rule, item.modifiers);
    add_rule(thing, std::move(rule));
  }
}

void TextCompiler::compile_contained(const Modifier& modifier, const Item* outer,
                                     const std::vector<Household>& households) {
  AddressRule whole;
  whole.households = households;
  for (const Item& item : modifier.items) {
    if (item.name.text.empty() && outer == nullptr) continue;
    if (item.name.text.empty()) {
      const Resolution own = resolve_quietly(*outer);
      if (own.things.size() == 1) add_within(item, own.things.front(), whole, RuleEffect::allow);
    } else {
      add_within(item, {}, whole, RuleEffect::allow);
    }
  }
}

Resolution TextCompiler::resolve_quietly(const Item& item) const {
  return {names_->find(item.name.text, item.kind), {}};
}

void TextCompiler::compile_exceptions(const std::vector<Modifier>& modifiers, const Item* outer,
                                      const Resolution& resolution) {
  for (const Modifier& modifier : modifiers) {
    if (modifier.kind == ModifierKind::void_now) {
      for (const Item& item : modifier.items) compile_void(item, outer, resolution);
    }
    if (modifier.kind != ModifierKind::except) continue;
    for (const Item& item : modifier.items) compile_exception(item, outer, resolution);
    if (!modifier.sides.empty()) except_sides(modifier, resolution);
  }
}

// 国平里（1至13邻…，余为…）: what is left of the village, beside numbers that have a rule of their own. That rule is
// the stronger one; denying its numbers would undo it.
bool TextCompiler::restates_rest(const Item& item, const Item& outer, const Meant& thing) const {
  if (!item.name.text.empty() || find_modifier(outer.modifiers, ModifierKind::partial) == nullptr) return false;
  return std::any_of(out_.rules.begin(), out_.rules.end(), [&](const AddressRule& rule) {
    return rule.name == thing.name && rule.effect == RuleEffect::allow && !rule.numbers.empty();
  });
}

void TextCompiler::compile_exception(const Item& item, const Item* outer, const Resolution& resolution) {
  if (item.name.text.empty() && resolution.things.empty()) {
    if (outer == nullptr) {
      report_->add(FindingKind::number_without_street, item.span, "These numbers stand without a street or an estate.");
    }
    return;
  }
  const Meant thing = resolution.things.size() == 1 ? resolution.things.front() : Meant{};
  if (item.name.text.empty() && thing.name == geo::kNoName) return;
  if (outer != nullptr && restates_rest(item, *outer, thing)) return;
  AddressRule whole;
  whole.path = resolution.path;
  if (item.name.text.empty() && outer != nullptr) {
    check_exclusion(item, *outer);
    Item nested = item;
    nest_like(nested, *outer);
    add_within(nested, thing, whole, RuleEffect::deny);
    return;
  }
  add_within(item, thing, whole, RuleEffect::deny);
}

// Inside 81号大院（1-144号，其中81号之二除外） and 209弄（…除外） numbers count within the one compound or lane
// named.
void TextCompiler::nest_like(Item& item, const Item& outer) {
  if (outer.numbers.size() != 1 || outer.numbers.front().inside.empty()) return;
  for (NumberRange& range : item.numbers) {
    NumberRange shell = outer.numbers.front();
    const bool own = shell.from && range.from && shell.from->number == range.from->number;
    if (own || range.unit == NumberUnit::lane || range.unit == NumberUnit::compound) continue;
    shell.inside = {range};
    shell.span = range.span;
    range = std::move(shell);
  }
}

// 其中5、7号已拆迁: nobody should live there; whoever is still registered there, or has come back, must ask. Stronger
// than what gives the numbers around them, so the answer is undetermined there.
void TextCompiler::compile_void(const Item& item, const Item* outer, const Resolution& resolution) {
  std::vector<Meant> things = resolution.things;
  std::vector<geo::NameId> path = resolution.path;
  Item nested = item;
  if (item.name.text.empty() && outer != nullptr) {
    nest_like(nested, *outer);
  } else if (item.name.text.empty()) {  // behind the whole list: numbers of any of its streets
    const auto* listed = std::get_if<Addresses>(&out_.tree.clauses[clause_].what);
    for (const Item& named : listed == nullptr ? std::vector<Item>{} : listed->items) {
      for (const Meant& thing : resolve_quietly(named).things) things.push_back(thing);
    }
  } else {
    Resolution named = names_->resolve(item);
    things = std::move(named.things);
    path = std::move(named.path);
  }
  for (const Meant& thing : things) {
    if (item.name.text.empty() && thing.name == geo::kNoName) continue;
    AddressRule rule = rule_for(thing, nested, path);
    if (item.name.text.empty()) rule.path = path;
    rule.level = RuleLevel::denial;
    put_in_doubt(rule, report_->quote(item.span) + " is said to be no more");
    add_rule(thing, std::move(rule));
  }
}

void TextCompiler::except_sides(const Modifier& modifier, const Resolution& resolution) {
  AddressRule rule = new_rule(RuleLevel::denial, RuleEffect::deny, modifier.span);
  const Meant thing = resolution.things.size() == 1 ? resolution.things.front() : Meant{};
  rule.name = thing.name;
  geo::MultiPolygon extent;
  if (thing.name != geo::kNoName || thing.area != kNoLine) extent = extent_of(thing);
  const Region region{RegionForm::half_planes, modifier.sides, {}};
  const RegionResult result =
      compile_region(region, modifier.span, ground_, options_, *report_, extent.empty() ? nullptr : &extent);
  if (!result.region) {
    for (AddressRule& other : out_.rules) {
      if (other.clause == clause_ && other.name == rule.name) make_undetermined(other, "the exception cannot be drawn");
    }
    return;
  }
  rule.region = add_region(*result.region);
  if (rule.name != geo::kNoName && goes_by_shape(thing.kind)) rule.name = geo::kNoName;
  out_.rules.push_back(std::move(rule));
}

}  // namespace catchment::engine::zone_text
