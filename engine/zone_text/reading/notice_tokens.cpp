#include "engine/zone_text/reading/notice_tokens.hpp"

#include <algorithm>

namespace catchment::engine::zone_text {

namespace {

constexpr std::size_t kMaxNameChars = 40;  // a longer run without a word in it is no name
constexpr std::uint32_t kMaxBracketDepth = 8;

bool is_han(char32_t c) { return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) || c >= 0x20000; }
bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= 0xc0 && c <= 0x24f); }
bool is_name_char(char32_t c) {
  return is_han(c) || is_letter(c) || c == U'·' || c == U'•' || c == U'〇' || c == U'&' || c == 0xfffd;
}
bool is_blank_byte(std::string_view s, std::size_t i, std::size_t& length) {
  const auto byte = [&](std::size_t k) { return i + k < s.size() ? static_cast<unsigned char>(s[i + k]) : 0u; };
  if (byte(0) == ' ' || byte(0) == '\t' || byte(0) == '\r' || byte(0) == '\n') return length = 1, true;
  if (byte(0) == 0xc2 && byte(1) == 0xa0) return length = 2, true;
  if (byte(0) == 0xe3 && byte(1) == 0x80 && byte(2) == 0x80) return length = 3, true;
  return false;
}

NoticeSource read_source(std::string_view original) {
  NoticeSource source;
  source.original = original;
  source.normal = geo::normalise(original);
  const std::string& text = source.normal.text;
  source.chars.reserve(text.size() / 3 + 1);
  std::uint32_t scanned = 0;  // of the original
  std::uint8_t pending = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0xffu >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
    // Blanks the normal form dropped stand between the character before and this one.
    std::uint32_t begin = source.normal.origin[i];
    std::uint8_t gap = pending;
    std::size_t blank = 0;
    for (std::uint32_t k = std::min(scanned, begin); k < original.size();) {
      if (is_blank_byte(original, k, blank)) {
        gap = std::max<std::uint8_t>(gap, original[k] == '\n' ? 2 : 1);
        k += static_cast<std::uint32_t>(blank);
        begin = std::max(begin, k);
      } else if (k < begin) {
        ++k;
      } else {
        break;
      }
    }
    scanned = begin;
    pending = c == U' ' ? gap : std::uint8_t{0};
    if (c != U' ') {
      source.chars.push_back(c);
      source.at.push_back(static_cast<std::uint32_t>(i));
      source.origin.push_back(begin);
      source.gap.push_back(gap);
    }
    i += length;
  }
  source.at.push_back(static_cast<std::uint32_t>(text.size()));
  source.origin.push_back(static_cast<std::uint32_t>(original.size()));
  return source;
}

class Tokenizer {
 public:
  Tokenizer(std::string_view original, const ZoneTextContext& context) : lexicon_(context.names) {
    list_.source = read_source(original);
    chars_ = list_.source.chars;
  }

  TokenList run() {
    while (pos_ < chars_.size()) {
      const std::size_t before = pos_;
      step();
      if (pos_ == before) add(TokenKind::other, 1);
    }
    Token end;
    end.begin = end.end = static_cast<std::uint32_t>(chars_.size());
    list_.tokens.push_back(end);
    match_brackets();
    return std::move(list_);
  }

 private:
  std::u32string_view rest(std::size_t at) const {
    return std::u32string_view(chars_).substr(std::min(at, chars_.size()));
  }
  // A window, so that no look-up reads further than words are long.
  std::u32string_view near(std::size_t at) const { return rest(at).substr(0, 16); }
  std::uint8_t gap_at(std::size_t at) const {
    return at < list_.source.gap.size() ? list_.source.gap[at] : std::uint8_t{2};
  }

  Token& add(TokenKind kind, std::size_t length) {
    Token token;
    token.kind = kind;
    token.begin = static_cast<std::uint32_t>(pos_);
    pos_ += length;
    token.end = static_cast<std::uint32_t>(pos_);
    token.glued = !list_.tokens.empty() && list_.tokens.back().end == token.begin && gap_at(token.begin) == 0;
    list_.tokens.push_back(token);
    list_.steps += length;
    return list_.tokens.back();
  }
  void add_word(const WordHit& hit) {
    Token& token = add(TokenKind::word, hit.length);
    token.word = hit.word;
    token.compass = hit.compass;
  }

  // Whether an item may begin here: behind punctuation, at the start, behind a word.
  bool at_opening() const {
    if (list_.tokens.empty()) return true;
    const Token& last = list_.tokens.back();
    return last.kind != TokenKind::name && last.kind != TokenKind::number && last.kind != TokenKind::close &&
           last.kind != TokenKind::ordinal;
  }
  bool after_finished() const { return !at_opening(); }

