// The look-up of a site without a service: every address under every form people type, in files found by a hash, so
// that a request names a file of hundreds of addresses and never the address.
//
// key    the text normalised (geo/address/normal_text), without blanks and punctuation
// hash   two 32-bit numbers: FNV-1a over the key's UTF-8, from two bases, each mixed by MurmurHash3's last step. It
// hides
//        nothing by itself; what hides is that a file holds at least `least` addresses
// shard  the first `bits` bits of the first number
// file   a script `addresses(shard, rows)`, so that pages opened from disk may load it; all files are one length, by
// blanks row    [first, second, text, lon, lat, [answer of each layer]]; positions in 1e-7 degree, null where unknown
// or hidden
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/publish/address_answers.hpp"

namespace catchment::publish {

std::string look_up_key(std::string_view text);

struct KeyHash {
  std::uint32_t first = 0, second = 0;
  friend auto operator<=>(const KeyHash&, const KeyHash&) = default;
};
KeyHash hash_key(std::string_view key);

struct LookUp {
  int bits = 0;
  std::size_t addresses = 0;
  std::size_t fewest = 0;                    // addresses in the smallest shard
  std::map<std::string, std::string> files;  // "3f.js" to its text; 2^bits of them
  // Characters and what they fold to, of those whose fold some key has: what a page must know to fold as the keys were.
  std::map<std::string, std::string> folds;
};

inline constexpr std::size_t kLeastInShard = 500;

// The most shards whose every one has at least `least` addresses; one where the city has fewer than twice that. Throws
// Stopped.
LookUp make_look_up(const BundleCity& city, const AddressAnswers& answers, std::size_t least, const Report& report);

}  // namespace catchment::publish
