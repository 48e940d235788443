#include "engine/admission/eligibility.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "engine/policy/calendar.hpp"
#include "engine/policy/json_logic.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

using policy::Condition;
using policy::Entry;
using policy::Logic;
using policy::PolicyPack;

enum class Truth { no, yes, unsure };

template <class T>
bool holds_item(const std::vector<T>& items, const T& wanted) {
  return std::ranges::find(items, wanted) != items.end();
}

// What refuses more stands over what refuses less.
int refusal_weight(Verdict verdict) {
  switch (verdict) {
    case Verdict::not_eligible:
      return 5;
    case Verdict::deferred:
      return 4;
    case Verdict::not_yet:
      return 3;
    case Verdict::not_here:
      return 2;
    case Verdict::needs_review:
      return 1;
    case Verdict::eligible:
    case Verdict::undetermined:
      break;
  }
  return 0;
}

Verdict verdict_of(policy::Refusal refusal) {
  switch (refusal) {
    case policy::Refusal::not_here:
      return Verdict::not_here;
    case policy::Refusal::not_eligible:
      return Verdict::not_eligible;
    case policy::Refusal::needs_review:
      break;
  }
  return Verdict::needs_review;
}

}  // namespace

std::string_view to_word(Verdict verdict) {
  constexpr std::array kWords{"eligible",     "not_yet",      "deferred",    "not_here",
                              "not_eligible", "needs_review", "undetermined"};
  return kWords[static_cast<std::size_t>(verdict)];
}

struct EligibilityRules::Compiled {
  PolicyPack pack;
  std::map<std::string, Logic> logics;  // by their text
  std::map<std::string, policy::EvidenceSource> evidence;
  std::vector<std::string> forbidden;

  void add(const Condition& condition, const std::string& where) {
    if (condition.logic.empty() || logics.contains(condition.logic)) return;
    try {
      logics.emplace(condition.logic, Logic::compile(condition.logic));
    } catch (const InputError& error) {
      throw InputError(error.code, where + error.where, error.what());
    }
  }
};

EligibilityRules::EligibilityRules(PolicyPack pack) : compiled_(std::make_unique<Compiled>()) {
  compiled_->pack = std::move(pack);
  Compiled& out = *compiled_;
  for (const auto& rule : out.pack.age_rules) out.add(rule.relaxed_when, "age_rules/" + rule.id);
  for (const auto& category : out.pack.categories) out.add(category.when, "categories/" + category.id);
  for (const auto& bar : out.pack.bars) out.add(bar.when, "bars/" + bar.id);
  for (const auto& placement : out.pack.placements) out.add(placement.when, "placements/" + placement.id);
  for (const auto& flag : out.pack.flags) out.add(flag.when, "flags/" + flag.id);
  for (const auto& limit : out.pack.private_schools.fee_limits) out.add(limit.when, "fee_limits/" + limit.id);
  for (const auto& range : out.pack.private_schools.ranges) out.add(range.widened_when, "ranges/" + range.id);
  for (const auto& evidence : out.pack.evidence) out.evidence[evidence.id] = evidence.source;
  for (const auto& forbidden : out.pack.evidence_forbidden) out.forbidden.push_back(forbidden.id);
}

EligibilityRules::~EligibilityRules() = default;
EligibilityRules::EligibilityRules(EligibilityRules&&) noexcept = default;
EligibilityRules& EligibilityRules::operator=(EligibilityRules&&) noexcept = default;

const PolicyPack& EligibilityRules::pack() const { return compiled_->pack; }

// One child before one pack.
class EligibilityJudge {
 public:
  EligibilityJudge(const PolicyPack& pack, const std::map<std::string, Logic>& logics, const ChildFacts& facts)
      : pack_(pack), logics_(logics), facts_(facts), data_(to_value(facts)) {}

  Eligibility out;