  void step() {
    if (gap_at(pos_) != 0 && !list_.tokens.empty()) gap();
    const char32_t c = chars_[pos_];
    if (punctuation(c)) return;
    if (list_head() || sub_number() || count_phrase()) return;
    if (is_digit(c) || stem_before_digit()) return number();
    if (!is_name_char(c)) {
      add(TokenKind::other, 1);
      return;
    }
    if (const std::size_t known = lexicon_length(pos_); known > 1) return name_from(pos_, known);
    if (heading() || side_label()) return;
    if (words()) return;
    if (chinese_number()) return;
    if (letter_number()) return;
    name_from(pos_, 0);
  }

  // A blank parts items only where a name or a number begins behind it: not before 至, 鄰 or a bracket.
  void gap() {
    const TokenKind last = list_.tokens.back().kind;
    if (gap_at(pos_) == 2) {
      if (last != TokenKind::stop) add(TokenKind::stop, 0);
      return;
    }
    const bool finished =
        last == TokenKind::name || last == TokenKind::number || last == TokenKind::close || last == TokenKind::ordinal;
    if (!finished || !(is_name_char(chars_[pos_]) || is_digit(chars_[pos_]))) return;
    const Word weak = weak_word_at(near(pos_)).word;
    if (weak == Word::upto || weak == Word::etc) return;
    add(TokenKind::blank, 0);
  }

  bool punctuation(char32_t c) {
    switch (c) {
      case U'(':
        return ++depth_, add(TokenKind::open, 1), true;
      case U')':
        if (depth_ > 0) --depth_;
        return add(TokenKind::close, 1), true;
      case U',':
        return add(TokenKind::comma, 1), true;
      case U'、':
      case U'`':
      case U'/':
      case U'|':
        return add(TokenKind::pause, 1), true;
      case U';':
      case U'。':
      case U'!':
      case U'?':
      case U'\n':
      case U'◎':
      case U'*':
      case U'★':
      case U'●':
        return add(TokenKind::stop, 1), true;
      case U':':
        return add(TokenKind::colon, 1), true;
      case U'-':
      case U'~':
      case U'→':
      case U'—':
      case U'–':
      case U'―':
      case U'－':
      case U'～':
        return dashes(), true;
      case U'.':
      case U'．':
        return dots(), true;
      case U'"':
      case U'“':
      case U'”':
      case U'\'':
      case U'‘':
      case U'’':
      case U'「':
      case U'」':
      case U'『':
      case U'』':
      case U'《':
      case U'》':
        return add(TokenKind::quote, 1), true;
      default:
        return false;
    }
  }
  void dashes() {
    std::size_t length = 1;
    while (pos_ + length < chars_.size() &&
           std::u32string_view(U"-~—–―").find(chars_[pos_ + length]) != std::u32string_view::npos)
      ++length;
    const bool label = length > 1 && !list_.tokens.empty() && list_.tokens.back().kind == TokenKind::name &&
                       (list_.tokens.back().what == NameClass::district || list_.tokens.back().what == NameClass::town);
    add(label ? TokenKind::colon : TokenKind::dash, length);  // 善柳区--东柳里
  }
  // A dot between items is a pause; leader dots (仁德區..仁義) are a colon.
  void dots() {
    std::size_t length = 1;
    while (pos_ + length < chars_.size() && chars_[pos_ + length] == U'.') ++length;
    add(length > 1 ? TokenKind::colon : TokenKind::pause, length);
  }

