// The characters of a notice: normalised, without blanks, each with its place in the original.
#include <algorithm>

#include "engine/zone_text/reading/notice_tokenizer.hpp"

namespace catchment::engine::zone_text {

namespace {

bool is_blank_byte(std::string_view s, std::size_t i, std::size_t& length) {
  const auto byte = [&](std::size_t k) { return i + k < s.size() ? static_cast<unsigned char>(s[i + k]) : 0u; };
  if (byte(0) == ' ' || byte(0) == '\t' || byte(0) == '\r' || byte(0) == '\n') return length = 1, true;
  if (byte(0) == 0xc2 && byte(1) == 0xa0) return length = 2, true;
  if (byte(0) == 0xe3 && byte(1) == 0x80 && byte(2) == 0x80) return length = 3, true;
  return false;
}

}  // namespace

NoticeSource read_source(std::string_view original) {
  NoticeSource source;
  source.original = original;
  source.normal = geo::normalise(original);
  const std::string& text = source.normal.text;
  source.chars.reserve(text.size() / 3 + 1);
  std::uint32_t scanned = 0;  // of the original
  std::uint8_t pending = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0xffu >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
    // Blanks the normal form dropped stand between the character before and this one.
    std::uint32_t begin = source.normal.origin[i];
    std::uint8_t gap = pending;
    std::size_t blank = 0;
    for (std::uint32_t k = std::min(scanned, begin); k < original.size();) {
      if (is_blank_byte(original, k, blank)) {
        gap = std::max<std::uint8_t>(gap, original[k] == '\n' ? 2 : 1);
        k += static_cast<std::uint32_t>(blank);
        begin = std::max(begin, k);
      } else if (k < begin) {
        ++k;
      } else {
        break;
      }
    }
    scanned = begin;
    pending = c == U' ' ? gap : std::uint8_t{0};
    if (c != U' ') {
      source.chars.push_back(c);
      source.at.push_back(static_cast<std::uint32_t>(i));
      source.origin.push_back(begin);
      source.gap.push_back(gap);
    }
    i += length;
  }
  source.at.push_back(static_cast<std::uint32_t>(text.size()));
  source.origin.push_back(static_cast<std::uint32_t>(original.size()));
  return source;
}

std::string NoticeSource::text(std::uint32_t begin, std::uint32_t end) const {
  return normal.text.substr(at[begin], at[end] - at[begin]);
}

Span NoticeSource::span(std::uint32_t begin, std::uint32_t end) const {
  const std::uint32_t from = origin[begin];
  std::uint32_t to = end < chars.size() ? normal.origin[at[end]] : static_cast<std::uint32_t>(original.size());
  to = std::max(to, from);
  // Blanks before the next character are not part of it.
  while (to > from) {
    std::size_t length = 0;
    if (to >= 3 && is_blank_byte(original, to - 3, length) && length == 3)
      to -= 3;
    else if (to >= 2 && is_blank_byte(original, to - 2, length) && length == 2)
      to -= 2;
    else if (is_blank_byte(original, to - 1, length) && length == 1)
      to -= 1;
    else
      break;
  }
  return {from, std::max(to, from)};
}

}  // namespace catchment::engine::zone_text
