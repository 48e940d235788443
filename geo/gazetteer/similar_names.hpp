// What makes a name findable when it is typed wrongly or in pinyin. Internal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::geo {

// Hashes of the key and of the key with one character left out (with two, from seven characters on): two keys that are
// one substitution, insertion, deletion or swap apart share one. No digit is ever left out. Sorted, each once.
std::vector<std::uint32_t> deletion_hashes(std::u32string_view key);
// Hashes of the ways the key sounds, at most eight; empty if no character of it has a reading. Sorted, each once.
std::vector<std::uint32_t> reading_hashes(std::u32string_view key);

struct SpelledName {
  std::string full;                   // jinxilu
  std::string initials;               // jxl
  std::vector<std::uint16_t> starts;  // of the syllables in `full`
};
// The key in pinyin by its usual readings, and by the second reading of one character at a time; empty if it has none.
std::vector<SpelledName> spell(std::u32string_view key);

// Letters of a character in `full`, by its usual reading.
std::size_t syllable_length(char32_t c);

}  // namespace catchment::geo
