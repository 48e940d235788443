// Ranked choices against priorities and quotas: student-proposing deferred acceptance (Gale, Shapley 1962).
//
// Everybody applies to the best school of the own list that may still take it; a school holds the best of all who ever
// applied, up to its quota. What comes out is the one stable matching that every applicant likes at least as well as
// any other stable one, so it does not depend on who applies first, on threads or on the order of lists; and listing
// other than as wished never helps (Dubins, Freedman 1981; Roth 1982). Stable: nobody prefers a school that has a free
// seat or has taken somebody of lower priority.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace catchment::engine::admission {

// One line of an applicant's list. Priority: smaller first; tier and points of this applicant at this school.
struct RankedChoice {
  std::uint32_t school = 0;
  std::uint32_t priority = 0;
};

struct ChoiceInput {
  std::vector<int> quotas;                  // by school
  std::vector<std::uint32_t> first_choice;  // by applicant, one more at the end: into choices
  std::vector<RankedChoice> choices;        // by applicant, best first, no school twice, at most 255 each
  std::vector<std::uint32_t> tickets;       // by applicant: its place in the order of the draw, 0..n-1 each once
                                            // (`places_in_order`); among equal priority the smaller first
};

inline constexpr std::uint8_t kNoChoice = 0xFF;

// Who would still have been admitted, at the worst: (priority, ticket) of the last one a full school holds.
struct ChoiceCutOff {
  bool full = false;  // otherwise everybody who applied was admitted
  std::uint32_t priority = 0, ticket = 0;
  std::uint32_t applicant = 0;
  int admitted = 0;
};

struct ChoiceResult {
  std::vector<std::uint8_t> choice;    // by applicant: into its list; kNoChoice: none of it
  std::vector<ChoiceCutOff> cut_offs;  // by school
};

// Throws InputError("choices", part) on lists that do not fit together, and on more than 2^31 choices. About one step a
// choice. The same result for any `threads`; more than the machine has gain nothing.
ChoiceResult match_choices(const ChoiceInput& input, unsigned threads = 1);

// Pairs that block a matching (it is stable: 0) and seats taken beyond quotas. Shares nothing with match_choices.
// O(choices).
std::int64_t count_blocking_pairs(const ChoiceInput& input, std::span<const std::uint8_t> choice);

}  // namespace catchment::engine::admission
