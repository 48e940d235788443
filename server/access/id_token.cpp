#include "server/access/id_token.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <map>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>

#include "geo/input_error.hpp"
#include "server/access/crypto.hpp"
#include "server/access/token_json.hpp"

namespace catchment::access {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> kAlgorithmWords{"RS256", "ES256", "EdDSA"};
constexpr int kLeastRsaBits = 2048;

template <auto kFree>
struct FreeBy {
  template <class T>
  void operator()(T* pointer) const noexcept {
    kFree(pointer);
  }
};
using PublicKey = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, FreeBy<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, FreeBy<OSSL_PARAM_free>>;
using BigNumber = std::unique_ptr<BIGNUM, FreeBy<BN_free>>;
using VerifyContext = std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>>;

const unsigned char* octets(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

BigNumber to_big_number(std::string_view bytes) {
  return BigNumber(BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
}

PublicKey key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return PublicKey(key);
}

std::string base64url_member(const json& object, const char* name) {
  return find_base64url(text_member(object, name)).value_or("");
}

PublicKey rsa_key(const json& jwk) {
  const std::string n = base64url_member(jwk, "n"), e = base64url_member(jwk, "e");
  if (n.empty() || e.empty() || n.size() > 1024 || e.size() > 8) return nullptr;
  const BigNumber modulus = to_big_number(n), exponent = to_big_number(e);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || !modulus || !exponent ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return nullptr;
  }
  PublicKey key = key_from("RSA", builder.get());
  return key && EVP_PKEY_get_bits(key.get()) >= kLeastRsaBits ? std::move(key) : nullptr;
}

PublicKey p256_key(const json& jwk) {
  const std::string x = base64url_member(jwk, "x"), y = base64url_member(jwk, "y");
  if (x.size() != 32 || y.size() != 32) return nullptr;
  const std::string point = "\x04" + x + y;
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return nullptr;
  }
  return key_from("EC", builder.get());
}

PublicKey ed25519_key(const json& jwk) {
  const std::string x = base64url_member(jwk, "x");
  if (x.size() != 32) return nullptr;
  return PublicKey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(x), x.size()));
}

struct NamedKey {
  TokenAlgorithm algorithm;
  PublicKey key;
};

std::optional<NamedKey> read_public_key(const json& jwk) {
  const std::string type = text_member(jwk, "kty"), curve = text_member(jwk, "crv"), use = text_member(jwk, "use"),
                    algorithm = text_member(jwk, "alg");
  if (!use.empty() && use != "sig") return std::nullopt;
  NamedKey named{TokenAlgorithm::rs256, nullptr};
  if (type == "RSA") {
    named.key = rsa_key(jwk);
  } else if (type == "EC" && curve == "P-256") {
    named = {TokenAlgorithm::es256, p256_key(jwk)};
  } else if (type == "OKP" && curve == "Ed25519") {
    named = {TokenAlgorithm::eddsa, ed25519_key(jwk)};
  }
  if (!named.key || (!algorithm.empty() && algorithm != to_word(named.algorithm))) return std::nullopt;
  return named;
}

// JOSE writes r and s side by side; OpenSSL reads them as DER.
std::string to_der_signature(std::string_view raw) {
  if (raw.size() != 64) return "";
  const EcdsaSignature signature(ECDSA_SIG_new());
  BigNumber r = to_big_number(raw.substr(0, 32)), s = to_big_number(raw.substr(32));
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return "";
  r.release(), s.release();
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(signature.get(), &der);
  if (length <= 0) return "";
  std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return text;
}

bool is_signed_by(const NamedKey& named, std::string_view text, std::string_view signature) {
  const std::string der = named.algorithm == TokenAlgorithm::es256 ? to_der_signature(signature) : std::string();
  if (named.algorithm == TokenAlgorithm::es256) signature = der;
  const VerifyContext context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  const EVP_MD* const digest = named.algorithm == TokenAlgorithm::eddsa ? nullptr : EVP_sha256();
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, named.key.get()) == 1 &&
         EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(text), text.size()) == 1;
}

[[noreturn]] void refuse_token(const char* code, const char* message) { throw InputError(code, "id_token", message); }

struct TokenParts {
  std::string_view covered;  // what is signed
  json header, claims;
  std::string signature;
};

TokenParts cut_token(std::string_view token) {
  const std::size_t first = token.find('.'), second = token.find('.', first + 1);
  if (token.size() > kLargestTokenJson || first == std::string_view::npos || second == std::string_view::npos ||
      token.find('.', second + 1) != std::string_view::npos) {
    refuse_token("id_token_form", "This is no ID token.");
  }
  const auto header = find_base64url(token.substr(0, first));
  const auto claims = find_base64url(token.substr(first + 1, second - first - 1));
  auto signature = find_base64url(token.substr(second + 1));
  if (!header || !claims || !signature) refuse_token("id_token_form", "The ID token is not in base64url.");
  TokenParts parts{token.substr(0, second), find_token_json(*header), find_token_json(*claims), std::move(*signature)};
  if (!parts.header.is_object() || !parts.claims.is_object())
    refuse_token("id_token_form", "The ID token does not hold JSON.");
  return parts;
}