  // ①, 1., (1), 一、 at the start of a clause.
  bool list_head() {
    const bool at_start = list_.tokens.empty() || list_.tokens.back().kind == TokenKind::stop ||
                          list_.tokens.back().kind == TokenKind::colon ||
                          list_.tokens.back().kind == TokenKind::list_head;
    if (chars_[pos_] >= 0x2460 && chars_[pos_] <= 0x249b) {
      add(TokenKind::list_head, 1);
      return true;
    }
    const std::size_t origin = list_.source.origin[pos_];
    const std::string_view original = list_.source.original;
    if (origin + 2 < original.size() && original.compare(origin, 2, "\xe2\x91") == 0 && is_digit(chars_[pos_])) {
      std::size_t length = 1;  // ⑩ and later fold to two digits
      while (pos_ + length < chars_.size() && list_.source.origin[pos_ + length] == origin) ++length;
      add(TokenKind::list_head, length);
      return true;
    }
    std::size_t digits = 0;
    while (digits < 3 && pos_ + digits < chars_.size() &&
           (is_digit(chars_[pos_ + digits]) || is_numeral(chars_[pos_ + digits])))
      ++digits;
    if (digits == 0 || digits > 2 || pos_ + digits + 1 >= chars_.size()) return false;
    const char32_t after = chars_[pos_ + digits];
    const char32_t next = chars_[pos_ + digits + 1];
    if (at_start && is_digit(chars_[pos_]) && is_han(after) && gap_at(pos_ + digits) == 1 &&
        unit_at(near(pos_ + digits)).length == 0 && weak_word_at(near(pos_ + digits)).length == 0) {
      add(TokenKind::list_head, digits);  // 1 橡山国小
      return true;
    }
    if (!is_han(next) && next != U'(') return false;
    if (is_digit(chars_[pos_])) {
      const bool dotted_inside = (after == U'.' || after == U'、') && at_list_position(digits);
      if (!dotted_inside) return false;
    } else if (!at_start || after != U'、' || is_numeral(next)) {
      return false;
    }
    add(TokenKind::list_head, digits + 1);
    return true;
  }
  // 1.中洲里: a number with a dot before a name, not one of a list of numbers.
  bool at_list_position(std::size_t digits) const {
    if (unit_at(near(pos_ + digits + 1)).length > 0) return false;
    if (list_.tokens.empty()) return true;
    const TokenKind last = list_.tokens.back().kind;
    if (last == TokenKind::stop || last == TokenKind::colon || last == TokenKind::dash || last == TokenKind::list_head)
      return true;
    return chars_[pos_ + digits] == U'.' &&
           (last == TokenKind::blank || last == TokenKind::close || last == TokenKind::name);
  }

  // 10里, 16个里 count; 103年, 9月, 17日 are dates.
  WordHit count_or_date(std::size_t at) const {
    const std::u32string_view text = near(at);
    for (const std::u32string_view count : {U"个里", U"个村", U"个社区", U"所小学", U"所国小", U"里"})
      if (text.starts_with(count)) return {Word::count, count.size(), std::nullopt};
    for (const std::u32string_view date : {U"年度", U"年", U"月", U"日"})
      if (text.starts_with(date)) return {Word::lead, date.size(), std::nullopt};
    return {};
  }
  // 共13栋: how many there are; no number of any.
  bool count_phrase() {
    if (chars_[pos_] != U'共') return false;
    std::size_t length = 1;
    while (pos_ + length < chars_.size() && length < 8 &&
           (is_digit(chars_[pos_ + length]) || is_numeral(chars_[pos_ + length])))
      ++length;
    if (length == 1) return false;
    const std::size_t digits = length;
    while (length < digits + 2 && pos_ + length < chars_.size() && is_name_char(chars_[pos_ + length])) ++length;
    add_word({Word::count, length, std::nullopt});
    return true;
  }

  // --- numbers ---------------------------------------------------------------------------------------------------

