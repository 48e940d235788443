#include "server/access/password.hpp"

#include <sodium.h>

#include <algorithm>
#include <new>

#include "geo/input_error.hpp"

namespace catchment::access {
namespace {

constexpr std::size_t kShortestPassword = 10, kLongestPassword = 200;

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

// Standard alphabet without padding, as PHC strings have it.
std::string to_phc_base64(std::string_view bytes) {
  std::string text = to_base64url(bytes);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  return text;
}

std::string phc_head(const PasswordCost& cost) {
  return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) + ",t=" + std::to_string(cost.passes) + ",p=1$";
}

using Salt = std::array<std::uint8_t, crypto_pwhash_SALTBYTES>;
using Hash = std::array<std::uint8_t, 32>;

std::string print_phc(const PasswordCost& cost, const Salt& salt, const Hash& hash) {
  const auto text = [](const auto& bytes) {
    return to_phc_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  return phc_head(cost) + text(salt) + "$" + text(hash);
}

}  // namespace

void check_password_rules(std::string_view password, std::string_view account_name, std::string_view where) {
  const auto refused = [&](const char* code, const char* message) {
    throw InputError(code, std::string(where), message);
  };
  if (password.size() < kShortestPassword) refused("password_short", "A password has at least 10 characters.");
  if (password.size() > kLongestPassword) refused("password_long", "A password has at most 200 bytes.");
  const std::string lower = lower_ascii(password), name = lower_ascii(account_name);
  // The name once or several times, and little beside it.
  std::string rest = lower;
  if (!name.empty()) {
    for (std::size_t at; (at = rest.find(name)) != std::string::npos;) rest.erase(at, name.size());
  }
  if (rest.size() < lower.size() && rest.size() < 6)
    refused("password_name", "The password is the account's name, or made of it.");
  if (std::all_of(password.begin(), password.end(), [&](char c) { return c == password.front(); }))
    refused("password_plain", "The password is one character over and over.");
}

std::string hash_password(std::string_view password, const PasswordCost& cost, const Randomness& randomness) {
  Salt salt;
  randomness(salt);
  Hash hash;
  if (crypto_pwhash(hash.data(), hash.size(), password.data(), password.size(), salt.data(), cost.passes,
                    static_cast<std::size_t>(cost.memory_bytes), crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();
  }
  return print_phc(cost, salt, hash);
}

std::string hash_of_nothing(const PasswordCost& cost, const Randomness& randomness) {
  Salt salt;
  Hash hash;
  randomness(salt);
  randomness(hash);
  return print_phc(cost, salt, hash);
}

bool is_password(std::string_view phc, std::string_view password) {
  const std::string ended(phc);
  return ended.size() < crypto_pwhash_STRBYTES &&
         crypto_pwhash_str_verify(ended.c_str(), password.data(), password.size()) == 0;
}

bool is_outdated(std::string_view phc, const PasswordCost& cost) { return !phc.starts_with(phc_head(cost)); }

}  // namespace catchment::access
