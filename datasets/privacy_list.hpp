// The privacy list of the product, datasets/privacy/{fields,forbidden}.tsv, which is part of the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/policy_pack.hpp"
#include "engine/policy/privacy/field_rules.hpp"

namespace catchment::datasets {

const engine::policy::FieldRules& privacy_list();

// Reads such lists. Throws InputError(privacy_list) with where = "fields.tsv:17".
engine::policy::FieldRules parse_privacy_list(std::string_view fields, std::string_view forbidden);

// What a pack asks of families that it may not: evidence, fields of its form and facts of its conditions that are
// forbidden.
struct PackFieldFault {
  std::string pointer;  // into the pack: "/evidence/3"
  std::string clause;   // the entry's own
  engine::policy::FieldFault fault;
};
// By title, as families read it; a form field's id will do where it is one of the list. Evidence the offices share is
// not asked of anybody. A form field must be listed; evidence must be free of forbidden terms.
std::vector<PackFieldFault> pack_field_faults(const engine::policy::PolicyPack& pack,
                                              const engine::policy::FieldRules& rules);

}  // namespace catchment::datasets
