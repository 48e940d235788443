// Headings: labels before a colon, districts above their lists, sentences that only lead to what follows or count it.
#include <algorithm>

#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

// 东校区：, 城东区：, 招生范围：; what stands before a colon and is no street.
NoticeParser::Index NoticeParser::parse_label(Index i, Index end) {
  Index colon = i;
  while (colon < end && colon < i + 5 && (is(colon, TokenKind::name) || is(colon, TokenKind::word))) ++colon;
  if (colon > i && heads_list(i, colon)) {
    set_prefix(i, colon);
    return colon;
  }
  if (colon == i || colon >= end || !is(colon, TokenKind::colon)) return i;
  const std::string text = text_between(i, colon);
  const Token& last = at(colon - 1);
  if (has_word(i, colon, {Word::zone_of, Word::shared})) {
    take(i, colon);
    return colon + 1;
  }
  if (last.kind == TokenKind::name &&
      (last.what == NameClass::school || text.ends_with("校") || text.ends_with("部"))) {
    campus_ = text;
    take(i, colon);
    return colon + 1;
  }
  const Token& first = at(i);
  if (first.kind == TokenKind::name && (first.what == NameClass::district || first.what == NameClass::town)) {
    set_prefix(i, colon);
    return colon + 1;
  }
  return i;
}

void NoticeParser::set_prefix(Index i, Index end) {
  prefix_.clear();
  for (Index k = i; k < end; ++k)
    if (is(k, TokenKind::name) && level_of(at(k).what) <= level_of(NameClass::town)) prefix_.push_back(name_of(k));
  take(i, end);
}

bool NoticeParser::ends_line(Index i) const {
  const std::u32string_view text = text32(i, i + 1);
  return is(i, TokenKind::stop) && (text.empty() || text == U"\n");
}

// A district or town alone, a blank or a new line, and what is finer: the communities named behind it lie in it.
bool NoticeParser::heads_list(Index i, Index end) const {
  for (Index k = i; k < end; ++k)
    if (!is(k, TokenKind::name) || (k > i && !at(k).glued) ||
        (level_of(at(k).what) > level_of(NameClass::town) && !text_of(k).ends_with("市")))
      return false;
  if (!is_name(end - 1, NameClass::district) && !is_name(end - 1, NameClass::town)) return false;
  Index k = end;
  while (is(k, TokenKind::blank) || is(k, TokenKind::list_head) || ends_line(k)) ++k;
  return k > end && (is_name(k, NameClass::community) || is_name(k, NameClass::village));
}

// 本校学区共有五里，分别为; 柳湾小学学区包括, where that is the row's own school or may be. Behind it, or i.
NoticeParser::Index NoticeParser::own_zone_label(Index i, Index end) const {
  Index k = i;
  while (k < end && k < i + 4 && is(k, TokenKind::name) && (k == i || at(k).glued)) ++k;
  if (k == i || k >= end || !is_word(k, Word::zone_of)) return i;
  const std::string school = text_between(i, k);
  const bool own = school == "本校" || school == "我校";
  if (!own && (at(k - 1).what != NameClass::school || whose({Name{school, {}}}) == Whose::theirs)) return i;
  const Index behind = ++k;
  while (k < end && (is_word(k, Word::is) || is_word(k, Word::contains) || is(k, TokenKind::colon) ||
                     is_word(k, Word::count) || (is(k, TokenKind::comma) && is_word(k + 1, Word::is))))
    ++k;
  return k == behind ? i : k;
}

// Where the piece of a sentence begins that says 本校学区包括; its end if none does.
NoticeParser::Index NoticeParser::zone_statement(Index i, Index end) const {
  const Index limit = std::min(end, i + kLookAhead);
  for (Index k = i; k < limit; k = is(k, TokenKind::open) ? skip_bracket(k) : k + 1) {
    ++steps_;
    if (k > i && !is(k - 1, TokenKind::comma)) continue;
    if (own_zone_label(k, limit) > k) return k;
  }
  return end;
}

// 本校学区计有橡山区八所小学, a line above a numbered list; 本校自…起，为…，学区如下：. They say what follows, which
// says more than they do.
NoticeParser::Index NoticeParser::parse_heading_line(Index i, Index end) {
  if (!is(i, TokenKind::name) || !(text_of(i).starts_with("本校") || text_of(i).starts_with("我校"))) return i;
  Index below = end;
  while (ends_line(below)) ++below;
  if (end > i + 1 && below > end && is(below, TokenKind::list_head) && counts_things(end - 1)) {
    Clause note;
    note.what = Note{};
    take(i, end);
    add_clause(i, end, std::move(note));
    return end;
  }
  const Index limit = std::min(end, i + kLookAhead);
  for (Index k = i; k + 1 < limit; ++k) {
    ++steps_;
    if (!is(k, TokenKind::name) || !is(k + 1, TokenKind::colon) || text_of(k) != "如下") continue;
    if (holds_place(i, k)) return i;
    take(i, k + 2);
    if (!lead_) lead_ = i;
    return k + 2;
  }
  return i;
}

// ，共三里; ，分为东堤社区及西堤社区: pieces that count or divide what stands before them, and change nothing.
NoticeParser::Index NoticeParser::parse_late_words(Index i, Index end) {
  if (i == 0 || clauses_.empty() || lead_ || !is(i - 1, TokenKind::comma)) return i;
  const Index piece = piece_end(i, end);
  Index k = i;
  while (k < piece && is_word(k, Word::count)) ++k;
  if (k < piece && !is_word(i, Word::divided)) return i;
  take(i, piece);
  clauses_.back().span.end = span_of(i, piece).end;
  return piece;
}

}  // namespace catchment::engine::zone_text
