// The answer of every address of the city, as `catchment match` gives it without facts of a household, and what changed
// since the layers before.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/publish/bundle_city.hpp"

namespace catchment::publish {

// Addresses that went from the same schools to the same schools.
struct AddressMove {
  std::vector<std::string> before, after;  // school ids, sorted; empty: none
  bool sure = true;                        // both answers are definite
  std::vector<geo::EntryId> addresses;     // sorted
};

struct AddressAnswers {
  // Each once, in the order of first use: an answer as the service words it (openapi.json, SchoolMatch) without place
  // and margins, which are the address's own.
  std::vector<std::string> answers;
  std::vector<std::uint32_t> of;                // entry * layers + layer: its place in `answers`
  std::vector<std::vector<AddressMove>> moves;  // by layer; most addresses first; empty where there is no layer before
  std::vector<std::vector<std::size_t>> by_status;  // by layer, then FinderStatus: addresses
};

// The same for any number of threads. Throws Stopped.
AddressAnswers answer_addresses(const BundleCity& city, unsigned threads, const Report& report);

}  // namespace catchment::publish
