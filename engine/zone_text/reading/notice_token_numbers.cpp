// Numbers: 12号, 甲12号, 38号之一, 第十邻, 三十五邻, A区, 共13栋.
#include "engine/zone_text/reading/notice_tokenizer.hpp"

namespace catchment::engine::zone_text {

// 10里, 16个里 count; 103年, 9月, 17日 are dates.
WordHit NoticeTokenizer::count_or_date(std::size_t at) const {
  const std::u32string_view text = near(at);
  for (const std::u32string_view count : {U"个里", U"个村", U"个社区", U"所小学", U"所国小", U"里"})
    if (text.starts_with(count)) return {Word::count, count.size(), std::nullopt};
  for (const std::u32string_view date : {U"年度", U"年", U"月", U"日"})
    if (text.starts_with(date)) return {Word::lead, date.size(), std::nullopt};
  return {};
}

// 共13栋, 共有五里: how many there are; no number of any.
bool NoticeTokenizer::count_phrase() {
  const std::size_t length = count_length(pos_);
  if (length == 0) return false;
  add_word({Word::count, length, std::nullopt});
  return true;
}

std::size_t NoticeTokenizer::count_length(std::size_t at) const {
  const std::u32string_view text = near(at);
  std::size_t length = 0;
  for (const std::u32string_view lead : {U"共计有", U"共有", U"共计", U"计有", U"合计", U"总计", U"共"})
    if (length == 0 && text.starts_with(lead)) length = lead.size();
  if (length == 0) return 0;
  const std::size_t lead = length;
  while (length < text.size() && length < lead + 7 && (is_digit(text[length]) || is_numeral(text[length]))) ++length;
  if (length == lead) return 0;
  const std::size_t digits = length;
  while (length < digits + 2 && length < text.size() && is_name_char(text[length]) &&
         strong_word_at(text.substr(length)).length == 0 && weak_word_at(text.substr(length)).word != Word::plus)
    ++length;
  return length;
}

// 甲12号, 附3号, 新45号, 自编6号 where no name ends.
bool NoticeTokenizer::stem_before_digit() const {
  const std::size_t stem = stem_length(pos_);
  return stem > 0 && pos_ + stem < chars_.size() && is_digit(chars_[pos_ + stem]);
}

// 之二 in a list of sub-numbers of one door.
bool NoticeTokenizer::sub_number() {
  if (chars_[pos_] != U'之' || list_.tokens.empty()) return false;
  const TokenKind last = list_.tokens.back().kind;
  if (last != TokenKind::pause && last != TokenKind::comma && last != TokenKind::word && last != TokenKind::dash)
    return false;
  geo::DoorNumber number;
  const std::size_t end = read_sub(pos_, number);
  if (end == pos_) return false;
  const bool door = end < chars_.size() && chars_[end] == U'号';
  Token& token = add(TokenKind::number, end - pos_ + (door ? 1 : 0));
  token.number = number;
  return true;
}

std::size_t NoticeTokenizer::stem_length(std::size_t at) const {
  const std::u32string_view text = near(at);
  if (text.starts_with(U"自编")) return 2;
  if (text.empty()) return 0;
  return std::u32string_view(U"甲乙丙丁旧新原临附第").find(text[0]) != std::u32string_view::npos ? 1 : 0;
}

void NoticeTokenizer::read_stem(char32_t c, geo::DoorNumber& out, bool& annex) const {
  const std::size_t stem = std::u32string_view(U"甲乙丙丁").find(c);
  if (stem != std::u32string_view::npos) out.stem = static_cast<std::uint8_t>(stem + 1);
  if (c == U'旧' || c == U'原') out.series = geo::DoorSeries::former;
  if (c == U'新') out.series = geo::DoorSeries::renewed;
  if (c == U'临') out.series = geo::DoorSeries::temporary;
  if (c == U'自') out.series = geo::DoorSeries::self_numbered;
  annex = c == U'附';
}

void NoticeTokenizer::number() {
  const std::size_t start = pos_;
  geo::DoorNumber value;
  bool annex = false;
  std::size_t at = pos_;
  if (const std::size_t stem = is_digit(chars_[at]) ? 0 : stem_length(at); stem > 0) {
    read_stem(chars_[at], value, annex);
    at += stem;
  }
  std::size_t digits = 0;
  while (at + digits < chars_.size() && is_digit(chars_[at + digits]) && gap_at(at + digits) * (digits > 0) == 0)
    ++digits;
  if (digits > 6) return digits_name(at + digits - start);
  for (std::size_t i = 0; i < digits; ++i)
    value.number = value.number * 10 + static_cast<std::int32_t>(chars_[at + i] - U'0');
  at += digits;
  if (at < chars_.size() && chars_[at] >= U'a' && chars_[at] <= U'z' &&
      (at + 1 >= chars_.size() || !is_letter(chars_[at + 1])) && !chars_are_sector(at)) {
    value.sub = static_cast<std::int32_t>(chars_[at] - U'a') + 1;
    value.sub_form = geo::SubForm::letter;
    ++at;
  }
  if (annex) {
    std::swap(value.number, value.sub);
    value.sub_form = geo::SubForm::annex;
  }
  finish_number(start, at, value);
}

// Unit and 之一, 附1 behind the digits; digits that go on as a name (8横路, 107国道) are one.
void NoticeTokenizer::finish_number(std::size_t start, std::size_t at, geo::DoorNumber value) {
  // 13.鄰, 6.至13: a dot between a number and what belongs to it.
  if (at + 1 < chars_.size() && chars_[at] == U'.' && (unit_at(near(at + 1)).length > 0 || chars_[at + 1] == U'至'))
    ++at;
  const UnitHit unit = unit_at(near(at));
  const bool unit_holds = unit.length > 0 && unit_ends_number(at, unit.length);
  std::size_t end = at + (unit_holds ? unit.length : 0);
  const bool inner =
      unit_holds && unit.unit == NumberUnit::compound && end + 1 < chars_.size() && is_digit(chars_[end + 1]);
  if (value.sub == 0 && !inner) end = read_sub(end, value);
  if (!unit_holds && end == at)
    if (const WordHit word = count_or_date(at); word.length > 0) {
      pos_ = start;
      return add_word({word.word, at - start + word.length, std::nullopt});
    }
  if (!unit_holds && end == at && goes_on_as_name(at)) return digits_name(at - start);
  pos_ = start;
  Token& token = add(TokenKind::number, end - start);
  token.number = value;
  token.has_unit = unit_holds;
  token.unit = unit_holds ? unit.unit : NumberUnit::door;
}

// 3号路, 5社区, 8巷口: the unit is the beginning of a longer name.
bool NoticeTokenizer::unit_ends_number(std::size_t at, std::size_t length) const {
  const std::size_t behind = at + length;
  const std::u32string_view text = near(at);
  const SuffixHit longer = suffix_at(text);
  if (longer.length > length) return false;
  if (behind >= chars_.size() || gap_at(behind) != 0) return true;
  const SuffixHit next = suffix_at(near(behind));
  const std::u32string_view behind_text = near(behind);
  if (text.starts_with(U"号") && length == 1)
    return !(next.length > 0 &&
             (next.what == NameClass::road || next.what == NameClass::estate || next.what == NameClass::railway) &&
             !behind_text.starts_with(U"院"));
  return !(text.starts_with(U"社") && behind_text.starts_with(U"区"));
}

// 之一, 之2, 附1, behind a number and its unit.
std::size_t NoticeTokenizer::read_sub(std::size_t at, geo::DoorNumber& value) const {
  const std::u32string_view text = near(at);
  if (text.size() < 2 || (text[0] != U'之' && text[0] != U'附')) return at;
  std::size_t length = 1;
  while (length < text.size() && is_numeral(text[length])) ++length;
  std::int32_t sub = length > 1 ? numeral_value(text.substr(1, length - 1)) : 0;
  if (length == 1)
    for (; length < text.size() && length < 5 && is_digit(text[length]); ++length)
      sub = sub * 10 + static_cast<std::int32_t>(text[length] - U'0');
  if (sub == 0) return at;
  value.sub = sub;
  value.sub_form = text[0] == U'之' ? geo::SubForm::after : geo::SubForm::annex;
  if (text[0] == U'附' && length < text.size() && text[length] == U'号') ++length;
  return at + length;
}

bool NoticeTokenizer::goes_on_as_name(std::size_t at) const {
  if (at >= chars_.size() || gap_at(at) != 0 || !is_name_char(chars_[at])) return false;
  if (chars_[at] == U'共') return false;
  const std::u32string_view text = near(at);
  if (strong_word_at(text).length > 0 || weak_word_at(text).length > 0) return false;
  if (text.starts_with(U"大院") || text.starts_with(U"里") || text.starts_with(U"所") || text.starts_with(U"个"))
    return text.starts_with(U"大院");
  return opening_word_at(text).length == 0;
}

void NoticeTokenizer::digits_name(std::size_t length) {
  if (pos_ + length < chars_.size() && is_name_char(chars_[pos_ + length]) && gap_at(pos_ + length) == 0 &&
      strong_word_at(near(pos_ + length)).length == 0)
    return name_from(pos_, length);
  Token& token = add(TokenKind::name, length);
  token.what = NameClass::untyped;
}

// 第十邻, 三十五邻, 二期; and bare numerals where a list of them may stand.
bool NoticeTokenizer::chinese_number() {
  std::size_t at = pos_;
  if (chars_[at] == U'第') ++at;
  std::size_t length = 0;
  while (length < 8 && at + length < chars_.size() && is_numeral(chars_[at + length])) ++length;
  if (length == 0) return false;
  const std::int32_t value = numeral_value(near(at).substr(0, length));
  if (value <= 0 || value > 999999) return false;
  const std::size_t behind = at + length;
  geo::DoorNumber number;
  number.number = value;
  const UnitHit unit = unit_at(near(behind));
  if (unit.length > 0 && unit_ends_number(behind, unit.length)) {
    const std::size_t start = pos_;
    finish_number(start, behind, number);
    return true;
  }
  if (!ordinal_ends(behind)) return false;
  Token& token = add(TokenKind::ordinal, behind - pos_);
  token.number = number;
  return true;
}

// A numeral alone: what follows is no part of a name.
bool NoticeTokenizer::ordinal_ends(std::size_t at) const {
  if (at >= chars_.size() || !is_name_char(chars_[at])) return true;
  const std::u32string_view text = near(at);
  const WordHit weak = weak_word_at(text);
  return weak.word == Word::upto || (weak.word == Word::plus && text.size() > 1 && is_numeral(text[1])) ||
         strong_word_at(text).word == Word::plus;
}

// A区, B栋; a letter alone in a list of them.
bool NoticeTokenizer::letter_number() {
  if (chars_[pos_] < U'a' || chars_[pos_] > U'z') return false;
  const std::u32string_view text = near(pos_);
  const auto index = static_cast<std::int32_t>(text[0] - U'a') + 1;
  geo::DoorNumber number;
  if (text.size() > 1 && text[1] == U'区') {
    if (text.size() > 2 && (text[2] == U'域' || text[2] == U'间')) return false;
    number.number = index;
    Token& token = add(TokenKind::number, 2);
    token.number = number;
    token.has_unit = true;
    token.unit = NumberUnit::sector;
    return true;
  }
  const UnitHit unit = unit_at(text.substr(1));
  if (unit.length > 0 && unit.unit == NumberUnit::building) {
    number.sub = index;
    number.sub_form = geo::SubForm::letter;
    Token& token = add(TokenKind::number, 1 + unit.length);
    token.number = number;
    token.has_unit = true;
    token.unit = NumberUnit::building;
    return true;
  }
  if (text.size() > 1 && (is_letter(text[1]) || is_han(text[1]) || is_digit(text[1]))) return false;
  number.number = index;
  number.sub_form = geo::SubForm::letter;
  Token& token = add(TokenKind::ordinal, 1);
  token.number = number;
  return true;
}

}  // namespace catchment::engine::zone_text
