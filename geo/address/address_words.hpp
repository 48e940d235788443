// The words by which an address says what kind of thing it names. For the sources of geo/address only.
#pragma once

#include <cstdint>
#include <string_view>

#include "geo/address/address.hpp"

namespace catchment::geo {

// A word a name ends with. Costs are those of the cheapest reading that address_pieces.cpp looks for: the extra one of
// a name ending so, and that of the word standing inside a longer name, where it more probably ends one.
struct NameSuffix {
  std::u32string_view word;
  AddressPart part = AddressPart::unknown;
  std::int16_t extra = 0;
  std::int16_t inside = 0;
};
// The longest suffix that ends at text.end(); nullptr if none.
const NameSuffix* find_suffix(std::u32string_view text);

// A word after a number: 号, 号楼, 单元.
struct NumberUnit {
  std::u32string_view word;
  AddressPart part = AddressPart::unknown;
};
// The longest unit that text begins with; nullptr if none.
const NumberUnit* find_unit(std::u32string_view text);

// A word that stands alone: 附近 (detail), 地址 (filler), 河南 (province), 郑州 (city).
struct FixedWord {
  std::u32string_view word;
  AddressPart part = AddressPart::unknown;
};
const FixedWord* find_fixed(std::u32string_view text);

// 段, 横路, 横街 ... that after a number belong to the name of the street before it: characters, 0 if none.
std::size_t section_word(std::u32string_view text);

}  // namespace catchment::geo
