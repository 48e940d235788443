#include "server/publish/minisign.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "geo/input_error.hpp"

namespace catchment::publish {
namespace {

using Octets = std::vector<std::uint8_t>;
using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using DigestHandle = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr std::size_t kSecretBytes = 158;  // algorithm, no KDF, BLAKE2b, salt, limits, number, key pair, checksum
constexpr std::size_t kPublicBytes = 42;
constexpr std::size_t kSignatureBytes = 74;
constexpr std::string_view kTrusted = "trusted comment: ";

std::string to_base64(const Octets& bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::optional<Octets> from_base64(const std::string& text, std::size_t size) {
  if (text.size() != (size + 2) / 3 * 4) return std::nullopt;
  Octets out(text.size() / 4 * 3);
  if (EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())) <
      0) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

std::vector<std::string> lines_of_text(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

template <std::size_t N>
void append(Octets& out, const std::array<std::uint8_t, N>& bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append(Octets& out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }

Octets blake2b(const void* bytes, std::size_t size) {
  Octets out(64);
  unsigned int length = 0;
  if (EVP_Digest(bytes, size, out.data(), &length, EVP_blake2b512(), nullptr) != 1 || length != out.size()) {
    throw std::runtime_error("BLAKE2b is not to be had of libcrypto");
  }
  return out;
}

// Of a secret key's file, which minisign checks; libcrypto 3.0 has BLAKE2b with 64 bytes only.
std::array<std::uint8_t, 32> blake2b_256(const Octets& message);

Octets sign_bytes(const SigningKey& key, const Octets& message) {
  const KeyHandle handle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, key.seed.data(), key.seed.size()),
                         EVP_PKEY_free);
  const DigestHandle context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Octets out(64);
  std::size_t length = out.size();
  if (!handle || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle.get()) != 1 ||
      EVP_DigestSign(context.get(), out.data(), &length, message.data(), message.size()) != 1) {
    throw std::runtime_error("Ed25519 is not to be had of libcrypto");
  }
  return out;
}

bool verify_bytes(const PublicKey& key, const Octets& message, const std::uint8_t* signature) {
  const KeyHandle handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.key.data(), key.key.size()),
                         EVP_PKEY_free);
  const DigestHandle context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return handle && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature, 64, message.data(), message.size()) == 1;
}

std::string key_number(const PublicKey& key) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;  // minisign prints the number as little-endian
  for (std::size_t i = key.id.size(); i-- > 0;) text.append({kDigits[key.id[i] >> 4], kDigits[key.id[i] & 15u]});
  return text;
}

std::uint64_t rotate_right(std::uint64_t x, int by) { return (x >> by) | (x << (64 - by)); }

