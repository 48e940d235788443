// The code on a letter of admission (报到码): signed with Ed25519, so that a school's desk can check it without a line,
// by the season's public key.
//
//   CATCHMENT1.2024.primary.S12.7K2M9QXA.3.<86 characters>     season, level, school, child, class (0: none yet),
//   signature
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/access/crypto.hpp"

namespace catchment::desk {

struct CheckIn {
  std::string season, level, school, code;
  int school_class = 0;
  bool operator==(const CheckIn&) const = default;
};

// Safe for threads.
class CheckInKey {
 public:
  explicit CheckInKey(const access::Key32& season_key);
  std::string sign(const CheckIn& letter) const;
  std::string public_key() const;  // 43 characters, base64url

 private:
  access::Key32 seed_;
};

// Empty: not signed by this key, or not of this form.
std::optional<CheckIn> find_check_in(std::string_view text, std::string_view public_key);

}  // namespace catchment::desk
