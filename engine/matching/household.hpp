// What is known of a child's household, three-valued, and the conditions of notices held against it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/zone_text/clause.hpp"

namespace catchment::engine {

std::string_view household_word(zone_text::HouseholdKind kind);  // "urban_hukou", as its enumerator
std::optional<zone_text::HouseholdKind> find_household_kind(std::string_view word);

struct HouseholdFact {
  bool holds = false;
  std::string who;  // the village they are natives of, the employer, the police station; as the notice names it
};

struct HouseholdFacts {
  std::map<zone_text::HouseholdKind, HouseholdFact> known;
  std::optional<bool> others;  // what holds of every kind that is not known; empty: nothing is

  // Whether the condition holds, `excluded` taken into account. Empty: not known, also when the condition names a
  // village, employer or station and the fact does not, or has a
  // name that is a part of the other. Urban and non-urban hukou are each other's opposite.
  std::optional<bool> test(const zone_text::Household& condition) const;
};

// "urban_hukou=yes,military_child=no,native_villager=清溪村,others=no", as the tool and the service take it; a name
// stands for yes. Empty text: nothing known. Throws InputError("household_invalid", `where`).
HouseholdFacts parse_household_facts(std::string_view text, std::string_view where);

// One question a household can be asked: a condition without `excluded`, opposites folded into one.
zone_text::Household question_of(const zone_text::Household& condition);
bool same_question(const zone_text::Household& a, const zone_text::Household& b);
// `question` answered so is what `condition` wants. Both must ask the same.
bool wants(const zone_text::Household& condition);

}  // namespace catchment::engine
