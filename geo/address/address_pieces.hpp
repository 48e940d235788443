// The cheapest way to cut normalised text into names, numbers and words: the first half of parse_address. For the
// sources of geo/address and their tests only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "geo/address/address.hpp"

namespace catchment::geo {

// Decoded once; offsets[i] is the byte of character i, and one more for the end.
struct AddressText {
  std::string_view bytes;
  std::u32string chars;
  std::vector<std::uint32_t> offsets;

  explicit AddressText(std::string_view normal);
  std::size_t size() const { return chars.size(); }
  // The character at that byte, or the first after it.
  std::size_t index_of(std::size_t offset) const;
  std::u32string_view from(std::size_t i) const { return std::u32string_view(chars).substr(i); }
  std::string_view bytes_from(std::size_t i) const { return bytes.substr(offsets[i]); }
  std::string_view bytes_of(std::size_t begin, std::size_t end) const {
    return bytes.substr(offsets[begin], offsets[end] - offsets[begin]);
  }
};

struct AddressPiece {
  AddressPart part = AddressPart::unknown;
  bool bare = false;       // numbers without a unit: what they count is not said
  std::uint8_t chain = 0;  // bare only: how many numbers with '-' between (12-3-2-301: 4); 0 or 1: one, `number`
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  // characters
  NameId name = kNoName;
  DoorNumber number;
};

// Pieces that cover the text. `steps`, when given, counts the candidates looked at: linear in the text.
std::vector<AddressPiece> cut_address(const AddressText& text, const NameLexicon* lexicon,
                                      std::size_t* steps = nullptr);

}  // namespace catchment::geo
