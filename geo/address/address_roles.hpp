// What the numbers of an address count, by what stands before them: the second half of parse_address. For the sources
// of geo/address only.
#pragma once

#include <vector>

#include "geo/address/address_pieces.hpp"

namespace catchment::geo {

// Chains become a piece for each number with fillers between; 3-2-301 after an estate becomes building, stair and room,
// 12-3-2-301 after a street begins with the door; 号 after a building is a room. A bare number whose role its place
// does not tell is `unknown`. Neighbouring unread pieces become one. No piece is bare or a chain afterwards.
std::vector<AddressPiece> with_roles(const AddressText& text, const std::vector<AddressPiece>& cut);

}  // namespace catchment::geo
