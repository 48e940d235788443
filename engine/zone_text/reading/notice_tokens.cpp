// What stands where: punctuation, blanks, list heads, brackets; and which reader takes each character.
#include "engine/zone_text/reading/notice_tokenizer.hpp"

namespace catchment::engine::zone_text {

NoticeTokenizer::NoticeTokenizer(std::string_view original, const ZoneTextContext& context) : lexicon_(context.names) {
  list_.source = read_source(original);
  chars_ = list_.source.chars;
}

TokenList NoticeTokenizer::run() {
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

Token& NoticeTokenizer::add(TokenKind kind, std::size_t length) {
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

void NoticeTokenizer::add_word(const WordHit& hit) {
  Token& token = add(TokenKind::word, hit.length);
  token.word = hit.word;
  token.compass = hit.compass;
}

// Whether an item may begin here: behind punctuation, at the start, behind a word.
bool NoticeTokenizer::at_opening() const {
  if (list_.tokens.empty()) return true;
  const Token& last = list_.tokens.back();
  return last.kind != TokenKind::name && last.kind != TokenKind::number && last.kind != TokenKind::close &&
         last.kind != TokenKind::ordinal;
}

void NoticeTokenizer::step() {
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
void NoticeTokenizer::gap() {
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

bool NoticeTokenizer::punctuation(char32_t c) {
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

void NoticeTokenizer::dashes() {
  std::size_t length = 1;
  while (pos_ + length < chars_.size() &&
         std::u32string_view(U"-~—–―").find(chars_[pos_ + length]) != std::u32string_view::npos)
    ++length;
  const bool label = length > 1 && !list_.tokens.empty() && list_.tokens.back().kind == TokenKind::name &&
                     (list_.tokens.back().what == NameClass::district || list_.tokens.back().what == NameClass::town);
  add(label ? TokenKind::colon : TokenKind::dash, length);  // 善柳区--东柳里
}

// A dot between items is a pause; leader dots (仁德區..仁義) are a colon.
void NoticeTokenizer::dots() {
  std::size_t length = 1;
  while (pos_ + length < chars_.size() && chars_[pos_ + length] == U'.') ++length;
  add(length > 1 ? TokenKind::colon : TokenKind::pause, length);
}

// ①, 1., (1), 一、 at the start of a clause.
bool NoticeTokenizer::list_head() {
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
  if (at_start && is_digit(chars_[pos_]) && is_han(after) && unit_at(near(pos_ + digits)).length == 0 &&
      weak_word_at(near(pos_ + digits)).length == 0 && next_line_number(digits)) {
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

// 1 橡山国小 begins a list; 3柏山国小 goes on with one behind its second line.
bool NoticeTokenizer::next_line_number(std::size_t digits) {
  std::int32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(chars_[pos_ + i])) return false;
    value = value * 10 + static_cast<std::int32_t>(chars_[pos_ + i] - U'0');
  }
  const bool goes_on = value > 1 && value == last_head_ + 1;
  if (gap_at(pos_ + digits) != 1 && !goes_on) return false;
  last_head_ = value;
  return true;
}

// 1.中洲里: a number with a dot before a name, not one of a list of numbers.
bool NoticeTokenizer::at_list_position(std::size_t digits) const {
  if (unit_at(near(pos_ + digits + 1)).length > 0) return false;
  if (list_.tokens.empty()) return true;
  const TokenKind last = list_.tokens.back().kind;
  if (last == TokenKind::stop || last == TokenKind::colon || last == TokenKind::dash || last == TokenKind::list_head)
    return true;
  if (last == TokenKind::number && list_.tokens.back().has_unit) return chars_[pos_ + digits] == U'.';  // 9邻2.柳湾里
  return chars_[pos_ + digits] == U'.' &&
         (last == TokenKind::blank || last == TokenKind::close || last == TokenKind::name);
}

void NoticeTokenizer::match_brackets() {
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

TokenList tokenize(std::string_view original, const ZoneTextContext& context) {
  return NoticeTokenizer(original, context).run();
}

}  // namespace catchment::engine::zone_text
