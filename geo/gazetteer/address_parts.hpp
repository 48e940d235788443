// The parts of a parsed address a gazetteer compares. Internal.
#pragma once

#include <array>
#include <vector>

#include "geo/gazetteer/tables.hpp"

namespace catchment::geo {

struct AddressParts {
  NumberPath path{};
  std::array<const AddressToken*, kPathParts> numbers{};  // the token each number came from; null if none
  std::int32_t postcode = 0;
  // Null if the text has none; of several the last, which is the finer one.
  const AddressToken* country = nullptr;
  const AddressToken* province = nullptr;
  const AddressToken* city = nullptr;
  const AddressToken* district = nullptr;
  const AddressToken* town = nullptr;
  const AddressToken* community = nullptr;  // or village
  const AddressToken* street = nullptr;
  const AddressToken* estate = nullptr;
  const AddressToken* institution = nullptr;
  const AddressToken* post = nullptr;
  // What has no place above and is neither filler nor a floor: words nobody knows, a second number of one kind.
  std::vector<const AddressToken*> left;
};

// Points into `parsed`.
AddressParts read_parts(const ParsedAddress& parsed);

}  // namespace catchment::geo
