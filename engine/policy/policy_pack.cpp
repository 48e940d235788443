#include "engine/policy/policy_pack.hpp"

#include <array>

namespace catchment::engine::policy {

std::string_view to_word(Route route) {
  constexpr std::array kWords{"zone",         "feeder",        "remaining_seats", "bureau",
                              "named_school", "school_choice", "direct_promotion"};
  return kWords[static_cast<std::size_t>(route)];
}

std::string_view to_word(Review review) {
  constexpr std::array kWords{"none", "online", "on_site"};
  return kWords[static_cast<std::size_t>(review)];
}

const Clause* find_clause(const PolicyPack& pack, const std::string& id) {
  for (const Document& document : pack.documents) {
    for (const Clause& clause : document.clauses) {
      if (clause.id == id) return &clause;
    }
  }
  return nullptr;
}

}  // namespace catchment::engine::policy
