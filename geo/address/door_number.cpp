#include "geo/address/door_number.hpp"

#include <algorithm>
#include <array>

#include "geo/address/numeral.hpp"

namespace catchment::geo {
namespace {

constexpr std::array<std::string_view, 10> kStems = {"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"};
constexpr std::uint8_t kLetterStem = 11;  // A

struct SeriesWord {
  std::string_view word;
  DoorSeries series;
};
// Longest first where one begins another.
constexpr std::array<SeriesWord, 12> kSeriesWords = {{{"自编号", DoorSeries::self_numbered},
                                                      {"自编", DoorSeries::self_numbered},
                                                      {"原门牌号", DoorSeries::former},
                                                      {"原门牌", DoorSeries::former},
                                                      {"旧门牌", DoorSeries::former},
                                                      {"新门牌", DoorSeries::renewed},
                                                      {"临时", DoorSeries::temporary},
                                                      {"临", DoorSeries::temporary},
                                                      {"原", DoorSeries::former},
                                                      {"旧", DoorSeries::former},
                                                      {"新", DoorSeries::renewed},
                                                      {"老", DoorSeries::former}}};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text), size_(text.size()) {}

  std::optional<DoorNumberText> read() {
    for (const auto& [word, series] : kSeriesWords) {
      if (take(word)) {
        door_.series = series;
        break;
      }
    }
    for (std::size_t i = 0; i < kStems.size(); ++i) {
      if (take(kStems[i])) {
        door_.stem = static_cast<std::uint8_t>(i + 1);
        break;
      }
    }
    const std::int32_t number = take_number();
    if (number == 0) return std::nullopt;
    door_.number = number;
    sub_number();
    return DoorNumberText{door_, size_ - rest_.size()};
  }

 private:
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::int32_t take_number() {
    const NumeralText numeral = read_numeral(rest_);
    rest_.remove_prefix(numeral.length);
    return numeral.value;
  }

  // A number after one of the words, or nothing is taken.
  bool sub_after(std::initializer_list<std::string_view> words, SubForm form) {
    const std::string_view before = rest_;
    for (const std::string_view word : words) {
      if (!take(word)) continue;
      if (const std::int32_t sub = take_number(); sub != 0) {
        door_.sub = sub;
        door_.sub_form = form;
        return true;
      }
      rest_ = before;
    }
    return false;
  }

  void sub_number() {
    if (sub_after({"号附", "附", "-附", "号-附"}, SubForm::annex)) return;
    if (sub_after({"号之", "之", "-之"}, SubForm::after)) return;
    if (sub_after({"-"}, SubForm::dash)) return;
    letter();
  }

  // "12a", and "12 a" when nothing a letter could begin follows.
  void letter() {
    const std::size_t blank = rest_.starts_with(' ') ? 1 : 0;
    if (rest_.size() <= blank || rest_[blank] < 'a' || rest_[blank] > 'z') return;
    const std::string_view after = rest_.substr(blank + 1);
    const auto next = static_cast<unsigned char>(after.empty() ? ' ' : after[0]);
    const bool word_goes_on = (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') || next == '\'';
    const bool chinese_follows = next >= 0x80;
    if (word_goes_on || (blank != 0 && chinese_follows)) return;
    door_.sub = rest_[blank] - 'a' + 1;
    door_.sub_form = SubForm::letter;
    rest_ = after;
  }

  std::string_view rest_;
  std::size_t size_;
  DoorNumber door_;
};

char capital(std::int32_t ordinal) {
  return ordinal >= 1 && ordinal <= 26 ? static_cast<char>('A' + ordinal - 1) : '?';
}

std::string_view series_text(DoorSeries series) {
  switch (series) {
    case DoorSeries::current:
      return "";
    case DoorSeries::former:
      return "旧";
    case DoorSeries::renewed:
      return "新";
    case DoorSeries::self_numbered:
      return "自编";
    case DoorSeries::temporary:
      return "临";
  }
  return "";
}

}  // namespace

std::optional<DoorNumberText> read_door_number(std::string_view normal) { return Reader(normal).read(); }

std::string to_text(const DoorNumber& door) {
  std::string text(series_text(door.series));
  if (door.stem >= kLetterStem) {
    text += capital(door.stem - kLetterStem + 1);
  } else if (door.stem != 0) {
    text += kStems[door.stem - 1u];
  }
  if (door.sub_form == SubForm::letter && door.sub == 0) {  // a letter or stem alone
    if (door.stem == 0) text += capital(door.number);
    return text;
  }
  text += std::to_string(door.number);
  switch (door.sub_form) {
    case SubForm::none:
      return text;
    case SubForm::dash:
      return text + '-' + std::to_string(door.sub);
    case SubForm::annex:
      return text + "附" + std::to_string(door.sub);
    case SubForm::after:
      return text + "之" + std::to_string(door.sub);
    case SubForm::letter:
      return text + capital(door.sub);
  }
  return text;
}

}  // namespace catchment::geo
