// An issuer's side, for tests: keys, their JWKS, signed tokens.
#pragma once

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "server/access/crypto.hpp"
#include "server/access/id_token.hpp"

namespace catchment::access {

class TokenMaker {
 public:
  TokenMaker(TokenAlgorithm algorithm, std::string kid, int rsa_bits = 2048)
      : algorithm_(algorithm), kid_(std::move(kid)), key_(new_signing_key(algorithm, rsa_bits), EVP_PKEY_free) {
    if (!key_) throw std::runtime_error("no key");
  }

  nlohmann::json jwk() const {
    nlohmann::json jwk{{"kid", kid_}, {"use", "sig"}, {"alg", to_word(algorithm_)}};
    switch (algorithm_) {
      case TokenAlgorithm::rs256:
        jwk["kty"] = "RSA", jwk["n"] = number("n"), jwk["e"] = number("e");
        break;
      case TokenAlgorithm::es256: {
        unsigned char point[65];
        std::size_t size = 0;
        EVP_PKEY_get_octet_string_param(key_.get(), "pub", point, sizeof point, &size);
        const std::string text(reinterpret_cast<char*>(point), size);
        jwk["kty"] = "EC", jwk["crv"] = "P-256";
        jwk["x"] = to_base64url(text.substr(1, 32)), jwk["y"] = to_base64url(text.substr(33));
        break;
      }
      case TokenAlgorithm::eddsa: {
        unsigned char raw[32];
        std::size_t size = sizeof raw;
        EVP_PKEY_get_raw_public_key(key_.get(), raw, &size);
        jwk["kty"] = "OKP", jwk["crv"] = "Ed25519", jwk["x"] = to_base64url({reinterpret_cast<char*>(raw), size});
        break;
      }
    }
    return jwk;
  }
  std::string jwks() const { return nlohmann::json{{"keys", {jwk()}}}.dump(); }

  nlohmann::json header() const { return {{"alg", to_word(algorithm_)}, {"kid", kid_}, {"typ", "JWT"}}; }
  std::string token(const nlohmann::json& claims) const { return token(header(), claims.dump()); }
  std::string token(const nlohmann::json& head, const std::string& claims) const {
    const std::string covered = to_base64url(head.dump()) + "." + to_base64url(claims);
    return covered + "." + to_base64url(signature(covered));
  }

 private:
  static EVP_PKEY* new_signing_key(TokenAlgorithm algorithm, int rsa_bits) {
    if (algorithm == TokenAlgorithm::rs256)
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(rsa_bits));
    if (algorithm == TokenAlgorithm::es256) return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }

  std::string number(const char* name) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &value);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(value);
    return to_base64url(bytes);
  }

  std::string signature(const std::string& covered) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, algorithm_ == TokenAlgorithm::eddsa ? nullptr : EVP_sha256(), nullptr,
                       key_.get());
    std::string out(1024, '\0');
    std::size_t size = out.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                   reinterpret_cast<const unsigned char*>(covered.data()), covered.size());
    out.resize(size);
    if (algorithm_ != TokenAlgorithm::es256) return out;
    const auto* der = reinterpret_cast<const unsigned char*>(out.data());
    ECDSA_SIG* const pair = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(out.size()));
    std::string raw(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), reinterpret_cast<unsigned char*>(raw.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
    ECDSA_SIG_free(pair);
    return raw;
  }

  TokenAlgorithm algorithm_;
  std::string kid_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace catchment::access