  // 甲12号, 附3号, 新45号, 自编6号 where no name ends.
  bool stem_before_digit() const {
    const std::size_t stem = stem_length(pos_);
    return stem > 0 && pos_ + stem < chars_.size() && is_digit(chars_[pos_ + stem]);
  }
  // 之二 in a list of sub-numbers of one door.
  bool sub_number() {
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
  std::size_t stem_length(std::size_t at) const {
    const std::u32string_view text = near(at);
    if (text.starts_with(U"自编")) return 2;
    if (text.empty()) return 0;
    return std::u32string_view(U"甲乙丙丁旧新原临附第").find(text[0]) != std::u32string_view::npos ? 1 : 0;
  }
  void read_stem(char32_t c, geo::DoorNumber& out, bool& annex) const {
    const std::size_t stem = std::u32string_view(U"甲乙丙丁").find(c);
    if (stem != std::u32string_view::npos) out.stem = static_cast<std::uint8_t>(stem + 1);
    if (c == U'旧' || c == U'原') out.series = geo::DoorSeries::former;
    if (c == U'新') out.series = geo::DoorSeries::renewed;
    if (c == U'临') out.series = geo::DoorSeries::temporary;
    if (c == U'自') out.series = geo::DoorSeries::self_numbered;
    annex = c == U'附';
  }

  void number() {
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
  bool chars_are_sector(std::size_t at) const { return at + 1 < chars_.size() && chars_[at + 1] == U'区'; }

  // Unit and 之一, 附1 behind the digits; digits that go on as a name (8横路, 107国道) are one.
  void finish_number(std::size_t start, std::size_t at, geo::DoorNumber value) {
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
  bool unit_ends_number(std::size_t at, std::size_t length) const {
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
  std::size_t read_sub(std::size_t at, geo::DoorNumber& value) const {
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
  bool goes_on_as_name(std::size_t at) const {
    if (at >= chars_.size() || gap_at(at) != 0 || !is_name_char(chars_[at])) return false;
    if (chars_[at] == U'共') return false;
    const std::u32string_view text = near(at);
    if (strong_word_at(text).length > 0 || weak_word_at(text).length > 0) return false;
    if (text.starts_with(U"大院") || text.starts_with(U"里") || text.starts_with(U"所") || text.starts_with(U"个"))
      return text.starts_with(U"大院");
    return opening_word_at(text).length == 0;
  }
  void digits_name(std::size_t length) {
    if (pos_ + length < chars_.size() && is_name_char(chars_[pos_ + length]) && gap_at(pos_ + length) == 0 &&
        strong_word_at(near(pos_ + length)).length == 0)
      return name_from(pos_, length);
    Token& token = add(TokenKind::name, length);
    token.what = NameClass::untyped;
  }

  // 第十邻, 三十五邻, 二期; and bare numerals where a list of them may stand.
  bool chinese_number() {
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
  bool ordinal_ends(std::size_t at) const {
    if (at >= chars_.size() || !is_name_char(chars_[at])) return true;
    const std::u32string_view text = near(at);
    const WordHit weak = weak_word_at(text);
    return weak.word == Word::upto || (weak.word == Word::plus && text.size() > 1 && is_numeral(text[1])) ||
           strong_word_at(text).word == Word::plus;
  }
  // A区, B栋; a letter alone in a list of them.
  bool letter_number() {
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

  // 往南, 向东: the heading alone.
  bool heading() {
    if (list_.tokens.empty() || list_.tokens.back().kind != TokenKind::word || list_.tokens.back().word != Word::toward)
      return false;
    std::size_t length = 0;
    while (length < 2 && pos_ + length < chars_.size() && compass_of(chars_[pos_ + length])) ++length;
    if (length == 0) return false;
    add(TokenKind::name, length);
    return true;
  }
  // 东边：, 东至, 东面为: the label of a side, where an item may begin.
  bool side_label() {
    const std::u32string_view ahead = near(pos_);
    const bool chained = list_.tokens.size() > 1 &&
                         list_.tokens[list_.tokens.size() - 2].kind == TokenKind::side_label &&
                         list_.tokens.back().kind == TokenKind::name && ahead.size() > 2 &&
                         std::u32string_view(U"至始止到").find(ahead[1]) != std::u32string_view::npos;
    if (!at_opening() && !chained) return false;
    if (!list_.tokens.empty() && list_.tokens.back().kind == TokenKind::side_label) return false;
    const std::u32string_view text = near(pos_);
    const std::optional<Compass> compass = compass_of(text[0]);
    if (!compass || text.size() < 2) return false;
    std::size_t length = 1;
    const bool noun = std::u32string_view(U"边面侧方部界").find(text[1]) != std::u32string_view::npos;
    if (noun) ++length;
    if (length >= text.size()) return false;
    const char32_t next = text[length];
    if (next == U':') {
      ++length;
    } else if (std::u32string_view(U"至始止到起临邻抵接以为靠").find(next) != std::u32string_view::npos) {
      if ((next == U'为' && !noun) || (next == U'以' && compass_of(text.size() > length + 1 ? text[length + 1] : U' ')))
        return false;
      if (side_of_follows(pos_ + length)) return false;
      ++length;
      if (near(pos_ + length).starts_with(U"于")) ++length;
    } else if (!noun || text[1] == U'部' || !side_of_follows(pos_ + length)) {
      return false;
    }
    Token& token = add(TokenKind::side_label, length);
    token.compass = compass;
    return true;
  }
  // 以西 before the next comma: what looks like a verb is part of a road's name (西临高速以北).
  bool side_of_follows(std::size_t at) const {
    for (std::size_t i = at; i < chars_.size() && i < at + 24; ++i) {
      if (std::u32string_view(U",;。、:").find(chars_[i]) != std::u32string_view::npos) return false;
      if (chars_[i] == U'以' && i + 1 < chars_.size() && compass_of(chars_[i + 1])) return true;
    }
    return false;
  }

  // --- words and names -------------------------------------------------------------------------------------------

  bool words() {
    const std::u32string_view text = near(pos_);
    if (const WordHit strong = strong_word_at(text); strong.length > 0) return add_word(strong), true;
    if (after_finished() && (gap_at(pos_) == 0 || weak_word_at(text).word == Word::upto)) {
      const WordHit weak = weak_word_at(text);
      if (weak.length > 0 && weak_holds(weak, pos_)) return add_word(weak), true;
      return false;
    }
    const WordHit opening = opening_word_at(text);
    if (opening.length > 0 && opening_holds(opening)) return add_word(opening), true;
    return false;
  }
  // Behind a finished name a weak word is a word unless what follows would not stand without it (和平路, 和苑).
  bool weak_holds(const WordHit& weak, std::size_t at) const {
    const std::size_t behind = at + weak.length;
    const std::u32string_view text = near(behind);
    const bool more = !text.empty() && is_name_char(text[0]) && gap_at(behind) == 0;
    switch (weak.word) {
      case Word::plus:
        return more ? stands_alone(behind) || (chars_[at] == U'与' && short_road(behind))
                    : (behind < chars_.size() && (is_digit(chars_[behind]) || chars_[behind] == U'('));
      case Word::upto:
        return true;
      case Word::join:
      case Word::along_open:
      case Word::enclose_open:
        return more && stands_alone(behind);
      case Word::toward:
        return more && (compass_of(text[0]).has_value());
      case Word::etc:
        return true;
      case Word::except_close:
      case Word::inside:
      case Word::from_on:
      case Word::until:
      case Word::stretch:
        return !more || strong_word_at(text).length > 0 || opening_word_at(text).length > 0 ||
               weak.word == Word::from_on || weak.word == Word::inside;
      case Word::whole:
        return !more || strong_word_at(text).length > 0 || text.starts_with(U"区");
      case Word::section:
        return true;
      case Word::contains:
        return more;
      case Word::except_open:
        return more || (behind < chars_.size() && is_digit(chars_[behind]));
      case Word::alias:
        return more;
      case Word::sentence:
      case Word::is:
        return true;
      default:
        return true;
    }
  }
  bool stands_alone(std::size_t at) const {
    const std::u32string_view text = near(at);
    if (strong_word_at(text).length > 0) return true;
    const SuffixHit suffix = text.size() > 1 ? suffix_at(text.substr(1)) : SuffixHit{};
    if (suffix_at(text).length > 0 && text.size() > 1 && !is_name_char(text[1])) return false;
    return text.size() >= 2 &&
           (suffix.length == 0 || !suffix.hard || compass_of(text[0]).has_value() || suffix.what == NameClass::village);
  }
  // 乙路 of 甲街与乙路. No road's name begins with 与, many do with 和.
  bool short_road(std::size_t at) const {
    const SuffixHit suffix = at + 1 < chars_.size() ? suffix_at(near(at).substr(1)) : SuffixHit{};
    return suffix.hard && suffix.what == NameClass::road && is_han(chars_[at]);
  }
  bool opening_holds(const WordHit& opening) const {
    const std::size_t behind = pos_ + opening.length;
    const std::u32string_view text = near(behind);
    const bool more = !text.empty() && is_name_char(text[0]);
    const bool in_bracket = !list_.tokens.empty() && list_.tokens.back().kind == TokenKind::open;
    const bool after_word = !list_.tokens.empty() && list_.tokens.back().kind == TokenKind::word;
    switch (opening.word) {
      case Word::lead:
        if (chars_[pos_] == U'在') return text.substr(0, 14).find(U"居住") != std::u32string_view::npos;
        return !after_word && (!more || !compass_of(text[0]));
      case Word::is:
        return true;
      case Word::except_open:
        return true;
      case Word::contains:
        return in_bracket || after_word;
      case Word::only:
        return in_bracket || depth_ > 0 || (!text.empty() && !more);
      case Word::alias:
        return in_bracket || chars_[pos_] == U'即' || list_.tokens.empty() ? more : false;
      case Word::along_open:
        return more && stands_alone(behind);
      case Word::toward:
        return more && compass_of(text[0]).has_value();
      case Word::enclose_open:
        return more;
      case Word::odd:
      case Word::even:
        return !more;
      case Word::rest:
        return in_bracket || after_word || text.starts_with(U"为");
      case Word::whole:
        return !more || text.starts_with(U"区") || text.starts_with(U"市") || text.starts_with(U"县") ||
               text.starts_with(U"里");
      case Word::plus:
        return in_bracket || after_word_that_joins();
      case Word::upto:
        return after_word_that_joins() || !more;
      case Word::section:
        return true;
      case Word::etc:
        return !more || strong_word_at(text).length > 0 || is_numeral(text[0]);
      case Word::inside:
        return after_word && !more;
      case Word::except_close:
        return after_word && !more;
      default:
        return false;
    }
  }
  // 以西及…, 单号和…: behind a word that ends a part.
  bool after_word_that_joins() const {
    if (list_.tokens.empty() || list_.tokens.back().kind != TokenKind::word) return false;
    const Word word = list_.tokens.back().word;
    return word == Word::side_of || word == Word::odd || word == Word::even || word == Word::extension ||
           word == Word::crossing || word == Word::section || word == Word::except_close || word == Word::along ||
           word == Word::graduates;
  }

  // Characters of the longest name of the city that stands here, if it ends where a name may end.
  std::size_t lexicon_length(std::size_t at) {
    if (lexicon_ == nullptr) return 0;
    hits_.clear();
    const std::string_view text = list_.source.normal.text;
    lexicon_->names_at(text.substr(list_.source.at[at], 192), hits_);
    ++list_.steps;
    for (const geo::NameLexicon::Hit& hit : hits_) {
      const std::uint32_t byte_end = list_.source.at[at] + static_cast<std::uint32_t>(hit.length);
      const auto found =
          std::lower_bound(list_.source.at.begin() + static_cast<std::ptrdiff_t>(at), list_.source.at.end(), byte_end);
      if (found == list_.source.at.end() || *found != byte_end) continue;
      hit_part_ = hit.part;
      return static_cast<std::size_t>(found - list_.source.at.begin()) - at;
    }
    return 0;
  }

  static NameClass class_of(geo::AddressPart part) {
    switch (part) {
      case geo::AddressPart::district:
      case geo::AddressPart::city:
      case geo::AddressPart::province:
        return NameClass::district;
      case geo::AddressPart::town:
        return NameClass::town;
      case geo::AddressPart::community:
        return NameClass::community;
      case geo::AddressPart::village:
        return NameClass::village;
      case geo::AddressPart::street:
      case geo::AddressPart::lane:
        return NameClass::road;
      case geo::AddressPart::estate:
        return NameClass::estate;
      case geo::AddressPart::block:
        return NameClass::block;
      case geo::AddressPart::institution:
        return NameClass::institution;
      default:
        return NameClass::untyped;
    }
  }

  // Reads one name from `start`, of which the first `sure` characters belong to it.
  void name_from(std::size_t start, std::size_t sure) {
    const bool known = sure > 0 && lexicon_ != nullptr && !is_digit(chars_[start]);
    std::size_t end = 0;
    NameClass what = NameClass::untyped;
    if (known) {
      end = start + sure;
      what = class_of(hit_part_);
      // 东风路 of 东风路社区: another name that only begins like it.
      if (const SuffixHit longer = suffix_at(near(end));
          longer.length > 0 && longer.hard && glued_at(end) && !starts_unit(end)) {
        end = scan_name(start, sure, what);
      }
      if (what == NameClass::untyped) what = type_by_end(start, end);
    } else {
      end = scan_name(start, sure, what);
    }
    pos_ = start;
    Token& token = add(TokenKind::name, std::max<std::size_t>(end - start, 1));
    token.what = what;
    token.known = known;
  }
  bool glued_at(std::size_t at) const { return at < chars_.size() && gap_at(at) == 0; }
  bool starts_unit(std::size_t at) const { return strong_word_at(near(at)).length > 0; }

  NameClass type_by_end(std::size_t start, std::size_t end) const {
    for (std::size_t at = start + 1; at < end; ++at) {
      const SuffixHit hit = suffix_at(near(at));
      if (hit.length > 0 && at + hit.length == end) return hit.what;
    }
    return NameClass::untyped;
  }

  // End of the name that begins at `start`: the first hard suffix that no suffix follows and behind which another name
  // could begin, else the end of the run.
  std::size_t scan_name(std::size_t start, std::size_t sure, NameClass& what) {
    what = NameClass::untyped;
    NameClass soft = NameClass::untyped;
    std::size_t soft_end = 0;
    std::size_t at = std::max(start + 1, start + sure);
    // 铁路, 大院: a type word alone is a name.
    if (const SuffixHit whole = suffix_at(near(start));
        sure == 0 && whole.length > 1 && (!goes_on(start + whole.length) || name_ends_by_word(start + whole.length))) {
      what = whole.what;
      return start + whole.length;
    }
    while (at < chars_.size() && at - start < kMaxNameChars && gap_at(at) == 0 &&
           (is_name_char(chars_[at]) || is_digit(chars_[at]))) {
      ++list_.steps;
      if (is_digit(chars_[at])) {
        if (!digits_inside_name(at)) break;
        while (at < chars_.size() && is_digit(chars_[at])) ++at;
        continue;
      }
      const std::u32string_view text = near(at);
      if (city_ends(start, at)) {
        what = NameClass::district;
        return at + 1;
      }
      const SuffixHit suffix = suffix_at(text);
      const WordHit strong = strong_word_at(text);
      if (strong.length > 0 && strong.length >= suffix.length) break;
      if (suffix.length > 0) {
        const std::size_t behind = at + suffix.length;
        if (suffix.hard && long_enough(start, at, suffix)) {
          what = suffix.what;
          if (what == NameClass::district && at - start >= 3 && compass_of(chars_[at - 1]))
            what = NameClass::estate;  // 洛涛南区
          if (name_ends(start, behind, suffix)) return behind;
          if (what == NameClass::road && glued_at(behind) && compass_of(chars_[behind]) && !goes_on(behind + 1) &&
              weak_word_at(near(behind)).word != Word::section)
            return behind + 1;  // 黄埔大道西
          soft = NameClass::untyped;
          at = behind;
          continue;
        }
        soft = suffix.what;
        soft_end = behind;
        what = NameClass::untyped;
        at = behind;
        if (word_follows(at, soft)) return at = behind, what = soft, behind;
        continue;
      }
      if (at > start + 1 && lexicon_ != nullptr && lexicon_length(at) > 2) break;
      if (at > start + 1 && (ordinal_range(at) || counted_tail(at))) break;
      if (number_ends_name(start, at)) break;
      what = NameClass::untyped;
      ++at;
    }
    if (what == NameClass::untyped && soft_end == at) what = soft;
    return at;
  }
  // 台南市 of 台南市新市区: a city's name before a district's or town's.
  bool city_ends(std::size_t start, std::size_t at) const {
    if (chars_[at] != U'市' || at < start + 2) return false;
    for (std::size_t k = at + 2; k < at + 6 && k < chars_.size() && is_name_char(chars_[k]) && gap_at(k) == 0; ++k)
      if (const NameClass what = suffix_at(near(k)).what; what == NameClass::district || what == NameClass::town)
        return true;
    return false;
  }
  // 龟岗一至五马路: 至 between two numerals.
  bool ordinal_range(std::size_t at) const {
    return (chars_[at] == U'至' || chars_[at] == U'到') && is_numeral(chars_[at - 1]) && at + 1 < chars_.size() &&
           is_numeral(chars_[at + 1]);
  }
  // 柳营、橡营、沙营等里
  bool counted_tail(std::size_t at) const {
    if (chars_[at] != U'等') return false;
    ++at;
    while (at < chars_.size() &&
           (is_numeral(chars_[at]) || is_digit(chars_[at]) || chars_[at] == U'所' || chars_[at] == U'个'))
      ++at;
    const SuffixHit suffix = suffix_at(near(at));
    return suffix.length > 0 && !goes_on(at + suffix.length);
  }
  // A soft suffix ends a name where a joining word stands behind it: 金水河以及, 徐家庄和…
  bool word_follows(std::size_t at, NameClass) const {
    if (at >= chars_.size() || !is_name_char(chars_[at])) return false;
    const std::u32string_view text = near(at);
    if (strong_word_at(text).length > 0) return true;
    const WordHit weak = weak_word_at(text);
    if (weak.word == Word::upto) return true;
    return (weak.word == Word::plus || weak.word == Word::etc || weak.word == Word::section ||
            weak.word == Word::except_close) &&
           weak_holds(weak, at);
  }
  bool long_enough(std::size_t start, std::size_t at, const SuffixHit& suffix) const {
    const std::size_t stem = at - start;
    if (suffix.length == 1 && (suffix.what == NameClass::district || suffix.what == NameClass::town))
      return stem >= 2 || compass_of(chars_[start]).has_value() || !glued_at(at + 1) || !is_name_char(chars_[at + 1]);
    return stem >= 1;
  }
  // Whether the name is whole behind this hard suffix, though more text follows.
  bool name_ends(std::size_t start, std::size_t behind, const SuffixHit& suffix) {
    if (!glued_at(behind) || !is_name_char(chars_[behind])) return true;
    const std::u32string_view text = near(behind);
    const SuffixHit next = suffix_at(text);
    if (strong_word_at(text).length > 0 && next.length <= strong_word_at(text).length) return true;
    if (const WordHit weak = weak_word_at(text); weak.length > 0 && weak_holds(weak, behind)) return true;
    if (next.length > 0 && (next.hard || !goes_on(behind + next.length))) return false;
    if (std::u32string_view(U"甲乙丙丁旧新原临附第").find(text[0]) != std::u32string_view::npos && text.size() > 1 &&
        is_digit(text[1]))
      return true;  // 云杉路甲12号
    if (text.size() > 1 && compass_of(text[0]) &&
        std::u32string_view(U"至始止到").find(text[1]) != std::u32string_view::npos)
      return true;  // 东至云杉路南至…
    if (std::u32string_view(U"口头边旁").find(text[0]) != std::u32string_view::npos) return false;
    if (compass_of(text[0]) && text.size() > 1 && suffix_at(text.substr(1)).length > 0) return false;
    if (suffix.what == NameClass::road) {
      if (is_numeral(text[0]) && text.size() > 1 && suffix_at(text.substr(1)).what == NameClass::road) return false;
      if (text.size() > 1 && (text[0] == U'上' || text[0] == U'下' || text[0] == U'中') &&
          suffix_at(text.substr(1)).what == NameClass::road)
        return false;
      if (text[0] == U'第' && text.size() > 3) return false;
    }
    const std::size_t run = run_length(behind);
    return run > 1 || number_ends_name(start, behind);
  }
  bool name_ends_by_word(std::size_t at) const {
    const WordHit weak = weak_word_at(near(at));
    return weak.word == Word::plus && weak_holds(weak, at);
  }
  bool goes_on(std::size_t at) const {
    return glued_at(at) && is_name_char(chars_[at]) && strong_word_at(near(at)).length == 0;
  }
  // Characters of the name text behind, at most a few.
  std::size_t run_length(std::size_t at) const {
    std::size_t length = 0;
    while (length < 4 && at + length < chars_.size() && is_name_char(chars_[at + length]) && gap_at(at + length) == 0 &&
           strong_word_at(near(at + length)).length == 0)
      ++length;
    return length;
  }
  // 农林上路8横路, 柳南2巷: digits that a road's own suffix follows.
  bool digits_inside_name(std::size_t at) const {
    std::size_t length = 0;
    while (length < 4 && at + length < chars_.size() && is_digit(chars_[at + length])) ++length;
    const std::u32string_view text = near(at + length);
    return text.starts_with(U"横路") || text.starts_with(U"横街") || text.starts_with(U"马路") ||
           text.starts_with(U"号路") || text.starts_with(U"街坊") || text.starts_with(U"部队") ||
           text.starts_with(U"中学") || text.starts_with(U"小学");
  }
  // 星河湾一期, 谢家庄村八社, 大同里三十五邻: a numeral and its unit end the name before them.
  bool number_ends_name(std::size_t start, std::size_t at) const {
    if (at < start + 2) return false;
    if (chars_[at] >= U'a' && chars_[at] <= U'z') {
      const std::u32string_view text = near(at + 1);
      const bool alone = text.empty() || !(is_name_char(text[0]) || is_digit(text[0]));
      return (alone && is_han(chars_[at - 1])) || text.starts_with(U"区") || unit_at(text).unit == NumberUnit::building;
    }
    std::size_t length = chars_[at] == U'第' ? 1 : 0;
    const std::size_t first = length;
    while (length < 8 && at + length < chars_.size() && is_numeral(chars_[at + length])) ++length;
    if (length == first) return false;
    const std::size_t behind = at + length;
    const UnitHit unit = unit_at(near(behind));
    return unit.length > 0 && unit.unit != NumberUnit::lane && unit.unit != NumberUnit::compound &&
           unit_ends_number(behind, unit.length);
  }

  void match_brackets() {
    std::vector<std::uint32_t> open;
    std::vector<Token>& tokens = list_.tokens;
    for (std::uint32_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].kind == TokenKind::open) open.push_back(i);
      if (tokens[i].kind != TokenKind::close) continue;
      if (open.empty()) {
        tokens[i].kind = TokenKind::quote;
        continue;
      }
      tokens[i].partner = open.back();
      tokens[open.back()].partner = i;
      open.pop_back();
    }
    for (const std::uint32_t i : open) tokens[i].kind = TokenKind::other;
    for (std::uint32_t i = 0; i < tokens.size(); ++i)  // （一）
      if (tokens[i].kind == TokenKind::open && tokens[i].partner == i + 2 && !tokens[i + 1].has_unit &&
          (tokens[i + 1].kind == TokenKind::ordinal || tokens[i + 1].kind == TokenKind::number) &&
          (i == 0 || tokens[i - 1].kind == TokenKind::stop))
        for (const std::uint32_t k : {i, i + 1, i + 2}) tokens[k].kind = TokenKind::list_head;
  }

  const geo::NameLexicon* lexicon_;
  TokenList list_;
  std::u32string chars_;
  std::size_t pos_ = 0;
  std::size_t depth_ = 0;  // of brackets
  std::vector<geo::NameLexicon::Hit> hits_;
  geo::AddressPart hit_part_ = geo::AddressPart::unknown;
};

}  // namespace

std::string NoticeSource::text(std::uint32_t begin, std::uint32_t end) const {
  return normal.text.substr(at[begin], at[end] - at[begin]);
}

Span NoticeSource::span(std::uint32_t begin, std::uint32_t end) const {
  const std::uint32_t from = origin[begin];
  std::uint32_t to = end < chars.size() ? normal.origin[at[end]] : static_cast<std::uint32_t>(original.size());
  to = std::max(to, from);
  // Blanks before the next character are not part of it.
  while (to > from) {
    std::size_t length = 0;
    if (to >= 3 && is_blank_byte(original, to - 3, length) && length == 3)
      to -= 3;
    else if (to >= 2 && is_blank_byte(original, to - 2, length) && length == 2)
      to -= 2;
    else if (is_blank_byte(original, to - 1, length) && length == 1)
      to -= 1;
    else
      break;
  }
  return {from, std::max(to, from)};
}

TokenList tokenize(std::string_view original, const ZoneTextContext& context) {
  return Tokenizer(original, context).run();
}

}  // namespace catchment::engine::zone_text
