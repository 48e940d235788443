#include "datasets/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace catchment::datasets {
namespace {

// Length of the well-formed sequence that starts here; 0 if there is none. Table 3-7 of the Unicode standard.
std::size_t sequence_length(const unsigned char* p, std::size_t left) {
  const unsigned char lead = p[0];
  const auto tail = [&](std::size_t i, unsigned char lo = 0x80, unsigned char hi = 0xBF) {
    return i < left && lo <= p[i] && p[i] <= hi;
  };
  if (lead < 0x80) return lead == 0 ? 0 : 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned char lo = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned char hi = lead == 0xED ? 0x9F : 0xBF;
    return tail(1, lo, hi) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned char lo = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char hi = lead == 0xF4 ? 0x8F : 0xBF;
    return tail(1, lo, hi) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

// Eight bytes at once, when all are ASCII and none is NUL.
bool is_plain_block(const unsigned char* p) {
  std::uint64_t block;
  std::memcpy(&block, p, sizeof block);
  constexpr std::uint64_t kHigh = 0x8080808080808080u;
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  return ((block | (block - kOnes)) & kHigh) == 0;
}

int digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

constexpr std::array<std::string_view, 8> kSpaces{" ", "\t", "\n", "\r", "\v", "\f", "\xC2\xA0", "\xE3\x80\x80"};

}  // namespace

bool is_utf8_text(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  while (left > 0) {
    std::size_t length = 8;
    if (left < 8 || !is_plain_block(p)) length = sequence_length(p, left);
    if (length == 0) return false;
    p += length;
    left -= length;
  }
  return true;
}

bool is_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = digits(text.substr(0, 4));
  const int month = digits(text.substr(5, 2));
  const int day = digits(text.substr(8, 2));
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
}

std::string_view trimmed(std::string_view text) {
  // Nearly every text begins and ends with a byte that is part of no space.
  const auto may_be_space = [](unsigned char c) {
    return c <= ' ' || c == 0xC2 || c == 0xE3 || c == 0xA0 || c == 0x80;
  };
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty() || (!may_be_space(byte(0)) && !may_be_space(byte(text.size() - 1)))) return text;
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view space : kSpaces) {
      while (text.starts_with(space)) text.remove_prefix(space.size()), again = true;
      while (text.ends_with(space)) text.remove_suffix(space.size()), again = true;
    }
  }
  return text;
}

}  // namespace catchment::datasets
