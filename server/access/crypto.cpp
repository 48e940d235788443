#include "server/access/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include <array>
#include <memory>
#include <new>

namespace catchment::access {
namespace {

constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const unsigned char* as_bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

struct FreeMacContext {
  void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMacContext>;

// What libcrypto answers to what it was built with can only be a lack of memory.
void must_digest(bool done) {
  if (!done) throw std::bad_alloc();
}

// HMAC with a hash and no key yet: libcrypto finds both by name, once and not for each of thousands of short texts a
// second.
MacContext new_hmac(const char* digest) {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  must_digest(mac != nullptr);
  MacContext context(EVP_MAC_CTX_new(mac));
  EVP_MAC_free(mac);
  const OSSL_PARAM parameters[]{OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest), 0),
                                OSSL_PARAM_END};
  must_digest(context && EVP_MAC_CTX_set_params(context.get(), parameters) == 1);
  return context;
}

const EVP_MAC_CTX* hmac_without_key(HmacKind kind) {
  static const MacContext sha1 = new_hmac("SHA1"), sha256 = new_hmac("SHA256"), sha512 = new_hmac("SHA512"),
                          sm3 = new_hmac("SM3");
  switch (kind) {
    case HmacKind::sha1:
      return sha1.get();
    case HmacKind::sha512:
      return sha512.get();
    case HmacKind::sm3:
      return sm3.get();
    default:
      return sha256.get();
  }
}

// Groups of bits, the highest first; the last group is filled up with zeros.
std::string to_bit_groups(std::string_view bytes, std::string_view alphabet, unsigned bits) {
  std::string text;
  std::uint32_t held = 0;
  unsigned have = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    have += 8;
    for (; have >= bits; have -= bits) text += alphabet[held >> (have - bits) & ((1u << bits) - 1)];
    held &= (1u << have) - 1;
  }
  if (have > 0) text += alphabet[held << (bits - have) & ((1u << bits) - 1)];
  return text;
}

}  // namespace

Randomness system_randomness() {
  if (sodium_init() < 0) throw std::bad_alloc();
  return [](std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); };
}

Key32::Key32(std::span<const std::uint8_t, 32> bytes) { std::copy(bytes.begin(), bytes.end(), bytes_.begin()); }
Key32::~Key32() { sodium_memzero(bytes_.data(), bytes_.size()); }

Key32 new_key(const Randomness& randomness) {
  std::array<std::uint8_t, 32> bytes;
  randomness(bytes);
  const Key32 key(bytes);
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

Hash32 sha256(std::string_view bytes) {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Hash32 hash;
  must_digest(digest != nullptr && EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, digest, nullptr) == 1);
  return hash;
}

std::string hmac(HmacKind kind, std::string_view key, std::string_view message) {
  const MacContext context(EVP_MAC_CTX_dup(hmac_without_key(kind)));
  must_digest(context != nullptr);
  unsigned char out[EVP_MAX_MD_SIZE];
  std::size_t length = 0;
  const unsigned char* of_key = key.empty() ? out : as_bytes(key);  // without one it takes an earlier key
  must_digest(EVP_MAC_init(context.get(), of_key, key.size(), nullptr) == 1 &&
              EVP_MAC_update(context.get(), as_bytes(message), message.size()) == 1 &&
              EVP_MAC_final(context.get(), out, &length, sizeof out) == 1);
  return {reinterpret_cast<const char*>(out), length};
}

Key32 derive_key(HmacKind kind, const Key32& key, std::string_view purpose) {
  std::string mac = hmac(kind, key.view(), purpose);
  const Key32 derived(std::span<const std::uint8_t, 32>(reinterpret_cast<const std::uint8_t*>(mac.data()), 32));
  wipe(mac);
  return derived;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::optional<std::string> find_hex(std::string_view text) {
  const auto value = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = value(text[i]), low = value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string to_base64url(std::string_view bytes) { return to_bit_groups(bytes, kBase64Url, 6); }
std::string to_base32(std::string_view bytes) { return to_bit_groups(bytes, kBase32, 5); }

std::optional<std::string> find_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t held = 0;
  unsigned have = 0;
  for (const char c : text) {
    const std::size_t value = kBase64Url.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(value);
    have += 6;
    if (have >= 8) {
      have -= 8;
      bytes += static_cast<char>(held >> have & 255u);
    }
    held &= (1u << have) - 1;
  }
  if (held != 0) return std::nullopt;
  return bytes;
}

std::uint32_t random_below(const Randomness& randomness, std::uint32_t bound) {
  // The largest multiple of bound in 32 bits; what lies above it would favour small numbers.
  const std::uint64_t limit = (std::uint64_t{1} << 32) / bound * bound;
  for (;;) {
    std::array<std::uint8_t, 4> bytes;
    randomness(bytes);
    std::uint64_t number = 0;
    for (const std::uint8_t byte : bytes) number = number << 8 | byte;
    if (number < limit) return static_cast<std::uint32_t>(number % bound);
  }
}

}  // namespace catchment::access
