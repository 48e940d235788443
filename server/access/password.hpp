// Passwords of staff: Argon2id (RFC 9106) by libsodium, as a PHC string that records its parameters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/access/crypto.hpp"

namespace catchment::access {

struct PasswordCost {
  std::uint64_t passes = 2;
  std::uint64_t memory_bytes = 64ull << 20;  // libsodium's "interactive": about 0.1 s a core
};

// Length 10 to 200 bytes, not the account's name or made of it, not one character over and over. Throws
// InputError: password_short, password_long, password_name, password_plain; never with the password in its text.
void check_password_rules(std::string_view password, std::string_view account_name, std::string_view where);

// "$argon2id$v=19$m=65536,t=2,p=1$salt$hash", salt of 16 random bytes.
std::string hash_password(std::string_view password, const PasswordCost& cost, const Randomness& randomness);
// Random bytes in that form: no password is known that fits, and to try one costs as much. Costs nothing to make.
std::string hash_of_nothing(const PasswordCost& cost, const Randomness& randomness);
bool is_password(std::string_view phc, std::string_view password);
// Made with other parameters: hash anew at the next login.
bool is_outdated(std::string_view phc, const PasswordCost& cost);

}  // namespace catchment::access
