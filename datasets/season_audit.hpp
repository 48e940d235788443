// A policy pack as the rules of its audits, with what beside it is ours: class figures of the demand rules, and the
// list of fields that may be asked.
#pragma once

#include "engine/admission/audits/audits.hpp"
#include "engine/policy/policy_pack.hpp"

namespace catchment::datasets {

struct SeasonAuditOptions {
  int problem_from = 3;     // upheld complaints and incidents of a problem school
  int answer_days = 0;      // a complaint may stay open; 0: none asked for
  int migrant_before = -1;  // last year's share, per thousand; -1: not known
};

engine::admission::AuditRules season_audit_rules(const engine::policy::PolicyPack& pack,
                                                 const SeasonAuditOptions& options);

}  // namespace catchment::datasets
