// Numerals at the beginning of normalised text, ASCII or Chinese.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace catchment::geo {

struct NumeralText {
  std::int32_t value = 0;  // 0 to 999,999
  std::size_t length = 0;  // bytes of the text; 0: none starts there
  bool ascii = false;

  bool chinese() const { return length != 0 && !ascii; }
};

// The whole run of ASCII digits, or of Chinese numerals, that the text begins with, if it is a number of at most
// 999,999: "123", 一百二十三, 一百零三, 一二三, 二〇, 廿一, 两百. None: 一百三 (103 and 130 are both meant), 百, 万,
// 两.
NumeralText read_numeral(std::string_view normal);

// Bytes of the run of Chinese numerals that the text begins with, a number or not.
std::size_t numeral_run(std::string_view normal);

}  // namespace catchment::geo
