// Numbers of an address in one word each. Internal to geo/gazetteer.
#pragma once

#include <array>
#include <cstdint>

#include "geo/address/address.hpp"

namespace catchment::geo {

// A DoorNumber in one word that sorts like it; 0 = none. What is named and not numbered (东楼, A座) has a number too,
// which stands for its text and unpacks to none.
using PackedNumber = std::uint64_t;
PackedNumber pack(const DoorNumber& number);
PackedNumber pack_token(const AddressToken& token);
DoorNumber unpack(PackedNumber packed);
// The same for -1, 附1 and 之一 where the city takes them for one door.
PackedNumber same_form(PackedNumber packed, bool sub_forms_equal);
// Without its sub-number, or without the way it is written.
PackedNumber without_sub(PackedNumber packed);
PackedNumber without_form(PackedNumber packed);

// A number that is nothing but a number, with or without a stem, fits half the room. The others are few: a word with
// the upper bit is a row in the list of those.
using NumberWord = std::uint32_t;
inline constexpr NumberWord kListedBit = 0x80000000u;
inline bool fits_word(PackedNumber packed) { return (packed & 0xffffffc0u) == 0; }
inline NumberWord to_word(PackedNumber packed) { return static_cast<NumberWord>(packed >> 32 << 6 | (packed & 0x3fu)); }
inline PackedNumber from_word(NumberWord word) { return PackedNumber{word >> 6} << 32 | (word & 0x3fu); }

// The numbered parts of an address, in the order a street's addresses are sorted by.
enum PathPart : std::uint8_t {
  lane_part,
  sublane_part,
  door_part,
  phase_part,
  sector_part,
  building_part,
  stair_part,
  room_part,
  group_part,
  kPathParts
};
using NumberPath = std::array<PackedNumber, kPathParts>;

}  // namespace catchment::geo
