// Characters and numbers of texts in Latin script. Internal to the readers of foreign ranges.
#pragma once

#include <optional>
#include <string_view>

#include "geo/address/address.hpp"

namespace catchment::engine::zone_text {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text);
void skip_blanks(std::string_view text, std::size_t& at);
// 17, 17C, 17 C. A letter counts only if no other follows it.
std::optional<geo::DoorNumber> read_number(std::string_view text, std::size_t& at, bool blank_before_letter);

}  // namespace catchment::engine::zone_text
