#include "geo/address/address.hpp"

#include <ranges>

namespace catchment::geo {

std::string_view to_word(AddressPart part) {
  switch (part) {
    case AddressPart::country:
      return "country";
    case AddressPart::province:
      return "province";
    case AddressPart::city:
      return "city";
    case AddressPart::district:
      return "district";
    case AddressPart::town:
      return "town";
    case AddressPart::community:
      return "community";
    case AddressPart::village:
      return "village";
    case AddressPart::group:
      return "group";
    case AddressPart::street:
      return "street";
    case AddressPart::lane:
      return "lane";
    case AddressPart::sublane:
      return "sublane";
    case AddressPart::door:
      return "door";
    case AddressPart::compound:
      return "compound";
    case AddressPart::estate:
      return "estate";
    case AddressPart::phase:
      return "phase";
    case AddressPart::building:
      return "building";
    case AddressPart::stair:
      return "stair";
    case AddressPart::floor:
      return "floor";
    case AddressPart::room:
      return "room";
    case AddressPart::block:
      return "block";
    case AddressPart::institution:
      return "institution";
    case AddressPart::line:
      return "line";
    case AddressPart::postcode:
      return "postcode";
    case AddressPart::detail:
      return "detail";
    case AddressPart::filler:
      return "filler";
    case AddressPart::unknown:
      return "unknown";
  }
  return "unknown";
}

const AddressToken* ParsedAddress::find(AddressPart part) const {
  for (const AddressToken& token : std::views::reverse(tokens)) {
    if (token.part == part) return &token;
  }
  return nullptr;
}

}  // namespace catchment::geo
