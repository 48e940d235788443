#include "server/access/field_seal.hpp"

#include <openssl/evp.h>

#include <memory>
#include <new>

namespace catchment::access {
namespace {

constexpr char kVersionAesGcm = 1, kVersionSm4Sm3 = 2;
constexpr std::size_t kGcmNonce = 12, kGcmTag = 16, kSm4Counter = 16, kSm4Key = 16, kSm3Mac = 32;

struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>;

CipherContext new_cipher_context() {
  CipherContext context(EVP_CIPHER_CTX_new());
  if (!context) throw std::bad_alloc();
  return context;
}

void must_cipher(int done) {
  if (done != 1) throw std::bad_alloc();
}

// Found by name once, and not for each field.
const EVP_CIPHER* find_cipher(const char* name) {
  const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
  if (cipher == nullptr) throw std::bad_alloc();
  return cipher;
}
const EVP_CIPHER* aes_256_gcm() {
  static const EVP_CIPHER* const cipher = find_cipher("AES-256-GCM");
  return cipher;
}
const EVP_CIPHER* sm4_counter() {
  static const EVP_CIPHER* const cipher = find_cipher("SM4-CTR");
  return cipher;
}

unsigned char* writable(std::string& bytes, std::size_t at) {
  return reinterpret_cast<unsigned char*>(bytes.data() + at);
}
const unsigned char* readable(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

// Version, label and place, each with its length, so that no two places read alike.
std::string sealed_for(char version, std::string_view label, const FieldPlace& place) {
  std::string text = "catchment seal";
  text += version;
  for (const std::string_view part : {label, place.table, place.column, place.row}) {
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(part.size() >> shift & 255u);
    text += part;
  }
  return text;
}

void append_random(std::string& bytes, std::size_t count, const Randomness& randomness) {
  const std::size_t at = bytes.size();
  bytes.resize(at + count);
  randomness({writable(bytes, at), count});
}

std::string seal_aes_gcm(const Key32& ring_key, std::string_view bound, std::string_view text,
                         const Randomness& randomness) {
  const Key32 key = derive_key(HmacKind::sha256, ring_key, "seal aes_gcm");
  std::string out(1, kVersionAesGcm);
  append_random(out, kGcmNonce, randomness);
  out.resize(1 + kGcmNonce + text.size() + kGcmTag);
  const CipherContext context = new_cipher_context();
  int length = 0;
  must_cipher(EVP_EncryptInit_ex(context.get(), aes_256_gcm(), nullptr, key.bytes().data(), writable(out, 1)));
  must_cipher(EVP_EncryptUpdate(context.get(), nullptr, &length, readable(bound), static_cast<int>(bound.size())));
  must_cipher(EVP_EncryptUpdate(context.get(), writable(out, 1 + kGcmNonce), &length, readable(text),
                                static_cast<int>(text.size())));
  must_cipher(EVP_EncryptFinal_ex(context.get(), writable(out, 1 + kGcmNonce + text.size()), &length));
  must_cipher(
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kGcmTag, writable(out, 1 + kGcmNonce + text.size())));
  return out;
}

std::string open_aes_gcm(const Key32& ring_key, std::string_view bound, std::string_view sealed) {
  if (sealed.size() < 1 + kGcmNonce + kGcmTag) throw SealError(SealFault::broken);
  const Key32 key = derive_key(HmacKind::sha256, ring_key, "seal aes_gcm");
  const std::string_view body = sealed.substr(1 + kGcmNonce, sealed.size() - 1 - kGcmNonce - kGcmTag);
  std::string tag(sealed.substr(sealed.size() - kGcmTag)), text(body.size(), '\0');
  const CipherContext context = new_cipher_context();
  int length = 0;
  must_cipher(
      EVP_DecryptInit_ex(context.get(), aes_256_gcm(), nullptr, key.bytes().data(), readable(sealed.substr(1))));
  must_cipher(EVP_DecryptUpdate(context.get(), nullptr, &length, readable(bound), static_cast<int>(bound.size())));
  must_cipher(
      EVP_DecryptUpdate(context.get(), writable(text, 0), &length, readable(body), static_cast<int>(body.size())));
  must_cipher(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kGcmTag, tag.data()));
  if (EVP_DecryptFinal_ex(context.get(), writable(text, text.size()), &length) != 1) {
    wipe(text);
    throw SealError(SealFault::broken);
  }
  return text;
}

// The same both ways.
void sm4_ctr(const Key32& ring_key, std::string_view counter, std::string_view in, unsigned char* out) {
  const Key32 key = derive_key(HmacKind::sm3, ring_key, "seal sm4");
  static_assert(kSm4Key <= 32);
  const CipherContext context = new_cipher_context();
  int length = 0;
  must_cipher(EVP_EncryptInit_ex(context.get(), sm4_counter(), nullptr, key.bytes().data(), readable(counter)));
  must_cipher(EVP_EncryptUpdate(context.get(), out, &length, readable(in), static_cast<int>(in.size())));
}

std::string sm3_mac(const Key32& ring_key, std::string_view bound, std::string_view sealed) {
  const Key32 key = derive_key(HmacKind::sm3, ring_key, "seal sm3");
  return hmac(HmacKind::sm3, key.view(), std::string(bound).append(sealed));
}

std::string seal_sm4_sm3(const Key32& ring_key, std::string_view bound, std::string_view text,
                         const Randomness& randomness) {
  std::string out(1, kVersionSm4Sm3);
  append_random(out, kSm4Counter, randomness);
  out.resize(1 + kSm4Counter + text.size());
  sm4_ctr(ring_key, std::string_view(out).substr(1, kSm4Counter), text, writable(out, 1 + kSm4Counter));
  return out.append(sm3_mac(ring_key, bound, out));
}

std::string open_sm4_sm3(const Key32& ring_key, std::string_view bound, std::string_view sealed) {
  if (sealed.size() < 1 + kSm4Counter + kSm3Mac) throw SealError(SealFault::broken);
  const std::string_view covered = sealed.substr(0, sealed.size() - kSm3Mac);
  if (!equal_in_constant_time(sm3_mac(ring_key, bound, covered), sealed.substr(covered.size())))
    throw SealError(SealFault::broken);
  std::string text(covered.size() - 1 - kSm4Counter, '\0');
  sm4_ctr(ring_key, covered.substr(1, kSm4Counter), covered.substr(1 + kSm4Counter), writable(text, 0));
  return text;
}

std::shared_ptr<const RingKey> get_seal_key(const KeyRing& ring, std::string_view label) {
  auto key = ring.find(label);
  if (!key) throw SealError(SealFault::no_key);
  return key;
}

}  // namespace

