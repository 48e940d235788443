// Digests, keyed hashes and secrets as bytes. The only user of libsodium, and with field_seal.cpp and id_token.cpp of
// libcrypto, in the service.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace catchment::access {

// Fills bytes that nobody can foresee. One source for tokens, codes, keys, salts and nonces; tests count instead.
using Randomness = std::function<void(std::span<std::uint8_t>)>;
Randomness system_randomness();  // libsodium's, from the kernel

using Hash32 = std::array<std::uint8_t, 32>;

// 32 secret bytes, overwritten when they go. Never printed.
class Key32 {
 public:
  Key32() = default;
  explicit Key32(std::span<const std::uint8_t, 32> bytes);
  Key32(const Key32&) = default;
  Key32& operator=(const Key32&) = default;
  ~Key32();
  std::span<const std::uint8_t, 32> bytes() const { return bytes_; }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

 private:
  std::array<std::uint8_t, 32> bytes_{};
};
Key32 new_key(const Randomness& randomness);

enum class HmacKind : std::uint8_t { sha1, sha256, sha512, sm3 };

Hash32 sha256(std::string_view bytes);
// RFC 2104; 20, 32 or 64 bytes. sha1 is for one-time passwords only.
std::string hmac(HmacKind kind, std::string_view key, std::string_view message);
// A key for one purpose of a key for many: HMAC(key, purpose) with a hash of 32 bytes.
Key32 derive_key(HmacKind kind, const Key32& key, std::string_view purpose);

bool equal_in_constant_time(std::string_view a, std::string_view b);  // their lengths are no secret
void wipe(std::string& secret);

std::string to_hex(std::string_view bytes);
std::optional<std::string> find_hex(std::string_view text);  // lower case only
// RFC 4648 without padding, strict: no other characters, no stray bits.
std::string to_base64url(std::string_view bytes);
std::optional<std::string> find_base64url(std::string_view text);
std::string to_base32(std::string_view bytes);  // as authenticator programs ask for
// A whole number below `bound`, all equally likely.
std::uint32_t random_below(const Randomness& randomness, std::uint32_t bound);

}  // namespace catchment::access
