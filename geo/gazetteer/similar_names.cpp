#include "geo/gazetteer/similar_names.hpp"

#include <xxhash.h>

#include <algorithm>

#include "geo/address/similar.hpp"
#include "geo/gazetteer/keys.hpp"

namespace catchment::geo {
namespace {

constexpr std::size_t kMaxLength = 32;          // longer names are found exactly or not at all
constexpr std::size_t kTwoLeftOut = 7;          // characters from which two may be left out
constexpr std::size_t kMaxReadings = 8;         // of one name
constexpr std::size_t kMaxSpellings = 3;        // likewise, for suggestions
constexpr std::uint32_t kNotSpoken = 0x110000;  // above it a syllable, below a character that stands for itself

std::uint32_t hash32(std::u32string_view text) {
  return static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size() * sizeof(char32_t)));
}

void sort_once(std::vector<std::uint32_t>& hashes) {
  std::ranges::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

}  // namespace

std::vector<std::uint32_t> deletion_hashes(std::u32string_view key) {
  std::vector<std::uint32_t> hashes;
  if (key.size() < 2 || key.size() > kMaxLength) return hashes;
  hashes.push_back(hash32(key));
  std::u32string shorter;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (is_digit(key[i])) continue;
    shorter.assign(key.substr(0, i));
    shorter += key.substr(i + 1);
    hashes.push_back(hash32(shorter));
    if (key.size() < kTwoLeftOut) continue;
    for (std::size_t j = i; j < shorter.size(); ++j) {
      if (is_digit(shorter[j])) continue;
      std::u32string shortest = shorter;
      shortest.erase(j, 1);
      hashes.push_back(hash32(shortest));
    }
  }
  sort_once(hashes);
  return hashes;
}

std::vector<std::uint32_t> reading_hashes(std::u32string_view key) {
  std::vector<std::uint32_t> hashes;
  if (key.size() > kMaxLength) return hashes;
  std::vector<std::u32string> spoken(1);
  bool any = false;
  for (const char32_t c : key) {
    const auto syllables = readings(c);
    any |= !syllables.empty();
    std::vector<std::u32string> longer;
    for (const std::u32string& s : spoken) {
      if (syllables.empty()) longer.push_back(s + c);
      for (const Syllable syllable : syllables) {
        if (longer.size() < kMaxReadings) longer.push_back(s + static_cast<char32_t>(kNotSpoken + syllable));
      }
    }
    spoken = std::move(longer);
  }
  if (!any) return hashes;
  for (const std::u32string& s : spoken) hashes.push_back(hash32(s));
  sort_once(hashes);
  return hashes;
}

std::vector<SpelledName> spell(std::u32string_view key) {
  std::vector<SpelledName> spellings;
  const auto with = [&](std::size_t changed) {
    SpelledName name;
    for (std::size_t i = 0; i < key.size(); ++i) {
      const auto syllables = readings(key[i]);
      name.starts.push_back(static_cast<std::uint16_t>(name.full.size()));
      const std::string text =
          syllables.empty() ? to_utf8(key.substr(i, 1)) : std::string(spelling(syllables[i == changed ? 1 : 0]));
      name.full += text;
      name.initials += text.front();
    }
    spellings.push_back(std::move(name));
  };
  if (std::ranges::none_of(key, [](char32_t c) { return !readings(c).empty(); })) return spellings;
  with(key.size());
  for (std::size_t i = 0; i < key.size() && spellings.size() < kMaxSpellings; ++i) {
    if (readings(key[i]).size() > 1) with(i);
  }
  return spellings;
}

std::size_t syllable_length(char32_t c) {
  const auto syllables = readings(c);
  return syllables.empty() ? to_utf8(std::u32string_view(&c, 1)).size() : spelling(syllables.front()).size();
}

}  // namespace catchment::geo
