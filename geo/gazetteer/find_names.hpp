// Names that are like a typed one. Internal.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "geo/gazetteer/tables.hpp"

namespace catchment::geo {

struct Likeness {
  Evidence evidence = Evidence::name_typo;
  double score = 0;
};
// How a typed key may come from another key; empty if it may not: a digit differs, or too much does.
std::optional<Likeness> likeness(std::u32string_view typed, std::u32string_view key);

// Keys worth a comparison: those that share a deletion or a reading. Sorted.
std::vector<std::uint32_t> similar_keys(const GazetteerTables& tables, std::u32string_view typed);

struct MatchedName : NameHit {
  std::uint32_t key = kNone;                    // the spelling that was met
  Evidence spelling_of = Evidence::name_exact;  // whether that is the thing's name, an alias or a short form
};
// As Gazetteer::find_names; `key` is folded.
std::vector<MatchedName> find_names(const GazetteerTables& tables, std::string_view key, bool fuzzy);

}  // namespace catchment::geo
