// What is wrong with a policy pack beyond its form: a pack that lints clean can be run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/policy_pack.hpp"

namespace catchment::engine::admission {

enum class PackFault {
  id_twice,              // two entries of one list with one id
  clause_unknown,        // an entry cites a clause the pack does not have
  clause_unused,         // no entry rests on the clause; a warning
  reference_unknown,     // an id of another list that is not there
  dates_out_of_order,    // closes before it opens, an empty day, a batch outside its window, a draw after its
                         // confirmation
  end_of_day_included,   // 24:00 at an inclusive end
  holidays_wrong,        // breaks out of order, a made-up day that is no weekend, dates of the pack beyond the table
  term_incomplete,       // a deadline without moment and without working days, or working days from nothing
  rule_incomplete,       // an age rule, points table, category or quota that says too little or two things
  tier_unreachable,      // no category leads to the tier
  tier_rank_twice,       // two tiers of one sector and stage with one rank
  category_unreachable,  // an earlier category takes everybody
  evidence_forbidden,    // evidence or a field is asked for that may not be
  condition_wrong,       // no JsonLogic, or a var that is not named literally
  fact_unknown,          // a condition or points item reads a fact that is not in child_facts
};

std::string_view to_word(PackFault fault);
bool is_warning(PackFault fault);

struct PackFinding {
  PackFault fault;
  std::string where;  // list and id: "categories/rural"
  std::string message;
};

// In the order of the pack; equal packs give equal findings. O(entries squared) in the longest list.
std::vector<PackFinding> lint_pack(const policy::PolicyPack& pack);

}  // namespace catchment::engine::admission
