#include "geo/address/similar.hpp"

#include "geo/address/tables/tables.hpp"

namespace catchment::geo {

std::size_t syllable_count() { return tables::kSyllableCount; }

std::string_view spelling(Syllable syllable) {
  return syllable < tables::kSyllableCount ? tables::kSyllable[syllable] : std::string_view{};
}

std::span<const Syllable> readings(char32_t c) {
  const std::uint16_t* list =
      tables::kReadingList + tables::at(tables::kReading_index, tables::kReading_block, fold(c));
  return {list + 1, *list};
}

std::u32string_view look_alikes(char32_t c) {
  return tables::kLookAlikeList + tables::at(tables::kLookAlike_index, tables::kLookAlike_block, fold(c));
}

char32_t fold(char32_t c) {
  const std::uint16_t target = tables::at(tables::kFold_index, tables::kFold_block, c);
  const char32_t single = tables::kFoldTarget[target].single;
  return target == 0 || single == 0 ? c : single;
}

}  // namespace catchment::geo
