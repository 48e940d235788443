// The static tables that make_tables writes at build time. Only for the sources of geo/address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace catchment::geo::tables {

// A value for each code point: kX_block[kX_index[c >> 8]][c & 255]; 0 = none.
template <std::size_t N>
std::uint16_t at(const std::uint16_t (&index)[N], const std::uint16_t (*block)[256], char32_t c) {
  return (c >> 8) < N ? block[index[c >> 8]][c & 255] : std::uint16_t{0};
}

struct FoldTarget {
  std::uint32_t offset;  // into kFoldBytes, UTF-8
  std::uint8_t length;   // 0: the character goes
  bool begins_chinese;   // its first character is Chinese, or a mark as 、
  bool ends_chinese;
  char32_t single;  // when it is one character, else 0
};
extern const std::uint16_t kFold_index[0x1100];
extern const std::uint16_t kFold_block[][256];  // 0: stays as it is, else a FoldTarget
extern const FoldTarget kFoldTarget[];
extern const char kFoldBytes[];

struct Composition {  // a letter and the accent after it; sorted
  char32_t base;
  char32_t mark;
  char32_t composed;
};
extern const Composition kComposition[];
extern const std::size_t kCompositionCount;

extern const std::uint16_t kReading_index[0x1100];
extern const std::uint16_t kReading_block[][256];  // into kReadingList: a count, then as many syllables
extern const std::uint16_t kReadingList[];
extern const std::string_view kSyllable[];  // sorted
extern const std::size_t kSyllableCount;

extern const std::uint16_t kLookAlike_index[0x1100];
extern const std::uint16_t kLookAlike_block[][256];  // into kLookAlikeList: characters up to a 0
extern const char32_t kLookAlikeList[];

}  // namespace catchment::geo::tables
