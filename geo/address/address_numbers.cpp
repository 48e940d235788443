#include "geo/address/address_numbers.hpp"

#include <algorithm>
#include <string_view>

#include "geo/address/address_costs.hpp"
#include "geo/address/address_words.hpp"
#include "geo/address/numeral.hpp"
#include "geo/address/utf8.hpp"

namespace catchment::geo {
namespace {

// What begins a number besides a numeral: its series, its stem, 第 and 之.
constexpr std::u32string_view kBegins = U"自原旧新临老甲乙丙丁戊己庚辛壬癸第之";

class Numbers {
 public:
  Numbers(const AddressText& text, std::vector<PricedPiece>& out) : text_(text), out_(out) {}

  void run(std::size_t at) {
    const char32_t c = text_.chars[at];
    const char32_t before = at > 0 ? text_.chars[at - 1] : U' ';
    if (is_digit(c) ? is_digit(before) || is_letter(before) : is_numeral(c) && is_numeral(before)) return;
    if (is_digit(c) || is_letter(c)) chain(at);
    if (is_letter(c) && !is_letter(before) && !is_digit(before)) lettered(at);
    const bool may_begin = is_digit(c) || is_numeral(c) || kBegins.find(c) != std::u32string_view::npos;
    if (!may_begin) return;
    if (const auto door = read_door_number(text_.bytes_from(at))) {
      numbered(at, door->number, text_.index_of(text_.offsets[at] + door->length));
    }
    if (c == U'0') no_group(at);
    // The number alone, without what may be its sub-number: 12-3号楼 is read whole, but 12A座 also as 12 and A座.
    if (const NumeralText numeral = read_numeral(text_.bytes_from(at)); numeral.length != 0 && numeral.value != 0) {
      DoorNumber plain;
      plain.number = numeral.value;
      numbered(at, plain, text_.index_of(text_.offsets[at] + numeral.length));
    }
    if (c == U'第' && at + 1 < text_.size()) {
      if (const NumeralText numeral = read_numeral(text_.bytes_from(at + 1)); numeral.value != 0) {
        DoorNumber ordinal;
        ordinal.number = numeral.value;
        unit_after(at, text_.index_of(text_.offsets[at + 1] + numeral.length), ordinal);
      }
    }
    if (c == U'之') after_compound(at);
    stem_alone(at);
    if (is_digit(c)) postcode(at);
  }

  // 二七区, 五一巷: names, not numbers.
  bool named_by_digits(std::size_t at, std::size_t end, const NumberUnit& unit) const {
    if (unit.word == U"区") return true;
    return unit.word == U"巷" && std::u32string_view(text_.chars).substr(at, end - at).find_first_of(U"十百千廿卅卌") ==
                                     std::u32string_view::npos;
  }

  // 0邻: in none; says nothing.
  void no_group(std::size_t at) {
    const NumberUnit* unit = find_unit(text_.from(at + 1));
    if (unit == nullptr || unit->part != AddressPart::group) return;
    AddressPiece piece;
    piece.part = AddressPart::filler;
    piece.begin = static_cast<std::uint32_t>(at);
    piece.end = static_cast<std::uint32_t>(at + 1 + unit->word.size());
    offer(piece, kNumbered);
  }

  void numbered(std::size_t at, const DoorNumber& number, std::size_t end) {
    AddressPiece piece;
    piece.begin = static_cast<std::uint32_t>(at);
    piece.number = number;
    const bool ascii = is_digit(text_.chars[at]);
    const NumberUnit* unit = find_unit(text_.from(end));
    if (unit != nullptr && !ascii && end > at + 1 && named_by_digits(at, end, *unit)) unit = nullptr;
    if (unit != nullptr) {
      piece.part = unit->part;
      piece.end = static_cast<std::uint32_t>(end + unit->word.size());
      offer(piece, kNumbered);
      if (unit->word.size() > 1 && unit->word[0] == U'号') {  // 12号门面: the longest unit may take too much
        piece.part = AddressPart::door;
        piece.end = static_cast<std::uint32_t>(end + 1);
        offer(piece, kNumbered);
      }
      return;
    }
    const bool sub_ends_number = number.sub_form == SubForm::after || number.sub_form == SubForm::annex;
    piece.end = static_cast<std::uint32_t>(end);
    if (sub_ends_number) {  // 105号之一
      piece.part = AddressPart::door;
      offer(piece, kNumbered);
    } else if (ascii && number.sub_form != SubForm::dash) {
      piece.part = AddressPart::unknown;
      piece.bare = true;
      offer(piece, kBare);
    } else if (!ascii && (end == text_.size() || !is_name_character(text_.chars[end]))) {
      piece.part = AddressPart::unknown;
      piece.bare = true;
      offer(piece, kLatinWord);
    }
  }

