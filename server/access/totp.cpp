#include "server/access/totp.hpp"

#include <array>

namespace catchment::access {

std::int64_t unix_seconds(std::chrono::local_seconds beijing) {
  return (beijing.time_since_epoch() - std::chrono::hours(8)).count();
}

std::string hotp(std::string_view secret, std::uint64_t counter, const TotpForm& form) {
  std::string message(8, '\0');
  for (std::size_t i = 8; i-- > 0; counter >>= 8) message[i] = static_cast<char>(counter & 255u);
  const std::string mac = hmac(form.hash, secret, message);
  const auto byte = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(mac[at])}; };
  const std::size_t at = byte(mac.size() - 1) & 15u;
  std::uint32_t number = (byte(at) & 127u) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
  std::string code(static_cast<std::size_t>(form.digits), '0');
  for (std::size_t i = code.size(); i-- > 0; number /= 10) code[i] = static_cast<char>('0' + number % 10);
  return code;
}

std::optional<std::int64_t> find_totp_step(std::string_view secret, std::string_view code, std::int64_t unix_now,
                                           std::int64_t last_step, const TotpForm& form) {
  const std::int64_t now = unix_now / form.step_seconds;
  std::optional<std::int64_t> found;
  // All three are tried, so that time does not tell which of them it was.
  for (std::int64_t step = now - 1; step <= now + 1; ++step) {
    const bool same = step >= 0 && equal_in_constant_time(hotp(secret, static_cast<std::uint64_t>(step), form), code);
    if (same && step > last_step && !found) found = step;
  }
  return found;
}

std::string new_totp_secret(const Randomness& randomness) {
  std::array<std::uint8_t, 20> bytes;
  randomness(bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string totp_uri(std::string_view issuer, std::string_view account_name, std::string_view secret) {
  return "otpauth://totp/" + std::string(issuer) + ":" + std::string(account_name) + "?secret=" + to_base32(secret) +
         "&issuer=" + std::string(issuer) + "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace catchment::access
