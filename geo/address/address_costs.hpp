// What the candidates of an address cost, and the character classes they are found by. For the sources of geo/address
// only.
#pragma once

#include <cstddef>
#include <string_view>

namespace catchment::geo {

// Costs in tenths of a plain name (建设路 by its suffix alone = 10). What a city knows is cheaper than what its suffix
// makes probable, and that is much cheaper than characters left over. Chosen on tests/geo/address/addresses.txt.
inline constexpr int kFine = 32;  // a cost is counted in parts of a tenth, so that of known names the longest wins
inline constexpr int kKnown = 3;
inline constexpr int kNumbered = 3;
inline constexpr int kFixedWord = 4;
inline constexpr int kDetail = 6;
inline constexpr int kPlain = 10;
inline constexpr int kBare = 8;
inline constexpr int kUnread = 30;      // a character no rule reads
inline constexpr int kLatinWord = 25;   // a whole word of letters
inline constexpr int kOneCharStem = 6;  // 东 + 路; 张 + 村 is usual
inline constexpr int kLongStem = 3;     // each character over kUsualStem
inline constexpr std::size_t kUsualStem = 5;
inline constexpr std::size_t kMaxStem = 20;
inline constexpr std::size_t kMaxChain = 6;
inline constexpr int kDigitsInside = 12;
inline constexpr int kBackwards = 10;     // a district after a street
inline constexpr int kFarBackwards = 40;  // a city or province after one
inline constexpr int kOnlyDirection = 4;  // 南大街 right after a name: 中关村南大街
inline constexpr int kJoiningWord = 8;
inline constexpr int kDistance = 2;
inline constexpr std::size_t kLongestSuffix = 6;
inline constexpr int kCityGluedOn = 6;  // 郑州建设路: two names rather than one

inline bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
inline bool is_letter(char32_t c) { return c >= U'a' && c <= U'z'; }
inline bool is_compass(char32_t c) { return std::u32string_view(U"东西南北中").find(c) != std::u32string_view::npos; }
inline bool is_numeral(char32_t c) {
  return std::u32string_view(U"〇零一二三四五六七八九十百千万廿卅卌两").find(c) != std::u32string_view::npos;
}

}  // namespace catchment::geo
