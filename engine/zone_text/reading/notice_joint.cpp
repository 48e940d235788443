// Shared zones: （与A、B国小为共同学区）, （以上二里与A国中共同学区）, （1-9邻与A共同学区，余为B学区）.
#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

// Behind or within the bracket of items: what of them is shared with whom. Reads [i, end); the tree keeps
//  * numbers said to be shared as the only ones the item gives to this school;
//  * numbers, or the rest, said to be another school's as an item in part, because only the school's own name, which is
//  not
//    in the text, could tell whether they are its own; the allocation says whose they are.
bool NoticeParser::parse_joint(Index& i, Index end, std::vector<Item>& items) {
  if (items.empty()) return false;
  const Index first = i;
  Item last = items.back();
  std::vector<NumberRange> shared_numbers;
  std::vector<Item> others;
  bool any = false;
  while (i < end) {
    while (i < end && (is_separator(i) || is_word(i, Word::plus) || is_word(i, Word::is))) take(i++);
    if (i >= end) break;
    const Index stop = joint_end(i, end);
    if (stop >= end || (at(stop).word != Word::shared && at(stop).word != Word::zone_of)) break;
    const bool shared = at(stop).word == Word::shared;
    Allocation allocation;
    allocation.mode = shared ? AllocationMode::joint : AllocationMode::direct;
    const Index begin = i;
    Item part = last;
    bool numbered = false;
    if (is_word(i, Word::ours_above)) {
      take(i++);
      for (Item& item : items_above(i, stop, items)) allocation.items.push_back(item);
    } else if (number_starts(i, stop) ||
               (is(i, TokenKind::name) && number_starts(i + 1, stop) && text_of(i).starts_with(last.name.text))) {
      if (is(i, TokenKind::name)) take(i++);  // 六柳（六柳里1-2邻为本校学区）
      part.numbers.clear();
      parse_numbers(i, stop, part);
      numbered = !part.numbers.empty();
    } else if (is_word(i, Word::rest)) {
      take(i++);
      Modifier except;
      except.kind = ModifierKind::except;
      Item denied;
      denied.numbers = shared_numbers;
      denied.span = except.span = span_of(begin, i);
      if (!shared_numbers.empty()) except.items.push_back(std::move(denied));
      part.numbers.clear();
      if (!shared_numbers.empty()) part.modifiers.push_back(std::move(except));
    }
    while (i < stop && (is_word(i, Word::plus) || is_word(i, Word::is) || is_separator(i))) take(i++);
    allocation.partners = parse_school_names(i, stop);
    const bool own = allocation.partners.size() == 1 && allocation.partners[0].text == "本校";
    if (allocation.items.empty()) allocation.items.push_back(part);
    if (shared || own) {
      if (numbered) shared_numbers.insert(shared_numbers.end(), part.numbers.begin(), part.numbers.end());
    } else {
      Modifier doubt;
      doubt.kind = ModifierKind::partial;
      doubt.span = span_of(begin, stop + 1);
      part.modifiers.push_back(std::move(doubt));
      others.push_back(part);
    }
    take(begin, stop + 1);
    i = stop + 1;
    while (i < end && (is_word(i, Word::zone_of) || is_word(i, Word::is) || is_word(i, Word::shared))) take(i++);
    any = true;
    if (own) continue;
    Clause clause;
    clause.what = std::move(allocation);
    clause.span = span_of(begin, i);
    pending_.push_back(std::move(clause));
  }
  if (!any) {
    untake(first, i);
    i = first;
    return false;
  }
  if (!shared_numbers.empty())
    items.back().numbers = std::move(shared_numbers);
  else if (!others.empty())
    items.pop_back();
  for (Item& item : others) items.push_back(std::move(item));
  return true;
}

// The word 共同学区 or 学区 that ends what begins at i, before the next sentence or school's part.
NoticeParser::Index NoticeParser::joint_end(Index i, Index end) const {
  for (Index k = i; k < end && k < i + 60; k = is(k, TokenKind::open) ? skip_bracket(k) : k + 1) {
    ++steps_;
    if (is_word(k, Word::shared) || is_word(k, Word::zone_of)) return k;
    if (k > i && (is_word(k, Word::rest) || is_word(k, Word::ours_above))) return end;
  }
  return end;
}

// 以上二里: the last so many items, or all; 里 gives a type to those without one.
std::vector<Item> NoticeParser::items_above(Index& i, Index end, std::vector<Item>& items) {
  std::size_t count = items.size();
  if (i < end && (is(i, TokenKind::name) || is_number(i))) {
    const std::u32string text(text32(i, i + 1));
    std::size_t digits = 0;
    while (digits < text.size() && is_numeral(text[digits])) ++digits;
    const std::int32_t said =
        digits > 0 ? numeral_value(std::u32string_view(text).substr(0, digits)) : at(i).number.number;
    if (said > 0 && static_cast<std::size_t>(said) <= items.size()) count = static_cast<std::size_t>(said);
    if (text.ends_with(U"里")) share_suffix(items, items.size() - count, "里", ItemKind::community);
    take(i++);
  }
  return {items.end() - static_cast<std::ptrdiff_t>(count), items.end()};
}