  // Fills `out` but for evidence; the category that was found, if any.
  const policy::Category* judge() {
    if (!facts_.stage) need("stage");
    if (!facts_.sector) need("sector");
    if (!out.missing_facts.empty()) return nullptr;
    stage_ = *engine::find_stage(*facts_.stage);
    sector_ = *facts_.sector == "private_school" ? policy::Sector::private_school : policy::Sector::public_school;
    judge_deferral();
    judge_age();
    judge_graduation();
    if (sector_ == policy::Sector::private_school) judge_private();
    judge_bars();
    const policy::Category* category = find_category();
    judge_placement();
    settle(category);
    return category;
  }

 private:
  void need(const std::string& fact) { out.missing_facts.push_back(fact); }

  void refuse_child(Verdict verdict, const std::string& part, const Entry& entry) {
    if (refusal_weight(verdict) > refusal_weight(refusal_)) refusal_ = verdict;
    say(part, entry);
  }

  void say(const std::string& part, const Entry& entry) {
    out.reasons.push_back({part, entry.id, entry.clause, entry.title, entry.en});
  }

  // Does a condition hold? Names the facts it lacks, where asked to. Too long a condition is unsure.
  Truth test(const Condition& condition, bool naming = true) {
    if (condition.logic.empty()) return Truth::yes;
    const policy::LogicResult result = logics_.at(condition.logic).apply(data_, policy::Absent::unknown);
    if (result.error != policy::LogicError::none) return Truth::unsure;
    if (!result.value.is_unknown()) return policy::is_truthy(result.value) ? Truth::yes : Truth::no;
    if (naming) out.missing_facts.insert(out.missing_facts.end(), result.missing.begin(), result.missing.end());
    return Truth::unsure;
  }

  // A condition that would lift a refusal: its unknown facts stay named beside the refusal.
  Truth test_lifting(const Condition& condition) {
    const std::size_t mark = out.missing_facts.size();
    const Truth held = test(condition);
    const auto from = out.missing_facts.begin() + static_cast<std::ptrdiff_t>(mark);
    lifting_.insert(lifting_.end(), from, out.missing_facts.end());
    out.missing_facts.erase(from, out.missing_facts.end());
    return held;
  }

  template <class Rule>
  bool concerns(const Rule& rule) const {
    const bool stage = rule.stages.empty() || holds_item(rule.stages, stage_);
    return stage && (rule.sector == policy::Sector::any || rule.sector == sector_);
  }

  void judge_deferral() {
    for (const auto& deferral : pack_.deferrals) {
      if (facts_.deferral_granted.value_or(false)) {
        refuse_child(Verdict::deferred, "deferrals", deferral);
      } else if (facts_.deferral_requested.value_or(false)) {
        refuse_child(Verdict::needs_review, "deferrals", deferral);
        out.review_by = deferral.decided_by;
      } else if (facts_.deferred_last_year.value_or(false) && deferral.reapply_each_year) {
        if (!facts_.applied_anew) need("applied_anew");
        if (!facts_.applied_anew.value_or(true)) refuse_child(Verdict::not_yet, "deferrals", deferral);
      }
    }
  }

  const policy::AgeRule* find_age_rule() const {
    const policy::AgeRule* everywhere = nullptr;
    for (const auto& rule : pack_.age_rules) {
      if (rule.stage != stage_) continue;
      if (facts_.district && holds_item(rule.districts, *facts_.district)) return &rule;
      if (rule.districts.empty() && everywhere == nullptr) everywhere = &rule;
    }
    return everywhere;
  }

  void judge_age() {
    const bool by_district = std::ranges::any_of(
        pack_.age_rules, [&](const auto& rule) { return rule.stage == stage_ && !rule.districts.empty(); });
    if (by_district && !facts_.district) return need("district");
    const policy::AgeRule* rule = find_age_rule();
    if (rule == nullptr) return;
    if (!rule->cutoff) {
      out.review_by = rule->delegated_to;
      return refuse_child(Verdict::needs_review, "age_rules", *rule);
    }
    if (!facts_.birth_day) return need("birth_day");
    if (*policy::is_old_enough(*rule, *facts_.birth_day)) return;
    const bool relaxable = !rule->relaxed_when.logic.empty();
    const Truth relaxed = relaxable ? test_lifting(rule->relaxed_when) : Truth::no;
    refuse_child(relaxed == Truth::yes ? Verdict::needs_review : Verdict::not_yet, "age_rules", *rule);
  }

