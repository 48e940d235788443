#include "geo/gazetteer/address_parts.hpp"

#include <charconv>

namespace catchment::geo {
namespace {

void take_number(AddressParts& parts, PathPart part, const AddressToken& token) {
  if (parts.numbers[part] != nullptr) parts.left.push_back(parts.numbers[part]);
  parts.path[part] = pack_token(token);
  parts.numbers[part] = &token;
}

// The finer name stands later; another one before it is left over.
void take_name(AddressParts& parts, const AddressToken*& part, const AddressToken& token) {
  if (part != nullptr && part->text != token.text) parts.left.push_back(part);
  part = &token;
}

// The first of doors and compounds is the door; a number within it (12号院3号) tells houses of one door apart as a
// building does.
void take_door(AddressParts& parts, const AddressToken& token) {
  if (parts.numbers[door_part] == nullptr) return take_number(parts, door_part, token);
  take_number(parts, building_part, token);
}

void take_postcode(AddressParts& parts, const AddressToken& token) {
  const char* const end = token.text.data() + token.text.size();
  if (std::from_chars(token.text.data(), end, parts.postcode).ptr != end) parts.postcode = 0;
  parts.post = &token;
}

}  // namespace

AddressParts read_parts(const ParsedAddress& parsed) {
  AddressParts parts;
  for (const AddressToken& token : parsed.tokens) {
    switch (token.part) {
      case AddressPart::country:
        take_name(parts, parts.country, token);
        break;
      case AddressPart::province:
        take_name(parts, parts.province, token);
        break;
      case AddressPart::city:
        take_name(parts, parts.city, token);
        break;
      case AddressPart::district:
        take_name(parts, parts.district, token);
        break;
      case AddressPart::town:
        take_name(parts, parts.town, token);
        break;
      case AddressPart::community:
      case AddressPart::village:
        take_name(parts, parts.community, token);
        break;
      case AddressPart::street:
        take_name(parts, parts.street, token);
        break;
      case AddressPart::estate:
        take_name(parts, parts.estate, token);
        break;
      case AddressPart::institution:
        take_name(parts, parts.institution, token);
        break;
      case AddressPart::postcode:
        take_postcode(parts, token);
        break;
      case AddressPart::group:
        take_number(parts, group_part, token);
        break;
      case AddressPart::lane:
        take_number(parts, lane_part, token);
        break;
      case AddressPart::sublane:
        take_number(parts, sublane_part, token);
        break;
      case AddressPart::door:
      case AddressPart::compound:
        take_door(parts, token);
        break;
      case AddressPart::phase:
        take_number(parts, is_sector(parsed, token) ? sector_part : phase_part, token);
        break;
      case AddressPart::building:
        take_number(parts, building_part, token);
        break;
      case AddressPart::stair:
        take_number(parts, stair_part, token);
        break;
      case AddressPart::room:
        take_number(parts, room_part, token);
        break;
      case AddressPart::floor:
      case AddressPart::filler:
        break;
      case AddressPart::block:
      case AddressPart::line:
      case AddressPart::detail:
      case AddressPart::unknown:
        parts.left.push_back(&token);
        break;
    }
  }
  return parts;
}

}  // namespace catchment::geo
