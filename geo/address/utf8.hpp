// UTF-8 one character at a time, and the classes of characters that the address sources share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace catchment::geo {

struct Decoded {
  char32_t c = 0;
  std::size_t length = 0;
};

// The character at p < end. A byte that begins none (overlong forms, surrogates and cut ones too) is U+FFFD of
// length 1.
inline Decoded decode_utf8(const char* p, const char* end) {
  const auto byte = [p](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(p[i])); };
  const auto more = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
  const char32_t first = byte(0);
  const auto left = static_cast<std::size_t>(end - p);
  if (first < 0x80) return {first, 1};
  if (first >= 0xe0 && first < 0xf0 && left >= 3 && more(1) && more(2)) {
    const char32_t c = (first & 0x0fu) << 12 | (byte(1) & 0x3fu) << 6 | (byte(2) & 0x3fu);
    if (c >= 0x800 && (c < 0xd800 || c >= 0xe000)) return {c, 3};
  } else if (first >= 0xc2 && first < 0xe0 && left >= 2 && more(1)) {
    return {(first & 0x1fu) << 6 | (byte(1) & 0x3fu), 2};
  } else if (first >= 0xf0 && first < 0xf5 && left >= 4 && more(1) && more(2) && more(3)) {
    const char32_t c = (first & 0x07u) << 18 | (byte(1) & 0x3fu) << 12 | (byte(2) & 0x3fu) << 6 | (byte(3) & 0x3fu);
    if (c >= 0x10000 && c < 0x110000) return {c, 4};
  }
  return {0xfffd, 1};
}

inline std::size_t encode_utf8(char32_t c, char (&to)[4]) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80u | (c >> shift & 0x3fu)); };
  if (c < 0x80) {
    to[0] = static_cast<char>(c);
    return 1;
  }
  if (c < 0x800) {
    to[0] = static_cast<char>(0xc0u | c >> 6);
    to[1] = tail(0);
    return 2;
  }
  if (c < 0x10000) {
    to[0] = static_cast<char>(0xe0u | c >> 12);
    to[1] = tail(6);
    to[2] = tail(0);
    return 3;
  }
  to[0] = static_cast<char>(0xf0u | c >> 18);
  to[1] = tail(12);
  to[2] = tail(6);
  to[3] = tail(0);
  return 4;
}

// Chinese characters and the marks that stand among them (、。〇): blanks beside them mean nothing. make_tables has the
// same ranges.
inline bool is_chinese(char32_t c) {
  return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3001 && c <= 0x303f) || (c >= 0x3400 && c <= 0x4dff) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

// Blanks and line breaks, of any text.
inline bool is_wide_blank(char32_t c) {
  return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000;
}
inline bool is_wide_break(char32_t c) { return c == 0x85 || c == 0x2028 || c == 0x2029; }
inline bool is_blank(char32_t c) {
  return c == U' ' || (c >= U'\t' && c <= U'\r') || is_wide_blank(c) || is_wide_break(c);
}

// What a name is made of, of normalised text: letters, digits and Chinese characters; not marks.
inline bool is_name_character(char32_t c) {
  if (c < 0x80) return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z');
  if (c < 0xc0) return c == 0xaa || c == 0xb5 || c == 0xba || c == 0xb2 || c == 0xb3 || c == 0xb9;
  if (c >= 0x300 && c < 0x370) return false;                         // accents without a letter
  if (c >= 0x2000 && c < 0x2070) return false;                       // general punctuation
  if (c >= 0x3000 && c < 0x3040) return c >= 0x3005 && c <= 0x3007;  // 々〆〇
  if ((c >= 0xfe10 && c < 0xfe70) || c == 0xfffd) return false;      // vertical and small marks
  return c != 0xd7 && c != 0xf7;
}

}  // namespace catchment::geo