  void judge_graduation() {
    for (const auto& level : pack_.levels) {
      if (level.stage != stage_ || level.graduates_of == 0) continue;
      if (!facts_.primary_graduation_year) {
        need("primary_graduation_year");
      } else if (*facts_.primary_graduation_year > level.graduates_of) {
        refuse_child(Verdict::not_yet, "levels", level);
      } else if (*facts_.primary_graduation_year < level.graduates_of) {
        refuse_child(Verdict::needs_review, "levels", level);
      }
    }
  }

  void judge_private() {
    for (const auto& choice : pack_.private_schools.choices) {
      const bool too_many = facts_.private_choices.value_or(1) > choice.schools;
      const bool both = choice.excludes_public && facts_.also_public.value_or(false);
      if (too_many || both) refuse_child(Verdict::not_eligible, "private_schools/choices", choice);
    }
    for (const auto& limit : pack_.private_schools.fee_limits) judge_fee(limit);
    const bool promoted = facts_.direct_promotion.value_or(false) && !pack_.private_schools.direct_promotion.empty();
    for (const auto& range : pack_.private_schools.ranges) {
      if (promoted || !(range.stages.empty() || holds_item(range.stages, stage_))) continue;
      judge_range(range);
    }
  }

  void judge_fee(const policy::FeeLimit& limit) {
    if (facts_.school_fee_per_term && *facts_.school_fee_per_term <= limit.yuan_per_term) return;
    const Truth meant = test(limit.when);
    if (meant == Truth::no) return;
    if (!facts_.school_fee_per_term) return need("school_fee_per_term");
    if (meant == Truth::yes) refuse_child(Verdict::not_eligible, "private_schools/fee_limits", limit);
  }

  Truth in_district(const std::optional<std::string>& district, const std::string& fact) {
    if (!district) need(fact);
    if (!facts_.school_district) need("school_district");
    if (!district || !facts_.school_district) return Truth::unsure;
    return *district == *facts_.school_district ? Truth::yes : Truth::no;
  }

  // A permit's district counts only if there is a permit: without one there is no district to ask for.
  Truth in_permit_district() {
    if (facts_.permit_holder && *facts_.permit_holder == "none") return Truth::no;
    return in_district(facts_.permit_district, "permit_district");
  }

  Truth in_range(policy::Range range) {
    switch (range) {
      case policy::Range::city:
        return Truth::yes;
      case policy::Range::own_primary:
        return facts_.direct_promotion.value_or(false) ? Truth::yes : Truth::no;
      case policy::Range::approving_district:
        return in_district(facts_.residence_district, "residence_district");
      case policy::Range::hukou_or_permit_district:
        break;
    }
    const Truth hukou = in_district(facts_.hukou_district, "hukou_district");
    if (hukou == Truth::yes) return hukou;
    const Truth permit = in_permit_district();
    return permit == Truth::no ? hukou : permit;
  }

  void judge_range(const policy::PrivateRange& range) {
    const std::size_t mark = out.missing_facts.size();
    Truth best = Truth::no;
    for (const policy::Range each : range.ranges) {
      const Truth now = in_range(each);
      if (now == Truth::yes || best == Truth::no) best = now;
      if (best == Truth::yes) break;
    }
    if (best == Truth::unsure) return;
    out.missing_facts.resize(mark);
    if (best == Truth::yes) return;
    const bool widenable = !range.widened_by.empty();
    const Truth widened = widenable ? test_lifting(range.widened_when) : Truth::no;
    if (widened == Truth::yes) out.review_by = range.widened_by;
    refuse_child(widened == Truth::yes ? Verdict::needs_review : Verdict::not_here, "private_schools/ranges", range);
  }

