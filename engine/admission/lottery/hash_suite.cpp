#include "engine/admission/lottery/hash_suite.hpp"

#include <openssl/evp.h>

#include <new>

namespace catchment::engine::admission {
namespace {

constexpr std::size_t kHmacBlock = 64;

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigestContext>;

// What libcrypto answers to a digest it was built with can only be a lack of memory.
void must_digest(int done) {
  if (done != 1) throw std::bad_alloc();
}

DigestContext new_digest_context() {
  DigestContext context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  return context;
}

const EVP_MD* evp_digest_of(Suite suite) {
  // Fetched once: a look-up by name costs more than a short hash.
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static const EVP_MD* const kSm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
  const EVP_MD* digest = suite == Suite::sha256 ? kSha256 : kSm3;
  if (digest == nullptr) throw std::bad_alloc();
  return digest;
}

int hex_nibble(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::string_view to_word(Suite suite) noexcept { return suite == Suite::sha256 ? "sha256" : "sm3"; }

std::optional<Suite> find_suite(std::string_view word) noexcept {
  if (word == "sha256") return Suite::sha256;
  if (word == "sm3") return Suite::sm3;
  return std::nullopt;
}

std::string to_hex(const Digest& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

bool parse_hex(std::string_view text, Digest& bytes) noexcept {
  if (text.size() != 2 * bytes.size()) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_nibble(text[2 * i]), low = hex_nibble(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

bool parse_code(std::string_view text, Code& code) noexcept {
  if (text.size() != code.size()) return false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = text[i];
    const bool letter = c >= 'A' && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U';
    if (!letter && !(c >= '0' && c <= '9')) return false;
    code[i] = c;
  }
  return true;
}

Digest hash(Suite suite, std::string_view bytes) {
  const DigestContext context = new_digest_context();
  Digest digest;
  must_digest(EVP_DigestInit_ex2(context.get(), evp_digest_of(suite), nullptr));
  must_digest(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()));
  must_digest(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr));
  return digest;
}

struct TicketKey::State {
  DigestContext inner = new_digest_context(), outer = new_digest_context(), work = new_digest_context();
};

TicketKey::TicketKey(Suite suite, const Digest& key) : state_(std::make_unique<State>()) {
  std::array<std::uint8_t, kHmacBlock> inner{}, outer{};
  for (std::size_t i = 0; i < kHmacBlock; ++i) {
    const std::uint8_t byte = i < key.size() ? key[i] : std::uint8_t{0};
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  must_digest(EVP_DigestInit_ex2(state_->inner.get(), evp_digest_of(suite), nullptr));
  must_digest(EVP_DigestUpdate(state_->inner.get(), inner.data(), kHmacBlock));
  must_digest(EVP_DigestInit_ex2(state_->outer.get(), evp_digest_of(suite), nullptr));
  must_digest(EVP_DigestUpdate(state_->outer.get(), outer.data(), kHmacBlock));
}

TicketKey::~TicketKey() = default;
TicketKey::TicketKey(TicketKey&&) noexcept = default;
TicketKey& TicketKey::operator=(TicketKey&&) noexcept = default;

Ticket TicketKey::ticket(std::string_view message) const {
  EVP_MD_CTX* work = state_->work.get();
  Digest digest;
  must_digest(EVP_MD_CTX_copy_ex(work, state_->inner.get()));
  must_digest(EVP_DigestUpdate(work, message.data(), message.size()));
  must_digest(EVP_DigestFinal_ex(work, digest.data(), nullptr));
  must_digest(EVP_MD_CTX_copy_ex(work, state_->outer.get()));
  must_digest(EVP_DigestUpdate(work, digest.data(), digest.size()));
  must_digest(EVP_DigestFinal_ex(work, digest.data(), nullptr));
  return digest;
}

}  // namespace catchment::engine::admission
