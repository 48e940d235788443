// Feeder schools, shared zones, whole groups of children, zones of other schools.
#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

// Names of schools in [i, end): glued names and numbers are one.
std::vector<Name> NoticeParser::parse_school_names(Index i, Index end) {
  std::vector<Name> names;
  while (i < end) {
    ++steps_;
    if (!is(i, TokenKind::name) && !is_number(i)) {
      if (is_separator(i) || is_word(i, Word::plus) || is_word(i, Word::of) || is_word(i, Word::etc)) take(i);
      ++i;
      continue;
    }
    const Index first = i;
    while (i < end && (is(i, TokenKind::name) || is_number(i)) && (i == first || at(i).glued)) take(i++);
    if (i < end && is(i, TokenKind::open) && at(i).partner < end) {  // A小学（东校区）: part of the name
      const Index after = at(i).partner + 1;
      take(i, after);
      i = after;
    }
    add_school_names(text_between(first, i), span_of(first, i), names);
  }
  return names;
}

// 与橡山国小, 橡山与柏山国小: no school has 与 in its name.
void NoticeParser::add_school_names(const std::string& text, Span span, std::vector<Name>& names) {
  static constexpr std::string_view kAnd = "与";
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t at = std::min(text.find(kAnd, begin), text.size());
    std::string name = text.substr(begin, at - begin);
    if (name.ends_with("为") && name.size() > 2 * kAnd.size()) name.resize(name.size() - std::string_view("为").size());
    if (!name.empty()) names.push_back({std::move(name), span});
    begin = at + kAnd.size();
  }
}

// 市二小、涧东小学的毕业生; 河滨小学部分毕业生; 尹庄镇所属小学的毕业生; 本校小学毕业生.
std::optional<NoticeParser::Index> NoticeParser::parse_feeder(Index i, Index end) {
  const Index first = i;
  if (is_word(i, Word::feeds)) take(i++);
  if (i < end && is(i, TokenKind::colon)) take(i++);
  const Index piece = piece_end(i, end);
  const Index graduates = find_word(i, piece, Word::graduates);
  const bool fed = i > first;
  if (graduates >= piece && !fed) return std::nullopt;
  const Index stop = graduates < piece ? graduates : piece;
  Feeder feeder;
  std::optional<Household> household;
  while (i < stop) {
    if (i > first && is_word(i - 1, Word::etc) && counts_things(i)) {
      take(i++);
      continue;
    }
    const Index begin = i;
    while (i < stop && (is(i, TokenKind::name) || is_number(i)) && (i == begin || at(i).glued)) ++i;
    if (i > begin) {
      // 中州实验学校市区居民户口: the condition is glued to the school's name.
      const Index condition = find_word(begin, stop, Word::household);
      if (condition < stop && condition == i) {
        Index name_end = begin;
        while (name_end < i && !(is(name_end, TokenKind::name) && at(name_end).what == NameClass::school)) ++name_end;
        if (name_end < i) {
          feeder.schools.push_back({text_between(begin, name_end + 1), span_of(begin, name_end + 1)});
          take(begin, name_end + 1);
          household = parse_household(name_end + 1, stop);
          i = stop;
          break;
        }
      }
      Name name{text_between(begin, i), span_of(begin, i)};
      take(begin, i);
      if (i < stop && is_word(i, Word::schools_of)) {
        take(i++);
        feeder.of = std::move(name);
      } else {
        feeder.schools.push_back(std::move(name));
      }
      if (i < stop && is(i, TokenKind::open) && half_at(i + 1)) {
        const Index close = at(i).partner;
        take(i++);
        while (i < close && half_at(i)) {
          if (std::optional<Side> side = parse_half(i, close)) feeder.sides.push_back(std::move(*side));
          while (i < close && (is_separator(i) || is_word(i, Word::plus))) take(i++);
        }
        take(close);
        i = close + 1;
        if (fed && i < stop) break;
      }
      continue;
    }
    if (is_word(i, Word::own_school))
      feeder.own = true;
    else if (is_word(i, Word::part))
      feeder.partial = true;
    else if (is_word(i, Word::schools_of) || is_word(i, Word::every_school) || is_word(i, Word::of) ||
             is_word(i, Word::plus) || is_word(i, Word::etc) || is_word(i, Word::lead) || is_separator(i)) {
    } else
      break;
    take(i++);
  }
  if (household) feeder.households.push_back(std::move(*household));
  if (i == graduates && graduates < piece) take(i++);
  Clause clause;
  clause.what = std::move(feeder);
  i = absorb_tail(i, end);
  if (i < end && is_word(i, Word::plus)) take(i++);
  if (i == first) return std::nullopt;
  add_clause(first, i, std::move(clause));
  return i;
}