  void judge_bars() {
    for (const auto& bar : pack_.bars) {
      if (concerns(bar) && test(bar.when) == Truth::yes) refuse_child(verdict_of(bar.refusal), "bars", bar);
    }
  }

  // None where an earlier one is unsure, for then it is not known which comes first.
  const policy::Category* find_category() {
    for (const auto& category : pack_.categories) {
      if (!concerns(category)) continue;
      const Truth held = test(category.when);
      if (held == Truth::yes) return &category;
      if (held == Truth::unsure) return nullptr;
    }
    no_category_ = true;
    return nullptr;
  }

  void judge_placement() {
    for (const auto& placement : pack_.placements) {
      if (test(placement.when, false) != Truth::yes || placement.when.logic.empty()) continue;
      out.placement = placement.id;
      say("placements", placement);
      break;
    }
    for (const auto& flag : pack_.flags) {
      if (!flag.when.logic.empty() && test(flag.when, false) == Truth::yes) out.flags.push_back(flag.id);
    }
  }

  void take_category(const policy::Category& category) {
    out.category = category.id;
    out.tier = category.tier;
    out.points = category.points;
    out.school = category.school;
    out.route = category.route;
    out.review = category.review;
    if (!category.review_by.empty()) out.review_by = category.review_by;
    say("categories", category);
    if (!category.delegated) return;
    if (!facts_.district_rule_met) {
      refusal_ = refusal_weight(refusal_) == 0 ? Verdict::needs_review : refusal_;
    } else if (!*facts_.district_rule_met && refusal_weight(refusal_) < refusal_weight(Verdict::not_here)) {
      refusal_ = Verdict::not_here;
    }
  }

  void say_no_category() {
    for (const auto& level : pack_.levels) {
      if (level.stage == stage_) say("levels", level);
    }
  }

  void settle(const policy::Category* category) {
    if (category != nullptr) take_category(*category);
    if (no_category_ && refusal_weight(refusal_) < refusal_weight(Verdict::not_here)) {
      refusal_ = Verdict::not_here;
      say_no_category();
    }
    const bool refused = refusal_weight(refusal_) > refusal_weight(Verdict::needs_review);
    if (refused) out.missing_facts = lifting_;
    std::ranges::sort(out.missing_facts);
    out.missing_facts.erase(std::unique(out.missing_facts.begin(), out.missing_facts.end()), out.missing_facts.end());
    out.verdict = !refused && !out.missing_facts.empty() ? Verdict::undetermined : refusal_;
  }

  const PolicyPack& pack_;
  const std::map<std::string, Logic>& logics_;
  const ChildFacts& facts_;
  policy::Value data_;
  engine::Stage stage_ = engine::Stage::primary;
  policy::Sector sector_ = policy::Sector::any;
  Verdict refusal_ = Verdict::eligible;
  bool no_category_ = false;
  std::vector<std::string> lifting_;
};

Eligibility EligibilityRules::judge(const ChildFacts& facts) const {
  EligibilityJudge judge(compiled_->pack, compiled_->logics, facts);
  const policy::Category* category = judge.judge();
  if (category == nullptr) return judge.out;
  const std::vector<std::string> shown = facts.evidence.value_or(std::vector<std::string>{});
  for (const std::vector<std::string>& group : category->evidence) {
    if (std::ranges::any_of(group, [&](const std::string& id) { return holds_item(shown, id); })) continue;
    std::vector<std::string> wanted;
    for (const std::string& id : group) {
      if (holds_item(compiled_->forbidden, id)) continue;
      const auto known = compiled_->evidence.find(id);
      const bool shared = known != compiled_->evidence.end() && known->second == policy::EvidenceSource::shared;
      (shared ? judge.out.to_verify : wanted).push_back(id);
    }
    if (!wanted.empty()) judge.out.missing_evidence.push_back(std::move(wanted));
  }
  return judge.out;
}

}  // namespace catchment::engine::admission
