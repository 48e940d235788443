// Fingerprints of whole address texts. Internal.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "geo/address/address.hpp"

namespace catchment::geo {

// 96 bits of XXH3-128 of a normalised text. Two of a million texts are equal by chance once in 10^17 cities, so the
// text itself is not compared.
struct ExactKey {
  std::uint64_t hash = 0;  // never 0
  std::uint32_t check = 0;

  friend bool operator==(const ExactKey&, const ExactKey&) = default;
};
ExactKey exact_key(std::string_view normal);
// Where a table of that size begins to look.
inline std::size_t exact_slot(ExactKey key, std::size_t size) {
  return static_cast<std::size_t>((static_cast<unsigned __int128>(key.hash) * size) >> 64);
}

// Of the whole text and of the forms that leave out its head (country to group) or the estate behind a door; each once.
std::vector<ExactKey> exact_keys(const ParsedAddress& parsed);

}  // namespace catchment::geo
