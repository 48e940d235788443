// Feeder schools, shared zones, allocation, whole groups of children, zones of other schools.
#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

namespace {

struct ModeWord {
  std::string_view text;
  AllocationMode mode;
};
constexpr ModeWord kModes[] = {
    {"临时接纳", AllocationMode::temporary_host},
    {"额满", AllocationMode::overflow},
    {"招生计划", AllocationMode::overflow},
    {"招生计划", AllocationMode::overflow},
    {"先后顺序", AllocationMode::overflow},
    {"学位有余", AllocationMode::overflow},
    {"余量", AllocationMode::overflow},
    {"余额", AllocationMode::overflow},
    {"剩余学位", AllocationMode::overflow},
    {"空余学位", AllocationMode::overflow},
    {"派位", AllocationMode::lottery},
    {"摇号", AllocationMode::lottery},
    {"抽签", AllocationMode::lottery},
    {"联合划片", AllocationMode::joint},
    {"多校划片", AllocationMode::joint},
    {"共同学区", AllocationMode::joint},
    {"选择", AllocationMode::choice},
    {"自愿", AllocationMode::choice},
    {"皆可", AllocationMode::choice},
    {"均可", AllocationMode::choice},
    {"即可", AllocationMode::choice},
    {"志愿", AllocationMode::choice},
    {"自由", AllocationMode::choice},
    {"大学区", AllocationMode::choice},
    {"学区限制", AllocationMode::choice},
    {"不分", AllocationMode::choice},
    {"统筹", AllocationMode::coordinated},
    {"容纳", AllocationMode::coordinated},
    {"直接", AllocationMode::direct},
    {"直升", AllocationMode::direct},
};

}  // namespace

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

// 佳柳区礼柳里、…及自由学区: addresses stand before the words of allocation.
bool NoticeParser::names_a_place(Index i, Index end) const {
  for (; i < end; ++i)
    if (is(i, TokenKind::name) && at(i).what != NameClass::untyped && at(i).what != NameClass::school &&
        at(i).what != NameClass::institution)
      return i + 1 < end && (is(i + 1, TokenKind::pause) || is(i + 1, TokenKind::name));
    else if (is_word(i, Word::count))  // 橡山、柏山共2里及…
      return true;
  return false;
}

// 本校自…起, 凡设籍…, 学生入学…: a sentence about admission, not a place.
bool NoticeParser::speaks_of_admission(Index i, Index end) const {
  if (i >= end || !is(i, TokenKind::name)) return false;
  const std::string text = text_of(i);
  static constexpr std::string_view kSubjects[] = {"本校", "我校", "凡", "自即日", "只要", "学生", "学校", "新生"};
  return std::any_of(std::begin(kSubjects), std::end(kSubjects),
                     [&](std::string_view subject) { return text.starts_with(subject); }) &&
         !is_word(i + 1, Word::zone_of) && has_word(i, end, {Word::allocation}) && !holds_place(i, end);
}

// A name that says by itself that it is a place, or numbers of one.
bool NoticeParser::holds_place(Index i, Index end) const {
  for (Index k = i; k < end; ++k) {
    ++steps_;
    if (k >= i + kLookAhead) return true;
    if (is(k, TokenKind::number) && at(k).has_unit) return true;
    if (!is(k, TokenKind::name)) continue;
    const NameClass what = at(k).what;
    if (what == NameClass::community || what == NameClass::village || what == NameClass::road ||
        what == NameClass::town || what == NameClass::block || what == NameClass::estate)
      return true;
  }
  return false;
}

NoticeParser::Index NoticeParser::find_last_note(Index i, Index end) const {
  Index last = end;
  for (Index k = i; k < end && k < i + kLookAhead; ++k) {
    ++steps_;
    if (is_word(k, Word::note)) last = k;
  }
  return last;
}

// 橡山、柏山小学共同学区：, a heading of what is shared with them: the colon, or i.
NoticeParser::Index NoticeParser::joint_heading(Index i, Index end) const {
  Index k = i;
  bool school = false;
  while (k < end && k < i + 12 && (is(k, TokenKind::name) || is(k, TokenKind::pause) || is_word(k, Word::plus))) {
    ++steps_;
    if (is(k, TokenKind::name) && at(k).what != NameClass::school && at(k).what != NameClass::untyped) return i;
    school = is_name(k, NameClass::school) || (school && !is(k, TokenKind::name));
    ++k;
  }
  if (!school || k >= end || !is_word(k, Word::shared)) return i;
  while (k < end && (is_word(k, Word::shared) || is_word(k, Word::zone_of))) ++k;
  return k < end && is(k, TokenKind::colon) ? k : i;
}

NoticeParser::Index NoticeParser::find_colon(Index i, Index end) const {
  while (i < end && !is(i, TokenKind::colon) && !is(i, TokenKind::open)) ++i;
  return i < end && is(i, TokenKind::colon) ? i : end;
}