// 驻灵部队军人子女; 进城务工人员随迁子女.
std::optional<NoticeParser::Index> NoticeParser::parse_whole_group(Index i, Index end) {
  const Index piece = piece_end(i, end);
  if (!has_word(i, piece, {Word::household}) || has_word(i, piece, {Word::of})) return std::nullopt;
  const std::string text = text_between(i, piece);
  if (!text.ends_with("子女") && !text.ends_with("子弟")) return std::nullopt;
  for (Index k = i; k < piece; ++k)
    if (is(k, TokenKind::pause) || is(k, TokenKind::open)) return std::nullopt;
  std::optional<Household> household = parse_household(i, piece);
  if (!household) return std::nullopt;
  Clause clause;
  clause.what = HouseholdGroup{std::move(*household)};
  add_clause(i, piece, std::move(clause));
  return piece;
}

// 原沙步小学招生服务范围内; 同青松小学, 与青松小学招生范围相同. What stands in brackets behind it holds for all of it;
// words nobody reads that are glued to it may deny it, so it is not read either.
std::optional<NoticeParser::Index> NoticeParser::parse_zone_reference(Index i, Index end) {
  Index k = i;
  ZoneReference reference;
  if (is_word(k, Word::alias)) {
    reference.former = text_of(k) == "原";
    ++k;
  }
  const Index name = k;
  while (k < end && is(k, TokenKind::name) && (k == name || at(k).glued) && !says_alike(k)) ++k;
  if (k == name || at(k - 1).what != NameClass::school) return std::nullopt;
  reference.school = {text_between(name, k), span_of(name, k)};
  const bool of_zone = k < end && is_word(k, Word::zone_of);
  const bool same = strip_same(reference.school.text);
  if (of_zone) ++k;
  while (k < end && (says_alike(k) || is_word(k, Word::of))) ++k;
  const bool stands_alone = k >= end || is(k, TokenKind::comma) || is(k, TokenKind::open) || is_word(k, Word::part);
  if (!of_zone && !(same && stands_alone)) return std::nullopt;
  if (!reference.former && !same && reference.school.text.starts_with("原")) {
    reference.former = true;
    reference.school.text.erase(0, std::string_view("原").size());
  }
  take(i, k);
  k = absorb_tail(k, end);
  Item bearer;
  if (std::optional<Modifier> modifier = parse_words_modifier(k, end)) {
    k = skip_taken_;
    bearer.modifiers.push_back(std::move(*modifier));
  }
  const Index open = k;
  parse_item_brackets(bearer, k, end);
  if (!bearer.numbers.empty()) bearer.modifiers.push_back(doubt_of(open));
  if (k < end && !is(k, TokenKind::comma) && !is(k, TokenKind::pause) && !is_word(k, Word::plus)) {
    untake(i, k);
    // 乙小学学区包括…: whose list it is the words do not say here; the list is read as what it is.
    return is_word(k, Word::contains) || is_word(k, Word::is) ? k : piece_end(k, end);
  }
  Clause clause;
  clause.what = std::move(reference);
  clause.modifiers = std::move(bearer.modifiers);
  add_clause(i, k, std::move(clause));
  return k;
}

// 相同, 一致: behind the name of a school whose zone this is too.
bool NoticeParser::says_alike(Index i) const {
  return is(i, TokenKind::name) && (text_of(i) == "相同" || text_of(i) == "一致" || text_of(i) == "一样");
}

// Takes 同, 与 from before a school's name; one character and the word for school are a name of its own: 同济小学.
bool NoticeParser::strip_same(std::string& school) {
  constexpr std::size_t kCharacter = 3;  // bytes
  for (const std::string_view word : {"同", "与", "跟"}) {
    if (!school.starts_with(word) || school.size() < 5 * kCharacter) continue;
    school.erase(0, word.size());
    return true;
  }
  return false;
}

}  // namespace catchment::engine::zone_text
