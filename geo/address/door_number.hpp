// Door numbers, and the numbers of lanes, buildings, stairs and rooms, as values that compare like doors on a street.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace catchment::geo {

// Which of a street's numberings a number belongs to. A city that renumbered keeps both for years.
enum class DoorSeries : std::uint8_t { current, former, renewed, self_numbered, temporary };  // -, 旧/原, 新, 自编, 临

// How a sub-number was written. 123-1号, 123号附1号 and 123号之一 are one door in some cities and three in others: they
// are kept apart here, and the gazetteer decides.
enum class SubForm : std::uint8_t { none, dash, annex, after, letter };  // -1, 附1, 之一, A

// A letter or stem alone (A座, 甲栋) has number 1 for A or 甲, sub 0 and sub_form letter (for 甲 also stem 1): it
// compares among its like and never equals a plain number.
struct DoorNumber {
  std::int32_t number = 0;  // 1 to 999,999
  std::int32_t sub = 0;     // 附1, 之一, -1: 1; letters a = 1; 0 = none
  SubForm sub_form = SubForm::none;
  DoorSeries series = DoorSeries::current;
  std::uint8_t stem = 0;  // before the number: 甲 = 1 to 癸 = 10, A = 11 to Z = 36; 0 = none

  bool odd() const { return number % 2 != 0; }

  friend auto operator<=>(const DoorNumber&, const DoorNumber&) = default;  // by number, then sub
};

struct DoorNumberText {
  DoorNumber number;
  std::size_t length = 0;  // bytes of the text it took
};

// The number that normalised text begins with, without its unit: "145号起" gives 145 (length 3), "81号之二" gives 81 之
// 2 with its length up to 二, "甲12号", "附3号" alone no number, "38-1号", "105号之一", "新45", "自编6", "12a", "12 a"
// when the letter stands alone. Chinese numerals count. Empty if none starts there, or if it is 0 or above 999,999.
std::optional<DoorNumberText> read_door_number(std::string_view normal);

// "12", "12-1", "12附1", "12之1", "12A", "甲12", "A12", "旧12", "A", "甲"; without a unit. read_door_number reads it
// back, but for a letter before the number or alone.
std::string to_text(const DoorNumber& number);

}  // namespace catchment::geo
