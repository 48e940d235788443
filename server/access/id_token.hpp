// ID tokens (OpenID Connect Core 1.0) checked against an issuer's published keys (JWKS, RFC 7517).
//
// The algorithm is pinned by us and the key chosen by `kid`; a token cannot talk us into another. RS256 (2048 bits or
// more), ES256 and EdDSA (Ed25519); never "none", never a shared secret. Strict and bounded: texts up to 64 kB.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::access {

enum class TokenAlgorithm : std::uint8_t { rs256, es256, eddsa };
std::string_view to_word(TokenAlgorithm algorithm);  // "RS256"

class PublicKeys {
 public:
  // Keys of other kinds, for encryption or without `kid` are left out; two of one kid are an error.
  // Throws InputError(jwks).
  static PublicKeys parse(std::string_view jwks);
  PublicKeys();
  ~PublicKeys();
  PublicKeys(PublicKeys&&) noexcept;
  PublicKeys& operator=(PublicKeys&&) noexcept;
  std::size_t size() const;
  bool has(std::string_view kid) const;

 private:
  friend struct TokenVerifier;
  struct State;
  std::unique_ptr<State> state_;
};

struct TokenExpectation {
  std::string issuer, client_id, nonce;
  std::vector<TokenAlgorithm> algorithms;
  std::int64_t unix_now = 0;
  std::int64_t leeway = 60;       // s, for clocks that differ
  std::int64_t oldest = 10 * 60;  // s since it was issued
};

struct IdClaims {
  std::string subject;
  std::vector<std::string> methods;  // amr: how the person proved to be it ("pwd", "otp", "mfa")
};

// The `kid` of a token's header, unchecked: to know whether keys must be fetched anew. Empty if there is none.
std::string find_kid(std::string_view token);

// Throws InputError with where = "id_token" and no part of the token in its text: id_token_form, id_token_algorithm,
// id_token_key (no such kid, or a key of another kind), id_token_signature, id_token_issuer, id_token_audience,
// id_token_expired (or not yet valid, or too old), id_token_nonce.
IdClaims check_id_token(std::string_view token, const PublicKeys& keys, const TokenExpectation& expected);

}  // namespace catchment::access