// A bracket behind items that says what is shared.
bool NoticeParser::parse_joint_bracket(Index open, std::vector<Item>& items) {
  const Index close = at(open).partner;
  if (items.empty()) return false;
  if (!has_word(open + 1, close, {Word::shared, Word::zone_of})) return parse_school_bracket(open, items);
  Index i = open + 1;
  if (!parse_joint(i, close, items)) return false;
  while (i < close && is_separator(i)) ++i;
  if (i < close) {  // 限某国小毕业生: a condition of the same item; what cannot be read leaves the item in doubt
    Index k = i;
    std::optional<Modifier> modifier = parse_condition(k, close);
    if (!modifier || k < close) items.back().modifiers.push_back(doubt_of(open));
    if (modifier) items.back().modifiers.push_back(std::move(*modifier));
  }
  take(open);
  take(close);
  return true;
}

// （与A小学为共同学区） behind a region, or a sentence of its own: of all of the row.
bool NoticeParser::parse_region_joint(Index open) {
  const Index close = at(open).partner;
  const Index shared = find_word(open + 1, close, Word::shared);
  if (!is_word(open + 1, Word::plus) || shared >= close) return false;
  Clause clause;
  Allocation allocation;
  allocation.mode = AllocationMode::joint;
  allocation.partners = parse_school_names(open + 2, shared);
  clause.what = std::move(allocation);
  clause.span = span_of(open, close + 1);
  take(open, close + 1);
  pending_.push_back(std::move(clause));
  return true;
}

bool NoticeParser::only_schools(Index open) const {
  const Index close = at(open).partner;
  bool any = false;
  for (Index k = open + 1; k < close; ++k) {
    ++steps_;
    if (!is_name(k, NameClass::school) && !is_separator(k) && !is_word(k, Word::plus)) return false;
    any = any || is(k, TokenKind::name);
  }
  return any;
}

// 中正里4-5邻（永福国小）: nothing but schools, with whom the item is shared.
bool NoticeParser::parse_school_bracket(Index open, std::vector<Item>& items) {
  if (!only_schools(open)) return false;
  const Index close = at(open).partner;
  Allocation allocation;
  allocation.mode = AllocationMode::joint;
  for (Index k = open + 1; k < close; ++k)
    if (is(k, TokenKind::name)) allocation.partners.push_back(name_of(k));
  allocation.items.push_back(items.back());
  Clause clause;
  clause.what = std::move(allocation);
  clause.span = span_of(open + 1, close);
  pending_.push_back(std::move(clause));
  take(open, close + 1);
  return true;
}

// …里与A国小为共同学区, without a bracket: of all items of the sentence.
bool NoticeParser::joint_tail_at(Index i, Index end) const {
  if (i >= end || !(is_word(i, Word::plus) || is_word(i, Word::is))) return false;
  for (Index k = i; k < end && k < i + 16; ++k) {
    if (is_word(k, Word::shared) || (is_word(i, Word::is) && is_word(k, Word::zone_of))) return true;
    if (is(k, TokenKind::comma) || is(k, TokenKind::open) || is_number(k)) return false;
    const bool place =
        is(k, TokenKind::name) && (at(k).what == NameClass::community || at(k).what == NameClass::village ||
                                   at(k).what == NameClass::road || at(k).what == NameClass::estate);
    if (place || (k > i && is_word(i, Word::plus) && is_word(k, Word::is) && !is_word(k + 1, Word::shared)))
      return false;
  }
  return false;
}

void NoticeParser::parse_joint_tail(Index& i, Index end, std::vector<Item>& items) {
  const Index first = i;
  while (i < end && (is_word(i, Word::plus) || is_word(i, Word::is))) take(i++);
  const Index stop = joint_end(i, end);
  Allocation allocation;
  allocation.mode = AllocationMode::joint;
  allocation.partners = parse_school_names(i, stop);
  take(first, std::min(stop + 1, end));
  i = std::min(stop + 1, end);
  while (i < end && (is_word(i, Word::zone_of) || is_word(i, Word::is))) take(i++);
  if (stop < end && is_word(stop, Word::zone_of)) return;  // 为本校学区
  allocation.items = items;
  Clause clause;
  clause.what = std::move(allocation);
  clause.span = span_of(first, i);
  pending_.push_back(std::move(clause));
}

}  // namespace catchment::engine::zone_text
