#include "server/desk/check_in.hpp"

#include <openssl/evp.h>

#include <charconv>
#include <memory>
#include <stdexcept>
#include <vector>

namespace catchment::desk {
namespace {

constexpr std::string_view kCheckInForm = "CATCHMENT1";
constexpr std::size_t kSignatureBytes = 64;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using PkeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;
using ContextPtr = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

PkeyPtr private_key(const access::Key32& seed) {
  PkeyPtr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes().data(), seed.bytes().size()));
  if (!key) throw std::runtime_error("libcrypto has no Ed25519");
  return key;
}

std::string letter_text(const CheckIn& letter) {
  return std::string(kCheckInForm) + "." + letter.season + "." + letter.level + "." + letter.school + "." +
         letter.code + "." + std::to_string(letter.school_class);
}

}  // namespace

CheckInKey::CheckInKey(const access::Key32& season_key)
    : seed_(access::derive_key(access::HmacKind::sha256, season_key, "check-in")) {}

std::string CheckInKey::sign(const CheckIn& letter) const {
  const std::string text = letter_text(letter);
  const PkeyPtr key = private_key(seed_);
  const ContextPtr context(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, raw(text),
                     text.size()) != 1)
    throw std::runtime_error("libcrypto cannot sign");
  return text + "." + access::to_base64url(signature);
}

std::string CheckInKey::public_key() const {
  const PkeyPtr key = private_key(seed_);
  std::string bytes(32, '\0');
  std::size_t size = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size) != 1)
    throw std::runtime_error("libcrypto gives no public key");
  return access::to_base64url(bytes);
}

std::optional<CheckIn> find_check_in(std::string_view text, std::string_view public_key) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view signed_text = text.substr(0, dot);
  const auto signature = access::find_base64url(text.substr(dot + 1));
  const auto key_bytes = access::find_base64url(public_key);
  if (!signature || signature->size() != kSignatureBytes || !key_bytes || key_bytes->size() != 32) return std::nullopt;
  const PkeyPtr key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(*key_bytes), key_bytes->size()));
  const ContextPtr context(EVP_MD_CTX_new());
  if (!key || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestVerify(context.get(), raw(*signature), signature->size(), raw(signed_text), signed_text.size()) != 1)
    return std::nullopt;
  std::vector<std::string> parts;
  for (std::string_view rest = signed_text;;) {
    const std::size_t end = rest.find('.');
    parts.emplace_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  if (parts.size() != 6 || parts[0] != kCheckInForm) return std::nullopt;
  CheckIn letter{parts[1], parts[2], parts[3], parts[4]};
  const std::string& number = parts[5];
  if (std::from_chars(number.data(), number.data() + number.size(), letter.school_class).ec != std::errc())
    return std::nullopt;
  return letter;
}

}  // namespace catchment::desk