// RFC 7693, for messages of one block (128 bytes) at most.
std::array<std::uint8_t, 32> blake2b_256(const Octets& message) {
  static constexpr std::array<std::uint64_t, 8> kStart{0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                                       0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                                       0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
  static constexpr std::array<std::array<std::uint8_t, 16>, 10> kOrder{
      {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
       {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
       {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
       {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
       {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
       {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
       {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
       {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
       {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
       {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}}};
  if (message.size() > 128) throw std::logic_error("more than one block");
  std::array<std::uint64_t, 16> m{};
  for (std::size_t i = 0; i < message.size(); ++i) m[i / 8] |= std::uint64_t{message[i]} << (8 * (i % 8));
  std::array<std::uint64_t, 8> h = kStart;
  h[0] ^= 0x01010000u ^ 32u;
  std::array<std::uint64_t, 16> v{};
  for (std::size_t i = 0; i < 8; ++i) v[i] = h[i], v[i + 8] = kStart[i];
  v[12] ^= message.size();
  v[14] = ~v[14];
  const auto mix = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d, std::uint64_t x, std::uint64_t y) {
    v[a] += v[b] + x, v[d] = rotate_right(v[d] ^ v[a], 32), v[c] += v[d], v[b] = rotate_right(v[b] ^ v[c], 24);
    v[a] += v[b] + y, v[d] = rotate_right(v[d] ^ v[a], 16), v[c] += v[d], v[b] = rotate_right(v[b] ^ v[c], 63);
  };
  for (std::size_t round = 0; round < 12; ++round) {
    const auto& s = kOrder[round % 10];
    for (std::size_t i = 0; i < 4; ++i) mix(i, i + 4, i + 8, i + 12, m[s[2 * i]], m[s[2 * i + 1]]);
    for (std::size_t i = 0; i < 4; ++i)
      mix(i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12, m[s[2 * i + 8]], m[s[2 * i + 9]]);
  }
  std::array<std::uint8_t, 32> out{};
  for (std::size_t i = 0; i < 32; ++i) {
    out[i] = static_cast<std::uint8_t>((h[i / 8] ^ v[i / 8] ^ v[i / 8 + 8]) >> (8 * (i % 8)));
  }
  return out;
}

std::array<std::uint8_t, 32> public_of(const std::array<std::uint8_t, 32>& seed) {
  std::array<std::uint8_t, 32> out{};
  std::size_t size = out.size();
  const KeyHandle handle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()),
                         EVP_PKEY_free);
  if (!handle || EVP_PKEY_get_raw_public_key(handle.get(), out.data(), &size) != 1) {
    throw std::runtime_error("Ed25519 is not to be had of libcrypto");
  }
  return out;
}

// The line of a key file that is not its comment.
std::string key_line(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InputError("key_unreadable", file.string(), "no such file");
  std::ostringstream all;
  all << in.rdbuf();
  std::string found;
  for (const std::string& line : lines_of_text(all.str())) {
    if (!line.empty() && line.find("comment:") == std::string::npos) found = line;
  }
  return found;
}

}  // namespace

SigningKey make_signing_key(const std::array<std::uint8_t, 40>& random) {
  SigningKey key;
  std::copy_n(random.begin(), 8, key.public_key.id.begin());
  std::copy_n(random.begin() + 8, 32, key.seed.begin());
  key.public_key.key = public_of(key.seed);
  return key;
}

SigningKey read_signing_key(const std::filesystem::path& file) {
  const auto bytes = from_base64(key_line(file), kSecretBytes);
  if (!bytes || (*bytes)[0] != 'E' || (*bytes)[1] != 'd') {
    throw InputError("key_unreadable", file.string(),
                     "not a secret key as minisign or `catchment publish key` writes it");
  }
  if ((*bytes)[2] != 0 || (*bytes)[3] != 0) {
    throw InputError("key_encrypted", file.string(), "the key has a password; make one without (minisign -G -W)");
  }
  SigningKey key;
  std::copy_n(bytes->begin() + 54, 8, key.public_key.id.begin());
  std::copy_n(bytes->begin() + 62, 32, key.seed.begin());
  std::copy_n(bytes->begin() + 94, 32, key.public_key.key.begin());
  if (public_of(key.seed) != key.public_key.key) {
    throw InputError("key_unreadable", file.string(), "the key is damaged: its halves do not belong together");
  }
  return key;
}

PublicKey read_public_key(const std::filesystem::path& file) {
  const auto bytes = from_base64(key_line(file), kPublicBytes);
  if (!bytes || (*bytes)[0] != 'E' || (*bytes)[1] != 'd') {
    throw InputError("key_unreadable", file.string(),
                     "not a public key as minisign or `catchment publish key` writes it");
  }
  PublicKey key;
  std::copy_n(bytes->begin() + 2, 8, key.id.begin());
  std::copy_n(bytes->begin() + 10, 32, key.key.begin());
  return key;
}

std::string signing_key_text(const SigningKey& key) {
  Octets checked;
  append(checked, "Ed");
  append(checked, key.public_key.id);
  append(checked, key.seed);
  append(checked, key.public_key.key);
  Octets bytes;
  append(bytes, "Ed");
  bytes.insert(bytes.end(), {0, 0});
  append(bytes, "B2");
  bytes.resize(54);  // neither salt nor limits
  bytes.insert(bytes.end(), checked.begin() + 2, checked.end());
  append(bytes, blake2b_256(checked));
  return "untrusted comment: catchment secret key, without password\n" + to_base64(bytes) + "\n";
}

std::string public_key_text(const PublicKey& key) {
  Octets bytes;
  append(bytes, "Ed");
  append(bytes, key.id);
  append(bytes, key.key);
  return "untrusted comment: minisign public key " + key_number(key) + "\n" + to_base64(bytes) + "\n";
}

std::string sign_text(std::string_view text, const SigningKey& key, const std::string& trusted_comment) {
  const Octets signature = sign_bytes(key, blake2b(text.data(), text.size()));
  Octets bytes;
  append(bytes, "ED");
  append(bytes, key.public_key.id);
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  Octets with_comment = signature;
  append(with_comment, trusted_comment);
  return "untrusted comment: signature by key " + key_number(key.public_key) + "\n" + to_base64(bytes) + "\n" +
         std::string(kTrusted) + trusted_comment + "\n" + to_base64(sign_bytes(key, with_comment)) + "\n";
}

std::string_view to_word(SignatureFault fault) {
  static constexpr std::string_view kWords[]{"none", "malformed", "other_key", "forged", "comment_forged"};
  return kWords[static_cast<std::size_t>(fault)];
}

SignatureFault check_signature(std::string_view text, const std::string& signature, const PublicKey& key) {
  const std::vector<std::string> lines = lines_of_text(signature);
  if (lines.size() < 4 || !lines[2].starts_with(kTrusted)) return SignatureFault::malformed;
  const auto bytes = from_base64(lines[1], kSignatureBytes);
  const auto global = from_base64(lines[3], 64);
  if (!bytes || !global || (*bytes)[0] != 'E' || (*bytes)[1] != 'D') return SignatureFault::malformed;
  if (!std::equal(key.id.begin(), key.id.end(), bytes->begin() + 2)) return SignatureFault::other_key;
  if (!verify_bytes(key, blake2b(text.data(), text.size()), bytes->data() + 10)) return SignatureFault::forged;
  Octets with_comment(bytes->begin() + 10, bytes->end());
  append(with_comment, lines[2].substr(kTrusted.size()));
  if (!verify_bytes(key, with_comment, global->data())) return SignatureFault::comment_forged;
  return SignatureFault::none;
}

}  // namespace catchment::publish
