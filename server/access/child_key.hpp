// A child by its identity document, without the number: HMAC(pepper, type | number).
//
// A plain hash of an identity number is undone by trying all numbers; the pepper is derived from the season's key, so a
// purged season's child keys lead nowhere. One child, one key, however the number was typed: letters in upper case,
// full-width digits and blanks folded.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/access/key_ring.hpp"

namespace catchment::access {

enum class DocumentType : std::uint8_t {
  resident_id,      // 居民身份证, GB 11643-1999; also 港澳台居民居住证 (81, 82, 83), which has its form
  passport,         // 护照, of any country: 5 to 15 letters and digits
  hk_macao_permit,  // 港澳居民来往内地通行证: H or M and 8 digits; the 2 of its issue are dropped
  taiwan_permit,    // 台湾居民来往大陆通行证: 8 digits
  foreigner_permanent_card,  // 外国人永久居留身份证: 18 as GB 11643, beginning with 9; before 2023 3 letters, 12 digits
};
inline constexpr std::size_t kDocumentTypes = 5;
std::string_view to_word(DocumentType type);
std::optional<DocumentType> find_document_type(std::string_view word);

struct IdentityDocument {
  DocumentType type = DocumentType::resident_id;
  std::string number;  // folded
};

// Throws InputError with where = `where`; no message holds any part of the number:
//   document_type_unknown, document_length, document_character, document_birth_date (of GB 11643, not a day of the
//   calendar, or before 1900), document_check_digit (one character is wrong, or two are swapped), document_form.
IdentityDocument parse_document(std::string_view type, std::string_view number, std::string_view where);

// The 18th character of GB 11643-1999 (ISO 7064, MOD 11-2) for 17 digits: '0' to '9' or 'X'.
char check_character(std::string_view seventeen_digits);
// Of the types that have GB 11643's form.
std::optional<std::chrono::year_month_day> birth_date(const IdentityDocument& document);

// 64 hex digits: HMAC-SHA-256, or HMAC-SM3 where the key's suite is sm4_sm3.
std::string child_key(const RingKey& season_key, const IdentityDocument& document);

}  // namespace catchment::access
