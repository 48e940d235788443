#include "engine/zone_text/reading/range_characters.hpp"

namespace catchment::engine::zone_text {

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

void skip_blanks(std::string_view text, std::size_t& at) {
  while (at < text.size() && is_blank(text[at])) ++at;
}

std::optional<geo::DoorNumber> read_number(std::string_view text, std::size_t& at, bool blank_before_letter) {
  if (at >= text.size() || !is_digit(text[at])) return std::nullopt;
  geo::DoorNumber number;
  std::size_t digits = 0;
  for (; at < text.size() && is_digit(text[at]); ++at, ++digits) {
    if (digits >= 6) return std::nullopt;
    number.number = number.number * 10 + (text[at] - '0');
  }
  std::size_t letter = at;
  if (blank_before_letter) skip_blanks(text, letter);
  const bool alone =
      letter + 1 >= text.size() || !(is_ascii_letter(text[letter + 1]) || (text[letter + 1] & 0x80) != 0);
  if (letter < text.size() && is_ascii_letter(text[letter]) && alone) {
    number.sub = (text[letter] | 0x20) - 'a' + 1;
    number.sub_form = geo::SubForm::letter;
    at = letter + 1;
  }
  return number;
}

}  // namespace catchment::engine::zone_text
