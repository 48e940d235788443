// The secret keys of a service: one file, mode 0600, outside the database and outside its backups.
//
// A key has a label: a season ("2026"), or "accounts" for what outlives seasons. It is 32 random bytes, from which
// every use derives its own (crypto.hpp, derive_key), so that one destroyed key takes with it the sealed fields, the
// child keys and the guardians' marks of its season. A label is used once: a destroyed one stays in the file, without a
// key.
//
// The file is text, a line a key, and a checksum of the lines above it:
//   catchment key ring 1
//   key <label> <suite: aes_gcm | sm4_sm3> <64 hex digits>
//   gone <label>
//   sum <SHA-256>
// Changes write a new file beside it, fsync, and rename. Destroying first overwrites the digits in the old file and
// syncs it. What a disk or a copy-on-write file system keeps of old blocks is beyond a program's reach: keep the ring
// on a small volume of its own, and copy it only to where it can be destroyed as well. Safe for threads; for one
// process at a time (an exclusive lock on the file, held while the ring is open).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/crypto.hpp"

namespace catchment::access {

enum class SealSuite : std::uint8_t {
  aes_gcm,  // AES-256-GCM
  sm4_sm3,  // SM4-CTR, then HMAC-SM3
};
std::string_view to_word(SealSuite suite);
std::optional<SealSuite> find_seal_suite(std::string_view word);

struct RingKey {
  SealSuite suite = SealSuite::aes_gcm;
  Key32 key;
};

class KeyRing {
 public:
  // Opens, or makes an empty one where there is no file. Throws InputError: key_ring_mode (others may read it, or it is
  // no plain file of this user's), key_ring_busy (another process has it), key_ring_broken (not this format, or the sum
  // differs), key_ring_write.
  KeyRing(std::filesystem::path file, Randomness randomness);
  ~KeyRing();
  KeyRing(KeyRing&&) noexcept;

  // Makes a key. Throws InputError: key_label (not 1 to 32 of a-z, 0-9, '-'), key_exists (in use, or destroyed before).
  void add(std::string_view label, SealSuite suite);
  // Destroys a key; nothing that it sealed can be opened again. Throws InputError: key_unknown.
  void destroy(std::string_view label);

  std::shared_ptr<const RingKey> find(std::string_view label) const;  // null: never was, or destroyed
  bool destroyed(std::string_view label) const;
  std::vector<std::string> labels() const;  // those with a key, sorted

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::access