  // A座, B12栋, C区.
  void lettered(std::size_t at) {
    const auto ordinal = static_cast<std::int32_t>(text_.chars[at] - U'a') + 1;
    std::size_t end = at + 1;
    DoorNumber number;
    if (end < text_.size() && is_digit(text_.chars[end])) {
      const NumeralText numeral = read_numeral(text_.bytes_from(end));
      if (numeral.length == 0 || numeral.value == 0) return;
      number.number = numeral.value;
      number.stem = static_cast<std::uint8_t>(10 + ordinal);
      end += numeral.length;
    } else {
      number.number = ordinal;
      number.sub_form = SubForm::letter;
    }
    unit_after(at, end, number);
    if (number.stem == 0) return;
    AddressPiece piece;
    piece.bare = true;
    piece.begin = static_cast<std::uint32_t>(at);
    piece.end = static_cast<std::uint32_t>(end);
    piece.number = number;
    offer(piece, kBare);
  }

  // 甲栋, 乙单元.
  void stem_alone(std::size_t at) {
    const std::size_t stem = std::u32string_view(U"甲乙丙丁戊己庚辛壬癸").find(text_.chars[at]);
    if (stem == std::u32string_view::npos) return;
    DoorNumber number;
    number.number = static_cast<std::int32_t>(stem) + 1;
    number.stem = static_cast<std::uint8_t>(stem + 1);
    number.sub_form = SubForm::letter;
    unit_after(at, at + 1, number);
  }

  void unit_after(std::size_t at, std::size_t end, const DoorNumber& number) {
    const NumberUnit* unit = find_unit(text_.from(end));
    if (unit == nullptr) return;
    AddressPiece piece;
    piece.part =
        unit->part == AddressPart::floor && number.sub_form == SubForm::letter ? AddressPart::building : unit->part;
    piece.begin = static_cast<std::uint32_t>(at);
    piece.end = static_cast<std::uint32_t>(end + unit->word.size());
    piece.number = number;
    offer(piece, kNumbered);
  }

  // 1号大院之24号
  void after_compound(std::size_t at) {
    const NumeralText numeral = read_numeral(text_.bytes_from(at + 1));
    if (numeral.length == 0 || numeral.value == 0) return;
    const std::size_t end = text_.index_of(text_.offsets[at + 1] + numeral.length);
    if (end >= text_.size() || text_.chars[end] != U'号') return;
    AddressPiece piece;
    piece.part = AddressPart::door;
    piece.begin = static_cast<std::uint32_t>(at);
    piece.end = static_cast<std::uint32_t>(end + 1);
    piece.number.number = numeral.value;
    offer(piece, kNumbered + 1);
  }

  // 3-2-301, a-3-301, 12-3-2-301室: one bare piece for each number; a unit at the end belongs to the last.
  void chain(std::size_t at) {
    std::size_t items = 0;
    std::size_t end = at;
    for (std::size_t next = at; items < kMaxChain; ++items) {
      std::size_t item = next;
      if (item < text_.size() && is_letter(text_.chars[item])) ++item;
      while (item < text_.size() && is_digit(text_.chars[item])) ++item;
      if (item == next || item - next > 6) break;
      end = item;
      if (item >= text_.size() || text_.chars[item] != U'-') {
        ++items;
        break;
      }
      next = item + 1;
    }
    if (items < 2 || (end < text_.size() && (text_.chars[end] == U'-' || is_letter(text_.chars[end])))) return;
    const NumberUnit* unit = find_unit(text_.from(end));
    if (unit != nullptr && unit->part != AddressPart::room && !(unit->part == AddressPart::door && items > 2)) return;
    AddressPiece piece;
    piece.bare = true;
    piece.part = unit != nullptr ? AddressPart::room : AddressPart::unknown;
    piece.begin = static_cast<std::uint32_t>(at);
    piece.end = static_cast<std::uint32_t>(end + (unit != nullptr ? unit->word.size() : 0));
    piece.chain = static_cast<std::uint8_t>(items);
    offer(piece, kBare - 1);
  }

  // 450000, or Taiwan's 710 before the city.
  void postcode(std::size_t at) {
    std::size_t end = at;
    while (end < text_.size() && is_digit(text_.chars[end])) ++end;
    const std::size_t digits = end - at;
    const bool first = at == 0;
    const bool last = end == text_.size();
    const bool chinese_next = !last && is_chinese(text_.chars[end]);
    if ((digits == 6 && (first || last)) || (first && chinese_next && (digits == 3 || digits == 5))) {
      AddressPiece piece;
      piece.part = AddressPart::postcode;
      piece.begin = static_cast<std::uint32_t>(at);
      piece.end = static_cast<std::uint32_t>(end);
      offer(piece, digits == 6 ? kNumbered : kBare - 1);
    }
  }

  void offer(const AddressPiece& piece, int cost) { out_.push_back({piece, cost}); }

  const AddressText& text_;
  std::vector<PricedPiece>& out_;
};

}  // namespace

void number_pieces(const AddressText& text, std::size_t at, std::vector<PricedPiece>& out) {
  Numbers(text, out).run(at);
}

}  // namespace catchment::geo
