// One-time passwords by time, RFC 6238 over RFC 4226: six digits, steps of 30 s, HMAC-SHA-1, as authenticator programs
// expect. Time is Unix seconds here and nowhere else in the service.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/access/crypto.hpp"

namespace catchment::access {

struct TotpForm {
  HmacKind hash = HmacKind::sha1;
  int digits = 6;  // 6 to 8
  std::int64_t step_seconds = 30;
};

// Beijing has had UTC+8 all year since 1991.
std::int64_t unix_seconds(std::chrono::local_seconds beijing);

std::string hotp(std::string_view secret, std::uint64_t counter, const TotpForm& form = {});
// The step whose code this is: now's, or one before or after it, but only one after `last_step`, so that a code serves
// once. Store the answer as the next last_step in the command that opens the session.
std::optional<std::int64_t> find_totp_step(std::string_view secret, std::string_view code, std::int64_t unix_now,
                                           std::int64_t last_step, const TotpForm& form = {});

std::string new_totp_secret(const Randomness& randomness);  // 20 bytes
// otpauth://totp/... for a QR code. Secret: show once.
std::string totp_uri(std::string_view issuer, std::string_view account_name, std::string_view secret);

}  // namespace catchment::access
