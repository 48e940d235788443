// Words of notices, and where a character like 和 or 内 is one: behind a finished name, or where an item opens.
#include "engine/zone_text/reading/notice_tokenizer.hpp"

namespace catchment::engine::zone_text {

// 往南, 向东: the heading alone.
bool NoticeTokenizer::heading() {
  if (list_.tokens.empty() || list_.tokens.back().kind != TokenKind::word || list_.tokens.back().word != Word::toward)
    return false;
  std::size_t length = 0;
  while (length < 2 && pos_ + length < chars_.size() && compass_of(chars_[pos_ + length])) ++length;
  if (length == 0) return false;
  add(TokenKind::name, length);
  return true;
}

// 东边：, 东至, 东面为: the label of a side, where an item may begin.
bool NoticeTokenizer::side_label() {
  const std::u32string_view ahead = near(pos_);
  const bool chained = list_.tokens.size() > 1 && list_.tokens[list_.tokens.size() - 2].kind == TokenKind::side_label &&
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
bool NoticeTokenizer::side_of_follows(std::size_t at) const {
  for (std::size_t i = at; i < chars_.size() && i < at + 24; ++i) {
    if (std::u32string_view(U",;。、:").find(chars_[i]) != std::u32string_view::npos) return false;
    if (chars_[i] == U'以' && i + 1 < chars_.size() && compass_of(chars_[i + 1])) return true;
  }
  return false;
}

bool NoticeTokenizer::words() {
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
bool NoticeTokenizer::weak_holds(const WordHit& weak, std::size_t at) const {
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
    case Word::of:
      return more && place_before();
    case Word::sentence:
    case Word::is:
      return true;
    default:
      return true;
  }
}

// 柳营区之橡山里: behind a place of administration, before a name.
bool NoticeTokenizer::place_before() const {
  const NameClass what = list_.tokens.empty() ? NameClass::untyped : list_.tokens.back().what;
  return what == NameClass::district || what == NameClass::town || what == NameClass::community;
}

bool NoticeTokenizer::stands_alone(std::size_t at) const {
  const std::u32string_view text = near(at);
  if (strong_word_at(text).length > 0) return true;
  const SuffixHit suffix = text.size() > 1 ? suffix_at(text.substr(1)) : SuffixHit{};
  if (suffix_at(text).length > 0 && text.size() > 1 && !is_name_char(text[1])) return false;
  return text.size() >= 2 &&
         (suffix.length == 0 || !suffix.hard || compass_of(text[0]).has_value() || suffix.what == NameClass::village);
}

// 乙路 of 甲街与乙路. No road's name begins with 与, many do with 和.
bool NoticeTokenizer::short_road(std::size_t at) const {
  const SuffixHit suffix = at + 1 < chars_.size() ? suffix_at(near(at).substr(1)) : SuffixHit{};
  return suffix.hard && suffix.what == NameClass::road && is_han(chars_[at]);
}

bool NoticeTokenizer::opening_holds(const WordHit& opening) const {
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
      return in_bracket || after_word || (!list_.tokens.empty() && list_.tokens.back().kind == TokenKind::dash);
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
bool NoticeTokenizer::after_word_that_joins() const {
  if (list_.tokens.empty() || list_.tokens.back().kind != TokenKind::word) return false;
  const Word word = list_.tokens.back().word;
  return word == Word::side_of || word == Word::odd || word == Word::even || word == Word::extension ||
         word == Word::crossing || word == Word::section || word == Word::except_close || word == Word::along ||
         word == Word::graduates;
}

}  // namespace catchment::engine::zone_text
