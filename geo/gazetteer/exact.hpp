// Whole address texts as people shorten them, and their fingerprints.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "geo/address/address.hpp"

namespace catchment::geo {

// XXH3-64 of a normalised text. A text that is no address has the key of one of three million once in 10^12 texts, so
// the text itself is not compared.
struct ExactKey {
  std::uint32_t low = 0;
  std::uint32_t high = 0;  // never 0

  friend auto operator<=>(const ExactKey&, const ExactKey&) = default;
};
ExactKey exact_key(std::string_view normal);

// The whole text and the forms that leave out its head (country to group) or the estate behind a door; normalised, each
// once.
std::vector<std::string> exact_forms(const ParsedAddress& parsed);
std::vector<ExactKey> exact_keys(const ParsedAddress& parsed);

}  // namespace catchment::geo
