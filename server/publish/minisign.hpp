// Ed25519 signatures in the files of minisign (and of its verifiers elsewhere): a text is hashed by BLAKE2b-512, the
// hash is signed, and a trusted comment is signed with the signature. Ed25519 and BLAKE2b are libcrypto's.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace catchment::publish {

struct PublicKey {
  std::array<std::uint8_t, 8> id{};
  std::array<std::uint8_t, 32> key{};
};
struct SigningKey {
  std::array<std::uint8_t, 32> seed{};
  PublicKey public_key;
};

// From 40 random bytes: the key's number, then its seed.
SigningKey make_signing_key(const std::array<std::uint8_t, 40>& random);

// Files as `minisign -G -W` writes them. Throws InputError: key_unreadable, key_encrypted (made with a password), both
// with the file.
SigningKey read_signing_key(const std::filesystem::path& file);
PublicKey read_public_key(const std::filesystem::path& file);
std::string signing_key_text(const SigningKey& key);
std::string public_key_text(const PublicKey& key);

// The signature file of a text. The comment is one line. Equal input gives equal bytes.
std::string sign_text(std::string_view text, const SigningKey& key, const std::string& trusted_comment);

enum class SignatureFault { none, malformed, other_key, forged, comment_forged };
std::string_view to_word(SignatureFault fault);
SignatureFault check_signature(std::string_view text, const std::string& signature, const PublicKey& key);

}  // namespace catchment::publish
