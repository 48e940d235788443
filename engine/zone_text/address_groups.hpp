// Many addresses in few words: 建设路1-23号单号、2-8号双号.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "geo/gazetteer/gazetteer.hpp"

namespace catchment::engine::zone_text {

// Addresses of one street, or of one estate where they have no street, or of one community where they have neither.
struct AddressGroup {
  geo::NameId name = geo::kNoName;  // kNoName: addresses with none of the three
  std::string name_text;            // official name; empty with kNoName
  // Name and runs of numbers, in the words of a notice. A run leaves out no number that the street has on that side;
  // the name alone is all of it.
  std::string text;
  bool whole = false;
  std::vector<geo::EntryId> entries;  // sorted
};

// By name text. Duplicates in `entries` count once.
std::vector<AddressGroup> group_addresses(const geo::Gazetteer& names, std::vector<geo::EntryId> entries);

// The first `limit` groups with the most addresses, "、" between the streets, then how many are left out:
// "建设路1-23号单号；文化路 and 3 more streets (41 addresses)".
std::string summary(std::span<const AddressGroup> groups, std::size_t limit);

}  // namespace catchment::engine::zone_text
