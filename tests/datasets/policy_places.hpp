// What tests of the places' packs share: the packs, their entries by id, what an entry's clause serves.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "datasets/policy_pack.hpp"
#include "engine/admission/audits/pack_rules.hpp"
#include "engine/policy/json_logic.hpp"

namespace catchment::datasets {

namespace policy = engine::policy;
namespace admission = engine::admission;
using Texts = std::vector<std::string>;

inline const policy::PolicyPack& pack_of(const std::string& id) {
  static std::map<std::string, policy::PolicyPack> packs;
  const auto at = packs.find(id);
  if (at != packs.end()) return at->second;
  return packs.emplace(id, load_policy_pack(CATCHMENT_SOURCE_DIR "/datasets/policy/packs/" + id + ".json"))
      .first->second;
}

inline const policy::PolicyPack& zhengzhou() { return pack_of("zhengzhou-2024"); }
inline const policy::PolicyPack& zhanhe() { return pack_of("zhanhe-2024"); }
inline const policy::PolicyPack& lingbao() { return pack_of("lingbao-2024"); }

// The entry of an id; fails the test if there is none.
template <class Entries>
const auto& entry(const Entries& entries, const std::string& id) {
  const auto at = std::ranges::find_if(entries, [&](const auto& one) { return one.id == id; });
  EXPECT_NE(at, entries.end()) << id;
  return at == entries.end() ? entries.front() : *at;
}

template <class Entries>
bool has(const Entries& entries, const std::string& id) {
  return std::ranges::any_of(entries, [&](const auto& one) { return one.id == id; });
}

inline std::string span_text(const policy::PolicyPack& pack, const std::string& id) {
  const policy::Span& span = entry(pack.calendar.windows, id).span;
  return to_text(span.opens) + (span.opens_inclusive ? " [" : " (") + " " + to_text(span.closes) +
         (span.closes_inclusive ? " ]" : " )");
}

// The requirements an entry's clause serves.
inline Texts serves(const policy::PolicyPack& pack, const policy::Entry& one) {
  const policy::Clause* clause = policy::find_clause(pack, one.clause);
  EXPECT_NE(clause, nullptr) << one.id;
  return clause == nullptr ? Texts{} : clause->serves;
}

inline bool holds(const policy::Condition& condition, const std::string& facts) {
  return condition.logic.empty() ||
         is_truthy(policy::Logic::compile(condition.logic).apply(policy::parse_value(facts)).value);
}

inline Texts audits_of(const policy::PolicyPack& pack) {
  Texts audits;
  for (const admission::AuditUse& use : admission::audit_rules(pack).uses) audits.push_back(use.audit);
  return audits;
}

inline bool audits(const policy::PolicyPack& pack, const std::string& audit, const std::string& requirement) {
  for (const admission::AuditUse& use : admission::audit_rules(pack).uses) {
    const policy::Clause* clause = policy::find_clause(pack, use.clause);
    if (use.audit == audit && clause != nullptr && std::ranges::count(clause->serves, requirement) > 0) return true;
  }
  return false;
}

}  // namespace catchment::datasets
