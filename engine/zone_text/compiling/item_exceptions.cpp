// What the brackets of an item or of a clause take away, add or limit: things of their own, or numbers of the same
// name.
#include "engine/zone_text/compiling/text_compiler.hpp"

#include <algorithm>
#include <utility>

#include "engine/zone_text/compiling/exception_doubts.hpp"

namespace catchment::engine::zone_text {
namespace {

bool is_restricted(const Item& item) {
  const Modifier* only = find_modifier(item.modifiers, ModifierKind::only);
  return only != nullptr && (!only->items.empty() || !only->sides.empty());
}

}  // namespace

// An exception that may hold, of what was given since scope_ or, if it is a sentence of its own, of all before it.
void TextCompiler::doubt_scope(AddressRule exception, std::string why) {
  exception.why = std::move(why);
  const auto from = out_.rules.begin() + static_cast<std::ptrdiff_t>(scope_.rules);
  const bool own_sentence = scope_.references == out_.references.size() && std::none_of(from, out_.rules.end(), gives);
  const Scope scope = own_sentence ? Scope{} : scope_;
  const std::size_t end = out_.rules.size();
  for (std::size_t i = scope.rules; i < end; ++i) {
    if (gives(out_.rules[i])) out_.rules.push_back(doubt_of(out_.rules[i], exception));
  }
  for (std::size_t i = scope.references; i < out_.references.size(); ++i) {
    out_.references[i].exceptions.push_back(exception);
  }
}

// 翠湖花园的部分除外, （翠湖花园（3号楼除外）除外）: what of it is excepted the words do not say, or not simply.
bool TextCompiler::is_in_part(const Item& item) {
  return std::any_of(item.modifiers.begin(), item.modifiers.end(), [](const Modifier& m) {
    const bool narrows = m.kind == ModifierKind::except || m.kind == ModifierKind::only;
    return m.kind == ModifierKind::partial || m.kind == ModifierKind::vague ||
           (narrows && (!m.items.empty() || !m.sides.empty()));
  });
}

// An item named in the brackets of another, or of the clause: numbers of the same name, or things of their own.
void TextCompiler::add_within(const Item& item, const Meant& outer, const AddressRule& whole, RuleEffect effect) {
  const bool same = item.name.text.empty();
  const Resolution resolution = same ? Resolution{{outer}, whole.path} : names_->resolve(item);
  const bool denies = effect == RuleEffect::deny;
  if (resolution.things.empty()) {
    const std::string why = "nothing is called " + item.name.text;
    if (denies) {
      doubt_scope(new_rule(RuleLevel::denial, effect, item.span), why);
    } else if (outer.name != geo::kNoName || outer.area != kNoLine) {
      AddressRule somewhere = whole;
      make_undetermined(somewhere, why);
      add_rule(outer, std::move(somewhere));
    }
  }
  const bool several = resolution.things.size() > 1;
  const Scope outer_scope = denies ? scope_ : std::exchange(scope_, here());
  for (const Meant& thing : resolution.things) {
    AddressRule rule = rule_for(thing, item, resolution.path);
    if (same) rule.path = resolution.path;
    rule.effect = effect;
    if (denies) rule.level = RuleLevel::denial;
    if (!denies) rule.households = whole.households;
    for (const Household& h : households_of(item.modifiers)) rule.households.push_back(h);
    // A whole street is meant only as far as it runs through the area it is named in.
    const bool street = thing.kind == ItemKind::street && rule.numbers.empty();
    if (street && is_area(outer.kind) && outer.name != geo::kNoName) {
      if (goes_by_shape(outer.kind) && outer.area != kNoLine) {
        rule.region = add_region({ground_.areas()[outer.area].shape, {}});
      } else {
        rule.path.push_back(outer.name);
      }
    }
    check_numbers(item, rule);
    if (denies && (several || is_in_part(item))) {
      if (goes_by_shape(thing.kind)) rule.name = geo::kNoName;
      if (rule.name == geo::kNoName) rule.numbers.clear();
      doubt_scope(rule, several ? "several things are called " + item.name.text : report_->quote(item.span));
      continue;
    }
    if (several) make_undetermined(rule, "several things are called " + item.name.text);
    apply_doubt(rule, item.modifiers);
    if (is_restricted(item)) make_undetermined(rule, report_->quote(item.span));
    // 151号除外 within a numbered lane or estate keeps the outer numbers' axis.
    add_void(thing, rule, item.modifiers);
    add_rule(thing, std::move(rule));
  }
  if (!denies && !same) compile_exceptions(item.modifiers, &item, resolution);
  scope_ = outer_scope;
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
      AddressRule numbered = new_rule(RuleLevel::denial, RuleEffect::deny, item.span);
      numbered.numbers = item.numbers;
      doubt_scope(numbered, report_->quote(item.span));
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
    make_undetermined(rule, report_->quote(item.span) + " is said to be no more");
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
    doubt_scope(rule, "the exception cannot be drawn");
    return;
  }
  rule.region = add_region(*result.region);
  if (rule.name != geo::kNoName && goes_by_shape(thing.kind)) rule.name = geo::kNoName;
  out_.rules.push_back(std::move(rule));
}

}  // namespace catchment::engine::zone_text
