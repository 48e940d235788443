// Personal fields as they lie in the store: sealed, each to its own place.
//
//   const std::string blob = seals.seal("2026", {"registration", "child_name_sealed", code}, name);
//   const std::string name = seals.open("2026", {"registration", "child_name_sealed", code}, blob);
//
// A sealed value opens only in the table, column and row it was sealed for, and under the key it was sealed with: the
// place is authenticated with the text, so values cannot be moved, swapped or altered unnoticed.
//   version 1, aes_gcm: 0x01, nonce (12 random bytes), AES-256-GCM text, tag (16)          29 bytes more than the text
//   version 2, sm4_sm3: 0x02, counter (16 random bytes), SM4-CTR text, HMAC-SM3 of it all (32)                 49 more
// Random nonces of 96 bits are for fewer than 2^32 values a key; a season of 300,000 children has some 10^7. The length
// of a text is not hidden, nor are equal texts recognisable.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "server/access/key_ring.hpp"

namespace catchment::access {

// Where a value lies. Table and column as in the schema; row: what its row is known by and keeps for ever.
struct FieldPlace {
  std::string_view table, column, row;
};

enum class SealFault : std::uint8_t {
  no_key,  // the key was destroyed, or never was: nothing opens
  broken,  // altered, cut, or sealed for another place or with another key
};
// Says nothing of the value, the place's row or the key.
struct SealError : std::runtime_error {
  explicit SealError(SealFault fault_);
  SealFault fault;
};

// Safe for threads. The ring must outlive it.
class FieldSeal {
 public:
  FieldSeal(const KeyRing& ring, Randomness randomness);

  // Both throw SealError.
  std::string seal(std::string_view label, const FieldPlace& place, std::string_view text) const;
  std::string open(std::string_view label, const FieldPlace& place, std::string_view sealed) const;

 private:
  const KeyRing& ring_;
  Randomness randomness_;
};

}  // namespace catchment::access