std::optional<std::int64_t> time_member(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

void check_audience(const json& claims, const std::string& client_id) {
  const auto found = claims.find("aud");
  const bool one = found != claims.end() && found->is_string() && *found == client_id;
  const bool among = found != claims.end() && found->is_array() &&
                     std::find(found->begin(), found->end(), json(client_id)) != found->end();
  const std::string party = text_member(claims, "azp");
  // A token for several must say that it was made for us (azp).
  if ((!one && !among) || (among && found->size() > 1 && party != client_id) || (!party.empty() && party != client_id))
    refuse_token("id_token_audience", "The ID token is for somebody else.");
}

void check_times(const json& claims, const TokenExpectation& expected) {
  const auto expires = time_member(claims, "exp"), issued = time_member(claims, "iat");
  const auto not_before = time_member(claims, "nbf");
  const std::int64_t now = expected.unix_now, leeway = expected.leeway;
  constexpr std::int64_t kFarAway = std::int64_t{1} << 40;  // beyond any date, and safe to reckon with
  for (const auto& time : {expires, issued, not_before})
    if (time && (*time < 0 || *time > kFarAway))
      refuse_token("id_token_expired", "The ID token has an impossible time.");
  if (!expires || !issued || *expires + leeway <= now || *issued - leeway > now ||
      *issued + expected.oldest + leeway <= now || (not_before && *not_before - leeway > now)) {
    refuse_token("id_token_expired", "The ID token is not valid now.");
  }
}

}  // namespace

std::string_view to_word(TokenAlgorithm algorithm) { return kAlgorithmWords[static_cast<std::size_t>(algorithm)]; }

struct PublicKeys::State {
  std::map<std::string, NamedKey, std::less<>> keys;
};

PublicKeys::PublicKeys() : state_(std::make_unique<State>()) {}
PublicKeys::~PublicKeys() = default;
PublicKeys::PublicKeys(PublicKeys&&) noexcept = default;
PublicKeys& PublicKeys::operator=(PublicKeys&&) noexcept = default;

PublicKeys PublicKeys::parse(std::string_view jwks) {
  const json document = find_token_json(jwks);
  const auto found = document.is_object() ? document.find("keys") : document.end();
  if (!document.is_object() || found == document.end() || !found->is_array())
    throw InputError("jwks", "jwks", "The issuer's keys are no JWKS document.");
  PublicKeys keys;
  for (const json& jwk : *found) {
    if (!jwk.is_object()) throw InputError("jwks", "jwks", "One of the issuer's keys is no object.");
    const std::string kid = text_member(jwk, "kid");
    auto named = read_public_key(jwk);
    if (kid.empty() || !named) continue;
    if (!keys.state_->keys.emplace(kid, std::move(*named)).second)
      throw InputError("jwks", "jwks", "Two of the issuer's keys have one kid.");
  }
  return keys;
}

std::size_t PublicKeys::size() const { return state_->keys.size(); }
bool PublicKeys::has(std::string_view kid) const { return state_->keys.contains(kid); }

struct TokenVerifier {
  static void check(const TokenParts& parts, const PublicKeys& keys, const TokenExpectation& expected) {
    const std::string algorithm = text_member(parts.header, "alg");
    const auto pinned = std::find_if(expected.algorithms.begin(), expected.algorithms.end(),
                                     [&](TokenAlgorithm each) { return to_word(each) == algorithm; });
    if (pinned == expected.algorithms.end() || parts.header.contains("crit"))
      refuse_token("id_token_algorithm", "The ID token is signed in a way that is not accepted here.");
    const auto key = keys.state_->keys.find(text_member(parts.header, "kid"));
    if (key == keys.state_->keys.end() || key->second.algorithm != *pinned)
      refuse_token("id_token_key", "The issuer has no such key for the ID token.");
    if (!is_signed_by(key->second, parts.covered, parts.signature))
      refuse_token("id_token_signature", "The ID token's signature does not hold.");
  }
};

std::string find_kid(std::string_view token) {
  if (token.size() > kLargestTokenJson) return "";
  const auto header = find_base64url(token.substr(0, token.find('.')));
  return header ? text_member(find_token_json(*header), "kid") : std::string();
}

IdClaims check_id_token(std::string_view token, const PublicKeys& keys, const TokenExpectation& expected) {
  const TokenParts parts = cut_token(token);
  TokenVerifier::check(parts, keys, expected);
  if (expected.issuer.empty() || text_member(parts.claims, "iss") != expected.issuer)
    refuse_token("id_token_issuer", "The ID token is another issuer's.");
  check_audience(parts.claims, expected.client_id);
  check_times(parts.claims, expected);
  if (expected.nonce.empty() || !equal_in_constant_time(text_member(parts.claims, "nonce"), expected.nonce))
    refuse_token("id_token_nonce", "The ID token answers another sign-in.");
  IdClaims claims{text_member(parts.claims, "sub"), {}};
  if (claims.subject.empty() || claims.subject.size() > 255)
    refuse_token("id_token_form", "The ID token names nobody.");
  if (const auto methods = parts.claims.find("amr"); methods != parts.claims.end() && methods->is_array()) {
    for (const json& method : *methods)
      if (method.is_string()) claims.methods.push_back(method.get<std::string>());
  }
  return claims;
}

}  // namespace catchment::access
