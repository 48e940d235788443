// Addresses without Chinese characters: "12 Main Street, Springfield", "Hauptstraße 22 14476 Potsdam", "Straße des 17.
// Juni 135". For the sources of geo/address only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "geo/address/address_pieces.hpp"

namespace catchment::geo {

// Whether the text is one: it has a letter and no Chinese character.
bool is_western(const AddressText& text);

// Pieces that cover the text, none bare. Blanks and commas part words; known names are taken first, the longest wins.
std::vector<AddressPiece> cut_western(const AddressText& text, const NameLexicon* lexicon);

// A street's name with its usual abbreviations written out: "hauptstr." is "hauptstrasse", "main st" is "main street".
std::string written_out(std::string_view street);

}  // namespace catchment::geo
