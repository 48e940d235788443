// What a character may be mistaken for: by its sound, by its shape, by another way of writing it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace catchment::geo {

// A toneless pinyin syllable ("zhong", "lv"); ids are dense from 0, in alphabetic order.
using Syllable = std::uint16_t;
std::size_t syllable_count();
std::string_view spelling(Syllable syllable);

// How a Chinese character is read, the most usual in place names first; empty for everything else. Traditional and
// variant characters are read as what they fold to.
std::span<const Syllable> readings(char32_t c);

// Characters that look like it (凤 for 风), without itself; in order of code points.
std::u32string_view look_alikes(char32_t c);

// The character that normalise() makes of it; itself when it stays, goes or becomes several.
char32_t fold(char32_t c);

}  // namespace catchment::geo