AllocationMode NoticeParser::mode_of(Index i, Index end) const {
  const std::string text = text_between(i, end);
  for (const ModeWord& entry : kModes)
    if (text.find(entry.text) != std::string::npos) return entry.mode;
  return AllocationMode::direct;
}

// 自由学区：柳湾里、橡山里: the list is this school's, on those terms.
std::optional<NoticeParser::Index> NoticeParser::allocation_of_list(Index i, Index colon, Index end) {
  Allocation allocation;
  allocation.mode = mode_of(i, colon);
  const Index shared = find_word(i, colon, Word::shared);
  if (shared < colon) allocation.partners = parse_school_names(i, shared);
  Index k = colon + 1;
  Addresses addresses;
  addresses.items = parse_items(k, end, true);
  if (addresses.items.empty()) {
    untake(i, colon);
    return std::nullopt;
  }
  settle_bare_names(addresses.items);
  take(i, colon);
  allocation.items = addresses.items;
  Clause list;
  list.what = std::move(addresses);
  Clause terms;
  terms.what = std::move(allocation);
  terms.span = span_of(i, colon);
  pending_.push_back(std::move(terms));
  add_clause(i, k, std::move(list));
  return k;
}

// 以电脑派位方式招收柳湾里: the first place named among words of allocation; `end` if none is.
NoticeParser::Index NoticeParser::find_place(Index i, Index end) const {
  const auto is_place = [&](Index k) {
    if (!is(k, TokenKind::name)) return false;
    const NameClass what = at(k).what;
    return what == NameClass::road || what == NameClass::town || what == NameClass::community ||
           what == NameClass::village || what == NameClass::group || what == NameClass::estate ||
           what == NameClass::block;
  };
  while (i < end && !is_place(i)) ++i;
  return i;
}

// The places are this school's on those terms, if words say that it takes them; else whether they are nobody can tell.
std::optional<NoticeParser::Index> NoticeParser::allocation_of_places(Index i, Index place, Index end) {
  Allocation allocation;
  allocation.mode = mode_of(i, end);
  const std::string before = text_between(i, place);
  bool takes = false;
  for (const std::string_view verb : {"招收", "接收", "接受", "接纳"}) {
    takes = takes || before.find(verb) != std::string::npos;
  }
  Index k = place;
  Addresses addresses;
  addresses.items = parse_items(k, end, true);
  if (addresses.items.empty()) return std::nullopt;
  allocation.items = addresses.items;
  if (!takes) {
    for (Item& item : addresses.items) {
      Modifier doubt;
      doubt.kind = ModifierKind::partial;
      doubt.span = span_of(i, end);
      item.modifiers.push_back(std::move(doubt));
    }
  }
  take(i, place);
  if (find_place(k, end) == end) take(k, end);
  Clause list;
  list.what = std::move(addresses);
  Clause terms;
  terms.what = std::move(allocation);
  terms.span = span_of(i, end);
  pending_.push_back(std::move(terms));
  add_clause(place, k, std::move(list));
  return end;
}

// 以电脑派位方式招收…; 自由学区; 超过招生计划的…统筹安排: how places are given. Takes its piece whole.
std::optional<NoticeParser::Index> NoticeParser::parse_allocation(Index i, Index end) {
  Index piece = piece_end(i, end);
  const bool allocates = has_word(i, piece, {Word::allocation});
  const Index sentence = sentence_end(i, end);
  if (speaks_of_admission(i, sentence)) {
    Clause clause;
    clause.what = Allocation{mode_of(i, sentence), {}, {}};
    take(i, sentence);
    add_clause(i, sentence, std::move(clause));
    return sentence;
  }
  if (!allocates && !has_word(i, piece, {Word::note})) return std::nullopt;
  if (names_a_place(i, find_word(i, piece, allocates ? Word::allocation : Word::note))) return std::nullopt;
  if (allocates)
    if (const Index colon = find_colon(i, piece); colon < piece) return allocation_of_list(i, colon, end);
  while (allocates && piece + 1 < end && is(piece, TokenKind::comma) &&
         has_word(piece + 1, piece_end(piece + 1, end), {Word::allocation}))
    piece = piece_end(piece + 1, end);
  // 以后，学区另行公告: pieces without a place before the word.
  if (const Index later = piece + 1 < sentence ? find_last_note(piece + 1, sentence) : sentence;
      !allocates && later < sentence && !holds_place(piece + 1, later))
    piece = piece_end(later, sentence);
  if (allocates)
    if (const Index place = find_place(i, piece); place < piece)
      if (const auto next = allocation_of_places(i, place, piece)) return next;
  Clause clause;
  if (allocates) {
    Allocation allocation;
    allocation.mode = mode_of(i, piece);
    clause.what = std::move(allocation);
  } else {
    clause.what = Note{};
  }
  take(i, piece);
  add_clause(i, piece, std::move(clause));
  return piece;
}

}  // namespace catchment::engine::zone_text
