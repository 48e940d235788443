// The units behind numbers, and numerals.
#include "engine/zone_text/reading/word_tables.hpp"

namespace catchment::engine::zone_text {
namespace {

struct UnitEntry {
  std::u32string_view text;
  NumberUnit unit;
};
constexpr UnitEntry kUnits[] = {
    {U"号大院", NumberUnit::compound}, {U"号院", NumberUnit::compound}, {U"大院", NumberUnit::compound},
    {U"号楼", NumberUnit::building},   {U"号", NumberUnit::door},       {U"支弄", NumberUnit::sublane},
    {U"弄", NumberUnit::lane},         {U"巷", NumberUnit::lane},       {U"幢", NumberUnit::building},
    {U"栋", NumberUnit::building},     {U"座", NumberUnit::building},   {U"期", NumberUnit::phase},
    {U"组", NumberUnit::group},        {U"社", NumberUnit::group},      {U"队", NumberUnit::group},
    {U"邻", NumberUnit::group},        {U"遴", NumberUnit::group},      {U"号门牌", NumberUnit::door},
};

}  // namespace

UnitHit unit_at(std::u32string_view text) {
  static const FirstCharTable<UnitEntry> table{kUnits};
  const UnitEntry* entry = table.longest_at(text);
  if (entry == nullptr) return {};
  return {entry->unit, entry->text.size()};
}

bool is_numeral(char32_t c) {
  return std::u32string_view(U"一二三四五六七八九十百千〇零廿卅两").find(c) != std::u32string_view::npos;
}

std::int32_t numeral_value(std::u32string_view numeral) {
  constexpr std::u32string_view kDigits = U"〇一二三四五六七八九";
  std::int32_t total = 0;
  std::int32_t digit = 0;
  bool any_digit = false;
  bool any_unit = false;
  for (const char32_t c : numeral) {
    if (total > 999999 || digit > 99999) return 0;
    const char32_t folded = c == U'零' ? U'〇' : c == U'两' ? U'二' : c;
    const std::size_t value = kDigits.find(folded);
    if (value != std::u32string_view::npos) {
      digit = any_digit ? digit * 10 + static_cast<std::int32_t>(value) : static_cast<std::int32_t>(value);
      any_digit = true;
      continue;
    }
    const std::int32_t unit = c == U'十'   ? 10
                              : c == U'百' ? 100
                              : c == U'千' ? 1000
                              : c == U'廿' ? 20
                              : c == U'卅' ? 30
                                           : 0;
    if (unit == 0) return 0;
    any_unit = true;
    if (unit == 20 || unit == 30)
      total += unit;
    else
      total += (any_digit ? digit : 1) * unit;
    digit = 0;
    any_digit = false;
  }
  return any_digit || any_unit ? total + digit : 0;
}

}  // namespace catchment::engine::zone_text
