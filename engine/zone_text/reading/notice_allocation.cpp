// How places are given: allocation, the places named among its words, notes.
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
  for (; i < end && !is_place(i); ++i) ++steps_;
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
