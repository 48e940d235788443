#include "engine/policy/policy_pack.hpp"

namespace catchment::engine::policy {

const Clause* find_clause(const PolicyPack& pack, const std::string& id) {
  for (const Document& document : pack.documents) {
    for (const Clause& clause : document.clauses) {
      if (clause.id == id) return &clause;
    }
  }
  return nullptr;
}

}  // namespace catchment::engine::policy
