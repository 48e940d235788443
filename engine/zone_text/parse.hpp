// From the words of one row of a notice to its clause tree.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/zone_text/clause.hpp"

namespace catchment::engine::zone_text {

// What the parser asks about names. The gazetteer answers for a city; without one, suffixes alone decide.
struct ZoneTextContext {
  const geo::NameLexicon* names = nullptr;
  std::string_view school = {};  // whose row it is: 餘為乙國小學區 is ours if that is its name. Empty: nobody can tell
};

struct ParseCost {
  std::size_t steps = 0;  // characters and tokens looked at
};

// Total: every text gives a tree, and every character that is not punctuation belongs to a clause (perhaps Unread).
// Linear in the length of the text, whatever it holds; nesting deeper than 8 brackets is Unread.
ZoneText parse_zone_text(std::string_view text, const ZoneTextContext& context = {}, ParseCost* cost = nullptr);

}  // namespace catchment::engine::zone_text
