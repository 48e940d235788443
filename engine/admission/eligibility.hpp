// Whether one child may enter where it applies, in which category and tier, and what is still missing, by a policy
// pack.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/admission/child_facts.hpp"
#include "engine/policy/policy_pack.hpp"

namespace catchment::engine::admission {

enum class Verdict {
  eligible,
  not_yet,       // too young, still in primary school, or put off and not applied for anew
  deferred,      // entry was put off this year
  not_here,      // no category, another district's, outside the range
  not_eligible,  // barred: more choices than allowed, a fee limit, a school not for this child
  needs_review,  // an office has to decide; the reason says which and why
  undetermined,  // facts are missing
};

std::string_view to_word(Verdict verdict);

// Why, in the pack's words: one entry of it, and the clause it rests on.
struct Reason {
  std::string part;   // "categories", "bars", "age_rules"...
  std::string entry;  // its id
  std::string clause;
  std::string title;
  std::string en;

  friend bool operator==(const Reason&, const Reason&) = default;
};

struct Eligibility {
  Verdict verdict = Verdict::undetermined;
  std::string category;  // ids; empty: none
  std::string tier;
  std::string points;
  std::string placement;  // for a child with a disability
  std::string school;     // of a category with a named school
  policy::Route route = policy::Route::zone;
  policy::Review review = policy::Review::none;
  std::string review_by;
  std::vector<std::vector<std::string>> missing_evidence;  // for the family to bring: of each group one
  std::vector<std::string> to_verify;                      // what offices verify between themselves
  std::vector<std::string> missing_facts;                  // sorted; that could still change the verdict
  std::vector<std::string> flags;                          // to be set on the record
  std::vector<Reason> reasons;                             // what decided first
};

// The conditions of a pack, compiled once. Judging is pure and may be done from several threads.
class EligibilityRules {
 public:
  // Keeps a copy of what it needs. Throws InputError(logic_*) with the entry as `where`.
  explicit EligibilityRules(policy::PolicyPack pack);
  ~EligibilityRules();
  EligibilityRules(EligibilityRules&&) noexcept;
  EligibilityRules& operator=(EligibilityRules&&) noexcept;

  const policy::PolicyPack& pack() const;

  // In this order: what is applied for; entry put off; age and graduation; private schools' choices, range and fees;
  // bars; the first category that holds. Whatever is unknown and could decide is named in missing_facts; a known
  // refusal stands all the same, though a weightier one may join it. Evidence that may not be asked is never named.
  Eligibility judge(const ChildFacts& facts) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace catchment::engine::admission
