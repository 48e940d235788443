#include "server/access/child_key.hpp"

#include <algorithm>
#include <array>

#include "geo/input_error.hpp"

namespace catchment::access {
namespace {

constexpr std::array<std::string_view, kDocumentTypes> kDocumentWords{"resident_id", "passport", "hk_macao_permit",
                                                                      "taiwan_permit", "foreigner_permanent_card"};

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_ascii_digit); }

// Upper case; full-width letters and digits (U+FF01 to U+FF5E) and blanks folded. Nothing else is changed.
std::string fold_number(std::string_view text) {
  std::string folded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
    if (byte(i) == 0xef && (byte(i + 1) == 0xbc || byte(i + 1) == 0xbd)) {
      const unsigned offset = (byte(i + 1) - 0xbc) * 64 + byte(i + 2) - 0x80;
      c = static_cast<char>(0x20 + offset);
      i += 2;
    } else if (byte(i) == 0xe3 && byte(i + 1) == 0x80 && byte(i + 2) == 0x80) {
      c = ' ';
      i += 2;
    }
    if (c == ' ') continue;
    folded += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return folded;
}

std::optional<std::chrono::year_month_day> find_birth_day(std::string_view number) {
  const auto value = [&](std::size_t at, std::size_t count) {
    int sum = 0;
    for (std::size_t i = at; i < at + count; ++i) sum = sum * 10 + (number[i] - '0');
    return sum;
  };
  const std::chrono::year_month_day day{std::chrono::year(value(6, 4)),
                                        std::chrono::month(static_cast<unsigned>(value(10, 2))),
                                        std::chrono::day(static_cast<unsigned>(value(12, 2)))};
  if (!day.ok() || day.year() < std::chrono::year(1900)) return std::nullopt;
  return day;
}

struct DocumentComplaint {
  std::string_view where;
  [[noreturn]] void say(const char* code, const char* message) const {
    throw InputError(code, std::string(where), message);
  }
};

void check_resident_form(std::string_view number, const DocumentComplaint& complaint) {
  if (number.size() == 15 && all_digits(number))
    complaint.say("document_length", "Numbers of 15 digits are no longer valid; the card shows one of 18.");
  if (number.size() != 18) complaint.say("document_length", "An identity number has 18 characters.");
  if (!all_digits(number.substr(0, 17)) || (!is_ascii_digit(number[17]) && number[17] != 'X'))
    complaint.say("document_character", "An identity number is 17 digits, then a digit or X.");
  if (!find_birth_day(number)) complaint.say("document_birth_date", "Characters 7 to 14 are no day of the calendar.");
  if (check_character(number.substr(0, 17)) != number[17])
    complaint.say("document_check_digit",
                  "The last character does not fit the others: one is mistyped, or two are swapped.");
}

bool is_passport(std::string_view number) {
  return number.size() >= 5 && number.size() <= 15 &&
         std::all_of(number.begin(), number.end(), [](char c) { return is_ascii_digit(c) || is_upper(c); }) &&
         std::any_of(number.begin(), number.end(), is_ascii_digit);
}

bool is_hk_macao_permit(std::string_view number) {
  return (number.size() == 9 || number.size() == 11) && (number[0] == 'H' || number[0] == 'M') &&
         all_digits(number.substr(1));
}

bool is_old_foreigner_card(std::string_view number) {
  return number.size() == 15 && std::all_of(number.begin(), number.begin() + 3, is_upper) &&
         all_digits(number.substr(3));
}

}  // namespace

std::string_view to_word(DocumentType type) { return kDocumentWords[static_cast<std::size_t>(type)]; }

std::optional<DocumentType> find_document_type(std::string_view word) {
  const auto found = std::find(kDocumentWords.begin(), kDocumentWords.end(), word);
  if (found == kDocumentWords.end()) return std::nullopt;
  return static_cast<DocumentType>(found - kDocumentWords.begin());
}

char check_character(std::string_view seventeen_digits) {
  // GB 11643-1999: the weight of place i, counted from the right and the check character being 1, is 2^(i-1) mod 11.
  int sum = 0, weight = 1;
  for (std::size_t i = seventeen_digits.size(); i-- > 0;) {
    weight = weight * 2 % 11;
    sum += weight * (seventeen_digits[i] - '0');
  }
  const int check = (12 - sum % 11) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

IdentityDocument parse_document(std::string_view type, std::string_view number, std::string_view where) {
  const DocumentComplaint complaint{where};
  const auto known = find_document_type(type);
  if (!known) complaint.say("document_type_unknown", "There is no such type of identity document.");
  if (number.size() > 120) complaint.say("document_length", "No identity document has a number as long as this.");
  IdentityDocument document{*known, fold_number(number)};
  const std::string_view folded = document.number;
  switch (*known) {
    case DocumentType::resident_id:
      check_resident_form(folded, complaint);
      if (folded[0] == '9') complaint.say("document_form", "This is a foreigner's permanent card.");
      break;
    case DocumentType::passport:
      if (!is_passport(folded)) complaint.say("document_form", "A passport number is 5 to 15 letters and digits.");
      break;
    case DocumentType::hk_macao_permit:
      if (!is_hk_macao_permit(folded))
        complaint.say("document_form", "A permit of Hong Kong and Macao is H or M and 8 or 10 digits.");
      document.number.resize(9);  // what follows counts the issues of the permit
      break;
    case DocumentType::taiwan_permit:
      if (folded.size() != 8 || !all_digits(folded))
        complaint.say("document_form", "A permit of Taiwan residents is 8 digits.");
      break;
    case DocumentType::foreigner_permanent_card:
      if (is_old_foreigner_card(folded)) break;
      check_resident_form(folded, complaint);
      if (folded[0] != '9') complaint.say("document_form", "A foreigner's permanent card begins with 9.");
      break;
  }
  return document;
}

std::optional<std::chrono::year_month_day> birth_date(const IdentityDocument& document) {
  const bool has_date = document.type == DocumentType::resident_id ||
                        (document.type == DocumentType::foreigner_permanent_card && document.number.size() == 18);
  return has_date ? find_birth_day(document.number) : std::nullopt;
}

std::string child_key(const RingKey& season_key, const IdentityDocument& document) {
  const HmacKind kind = season_key.suite == SealSuite::aes_gcm ? HmacKind::sha256 : HmacKind::sm3;
  const Key32 pepper = derive_key(kind, season_key.key, "child key");
  std::string message(to_word(document.type));
  message.append("|").append(document.number);
  const std::string key = to_hex(hmac(kind, pepper.view(), message));
  wipe(message);
  return key;
}

}  // namespace catchment::access