SealError::SealError(SealFault fault_)
    : std::runtime_error(fault_ == SealFault::no_key ? "the key of a sealed field is gone"
                                                     : "a sealed field was altered or is not of this place"),
      fault(fault_) {}

FieldSeal::FieldSeal(const KeyRing& ring, Randomness randomness) : ring_(ring), randomness_(std::move(randomness)) {}

std::string FieldSeal::seal(std::string_view label, const FieldPlace& place, std::string_view text) const {
  const auto key = get_seal_key(ring_, label);
  if (key->suite == SealSuite::aes_gcm)
    return seal_aes_gcm(key->key, sealed_for(kVersionAesGcm, label, place), text, randomness_);
  return seal_sm4_sm3(key->key, sealed_for(kVersionSm4Sm3, label, place), text, randomness_);
}

std::string FieldSeal::open(std::string_view label, const FieldPlace& place, std::string_view sealed) const {
  const auto key = get_seal_key(ring_, label);
  const char version = key->suite == SealSuite::aes_gcm ? kVersionAesGcm : kVersionSm4Sm3;
  if (sealed.empty() || sealed.front() != version) throw SealError(SealFault::broken);
  const std::string bound = sealed_for(version, label, place);
  return version == kVersionAesGcm ? open_aes_gcm(key->key, bound, sealed) : open_sm4_sm3(key->key, bound, sealed);
}

}  // namespace catchment::access
