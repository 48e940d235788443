// Pieces of an address that begin with a number: 12号院, 3单元, B座, 12-3-2-301, 450000. For the sources of geo/address
// only.
#pragma once

#include <vector>

#include "geo/address/address_pieces.hpp"

namespace catchment::geo {

struct PricedPiece {
  AddressPiece piece;
  int cost = 0;
};

// Appends every piece that begins with a number at this character.
void number_pieces(const AddressText& text, std::size_t at, std::vector<PricedPiece>& out);

}  // namespace catchment::geo
