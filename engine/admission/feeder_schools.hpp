// The junior schools that a pack's feeder table (对口) gives a graduate.
#pragma once

#include <string>
#include <vector>

#include "engine/admission/child_facts.hpp"
#include "engine/policy/policy_pack.hpp"

namespace catchment::engine::admission {

struct FeederSchool {
  std::string school;
  std::string feeder;  // the id of the table's row
  std::string clause;
  bool part = false;                       // only some of the primary school's graduates; which, others decide
  std::vector<std::string> missing_facts;  // the row counts only once these are known
};

// The rows that name the child's category, or its primary school and campus under a condition that holds or may hold.
// A row without a campus takes every campus. In the order of the table; empty where no row does, or where the primary
// school is not known. Throws InputError(logic_*) where a condition is none; O(rows).
std::vector<FeederSchool> feeder_schools(const policy::PolicyPack& pack, const ChildFacts& facts,
                                         const std::string& category);

}  // namespace catchment::engine::admission
