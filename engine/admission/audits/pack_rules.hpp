// A policy pack as the rules its season is audited by.
#pragma once

#include "engine/admission/audits/audits.hpp"
#include "engine/policy/policy_pack.hpp"

namespace catchment::engine::admission {

// Uses are the pack's bans, then its checklists; a ban's id is the kind of its incidents. Records are its duties (kind
// = the duty's id, for each school, district or the city by `who`; a duty whose record names another table,
// "estates.csv", is that table's audit's). Publications that are due only if something happened (a changed zone, a
// warning, a brochure) are not asked for. Placements are what the pack's conditions say of each degree of disability.
// Not from the pack, and left as they are: figures of large classes, last year's share, limits for complaints,
// field_fault.
AuditRules audit_rules(const policy::PolicyPack& pack);

}  // namespace catchment::engine::admission
