// The clauses of a text, each by its kind.
#include "engine/zone_text/compiling/text_compiler.hpp"

#include <algorithm>

namespace catchment::engine::zone_text {

const Modifier* find_modifier(const std::vector<Modifier>& modifiers, ModifierKind kind) {
  const auto found =
      std::find_if(modifiers.begin(), modifiers.end(), [&](const Modifier& m) { return m.kind == kind; });
  return found == modifiers.end() ? nullptr : &*found;
}

std::vector<Household> households_of(const std::vector<Modifier>& modifiers) {
  std::vector<Household> out;
  for (const Modifier& m : modifiers) {
    if (m.kind == ModifierKind::household || m.kind == ModifierKind::only || m.kind == ModifierKind::except) {
      out.insert(out.end(), m.households.begin(), m.households.end());
    }
  }
  return out;
}

CompiledText TextCompiler::run() {
  Reporter report(out_.tree.text, out_.findings);
  NameResolver names(ground_, options_, report);
  report_ = &report;
  names_ = &names;
  for (clause_ = 0; clause_ < out_.tree.clauses.size(); ++clause_) {
    const Clause& clause = out_.tree.clauses[clause_];
    check_words(clause);
    scope_ = here();
    std::visit([&](const auto& what) { compile_clause(clause, what); }, clause.what);
  }
  std::stable_sort(out_.findings.begin(), out_.findings.end(), [](const Finding& a, const Finding& b) {
    return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.kind < b.kind;
  });
  return std::move(out_);
}

void TextCompiler::compile_clause(const Clause& clause, const Region& written) {
  const RegionResult result =
      compile_region(with_contained_sides(written, clause), clause.span, ground_, options_, *report_);
  const std::vector<Household> households = clause_households(clause);
  if (result.region || result.uncertain) {
    AddressRule rule = new_rule(RuleLevel::polygon, RuleEffect::allow, clause.span);
    rule.region = add_region(result.region ? *result.region : *result.uncertain);
    rule.households = households;
    if (!result.region) make_undetermined(rule, "the region cannot be drawn");
    apply_doubt(rule, clause.modifiers);
    out_.rules.push_back(std::move(rule));
  }
  for (AddressRule rule : result.frontage) {
    rule.clause = clause_;
    if (rule.effect == RuleEffect::undetermined && !gives(rule)) {
      doubt_scope(rule, report_->quote(rule.span));
      continue;
    }
    if (rule.effect == RuleEffect::allow) rule.households = households;
    out_.rules.push_back(std::move(rule));
  }
  for (const Modifier& modifier : clause.modifiers) {
    if (modifier.kind == ModifierKind::contains) compile_contained(modifier, nullptr, households);
  }
  compile_exceptions(clause.modifiers, nullptr, {});
}

// 以北包括夏荷路南侧: the frontage of a street that the region names.
Region TextCompiler::with_contained_sides(Region region, const Clause& clause) {
  for (const Modifier& modifier : clause.modifiers) {
    if (modifier.kind != ModifierKind::contains) continue;
    for (const Side& side : modifier.sides) {
      for (const Line& line : side.line.lines) {
        const FrontageKind kind = side.direction ? FrontageKind::one_side : FrontageKind::included;
        if (!region.sides.empty()) region.sides.front().frontages.push_back({kind, side.direction, line, side.span});
      }
    }
  }
  return region;
}

void TextCompiler::compile_clause(const Clause& clause, const Addresses& addresses) {
  for (const Item& item : addresses.items) compile_item(clause, item);
  compile_exceptions(clause.modifiers, nullptr, {});
  for (const Modifier& modifier : clause.modifiers) {
    if (modifier.kind == ModifierKind::contains) compile_contained(modifier, nullptr, clause_households(clause));
  }
}

void TextCompiler::compile_clause(const Clause& clause, const engine::zone_text::Feeder& feeder) {
  FeederRule rule;
  rule.schools = feeder.schools;
  rule.of = feeder.of;
  rule.own = feeder.own;
  const bool partial = feeder.partial || find_modifier(clause.modifiers, ModifierKind::partial) != nullptr;
  rule.effect = partial ? RuleEffect::undetermined : RuleEffect::allow;
  rule.households = feeder.households;
  for (const Household& h : clause_households(clause)) rule.households.push_back(h);
  if (!feeder.sides.empty()) {
    const Region region{RegionForm::half_planes, feeder.sides, {}};
    const RegionResult result = compile_region(region, clause.span, ground_, options_, *report_);
    if (result.region) rule.region = add_region(*result.region);
    if (!result.region) rule.effect = RuleEffect::undetermined;
  }
  if (feeder.partial) {
    report_->add(FindingKind::undecidable, clause.span, "The words do not say which part of the graduates is meant.");
  }
  rule.clause = clause_;
  rule.span = clause.span;
  out_.feeders.push_back(std::move(rule));
}

void TextCompiler::compile_clause(const Clause& clause, const HouseholdGroup& group) {
  out_.groups.push_back({group.household, clause_, clause.span});
}

void TextCompiler::compile_clause(const Clause& clause, const ZoneReference& reference) {
  report_->add(FindingKind::unresolved_reference, clause.span,
               "The zone is that of " + reference.school.text + (reference.former ? " as it was" : "") +
                   ": its own text decides.");
  ReferenceRule rule{reference, clause_households(clause), {}, clause_, clause.span};
  AddressRule doubted = new_rule(RuleLevel::polygon, RuleEffect::allow, clause.span);
  apply_doubt(doubted, clause.modifiers);
  rule.doubt = doubted.why;
  for (const Modifier& m : clause.modifiers) {
    const bool limits = m.kind == ModifierKind::only && (!m.items.empty() || !m.sides.empty());
    if (limits && rule.doubt.empty()) rule.doubt = report_->quote(m.span);  // which part of it, nobody works out
  }
  out_.references.push_back(std::move(rule));
  compile_exceptions(clause.modifiers, nullptr, {});
}

void TextCompiler::compile_clause(const Clause& clause, const Allocation& allocation) {
  if (allocation.mode == AllocationMode::direct && allocation.items.empty()) return;
  out_.allocations.push_back(allocation);
  out_.allocations.back().span = clause.span;
}

void TextCompiler::compile_clause(const Clause&, const Note&) {}

void TextCompiler::compile_clause(const Clause& clause, const Unread&) {
  report_->add(FindingKind::unread, clause.span, "These words could not be read.");
}

AddressRule TextCompiler::new_rule(RuleLevel level, RuleEffect effect, Span span) const {
  AddressRule rule;
  rule.level = level;
  rule.effect = effect;
  rule.clause = clause_;
  rule.span = span;
  return rule;
}

std::size_t TextCompiler::add_region(CompiledRegion region) {
  out_.regions.push_back(std::move(region));
  return out_.regions.size() - 1;
}

void TextCompiler::make_undetermined(AddressRule& rule, std::string why) {
  if (rule.effect != RuleEffect::allow) return;
  rule.effect = RuleEffect::undetermined;
  rule.why = std::move(why);
}

std::vector<Household> TextCompiler::clause_households(const Clause& clause) {
  std::vector<Household> out = clause.households;
  for (const Household& h : households_of(clause.modifiers)) out.push_back(h);
  return out;
}

// 部分, 附近, 已拆迁: the words that leave the answer open.
void TextCompiler::apply_doubt(AddressRule& rule, const std::vector<Modifier>& modifiers) const {
  for (const Modifier& m : modifiers) {
    const bool is_void = m.kind == ModifierKind::void_now && m.items.empty();
    if (is_void || m.kind == ModifierKind::partial || m.kind == ModifierKind::vague) {
      make_undetermined(rule, report_->quote(m.span));
    }
  }
}

}  // namespace catchment::engine::zone_text
