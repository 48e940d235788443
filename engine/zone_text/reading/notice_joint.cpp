// Shared zones: （与A、B国小为共同学区）, （以上二里与A国中共同学区）, （1-9邻与A共同学区，余为B学区）.
#include "engine/zone_text/reading/notice_parser.hpp"
#include "engine/zone_text/reading/school_name.hpp"

namespace catchment::engine::zone_text {

// What is said of parts of one item, bracket by bracket.
struct NoticeParser::JointParts {
  std::vector<NumberRange> shared;  // numbers said to be shared or this school's
  std::vector<NumberRange> theirs;  // numbers said to be another school's
  std::vector<Item> doubtful;       // what is a named school's, that may be this one
  bool rest_ours = false;           // 余为本校学区
  bool whole = false;               // the item as it is: numbers named beside that do not narrow it
  bool beside = false;              // the rest beside numbers of the item's own, which stay
};

// Whose zone 为A国小学区 speaks of. Without the row's own name nobody can tell.
NoticeParser::Whose NoticeParser::whose(const std::vector<Name>& partners) const {
  bool all_theirs = !partners.empty();
  for (const Name& partner : partners) {
    if (partner.text.starts_with("本校") || partner.text.starts_with("我校")) return Whose::ours;  // 本校国中部
    const SameSchool same = school_.empty() ? SameSchool::maybe : same_school(partner.text, school_);
    if (same == SameSchool::yes) return Whose::ours;
    all_theirs = all_theirs && same == SameSchool::no;
  }
  return all_theirs ? Whose::theirs : Whose::unknown;
}

// Behind or within the bracket of items: what of them is shared with whom. Reads [i, end); the tree keeps
//  * numbers said to be shared, or this school's, among those the item gives to it;
//  * numbers said to be another school's as the item's exception;
//  * what is said to be a school's that may be this one or not as an item in part; the allocation says whose it is.
bool NoticeParser::parse_joint(Index& i, Index end, std::vector<Item>& items) {
  if (items.empty()) return false;
  const Index first = i;
  JointParts parts;
  bool any = false;
  while (i < end && parse_joint_part(i, end, items, parts)) any = true;
  if (!any) {
    untake(first, i);
    i = first;
    return false;
  }
  settle_joint(parts, items);
  return true;
}

// One of them: 1-9邻与A共同学区; 余为B学区; 以上二里与C共同学区.
bool NoticeParser::parse_joint_part(Index& i, Index end, std::vector<Item>& items, JointParts& parts) {
  while (i < end && (is_separator(i) || is_word(i, Word::plus) || is_word(i, Word::is))) take(i++);
  const Index stop = i < end ? joint_end(i, end) : end;
  if (stop >= end || (at(stop).word != Word::shared && at(stop).word != Word::zone_of)) return false;
  const bool shared = at(stop).word == Word::shared;
  Allocation allocation;
  allocation.mode = shared ? AllocationMode::joint : AllocationMode::direct;
  const Index begin = i;
  Item part = items.back();
  bool numbered = false;
  bool narrowed = false;  // the rest of numbers that are known
  const bool rest = is_word(i, Word::rest);
  if (is_word(i, Word::ours_above)) {
    take(i++);
    for (Item& item : items_above(i, stop, items)) allocation.items.push_back(item);
  } else if (number_starts(i, stop) ||
             (is(i, TokenKind::name) && number_starts(i + 1, stop) && text_of(i).starts_with(part.name.text))) {
    if (is(i, TokenKind::name)) take(i++);  // 六柳（六柳里1-2邻为本校学区）
    part.numbers.clear();
    parse_numbers(i, stop, part);
    numbered = !part.numbers.empty();
  } else if (rest) {
    take(i++);
    Item denied;
    denied.numbers = part.numbers;
    parts.beside = parts.beside || !part.numbers.empty();
    denied.numbers.insert(denied.numbers.end(), parts.shared.begin(), parts.shared.end());
    Modifier except;
    except.kind = ModifierKind::except;
    denied.span = except.span = span_of(begin, i);
    part.numbers.clear();
    narrowed = !denied.numbers.empty();
    if (narrowed) {
      except.items.push_back(std::move(denied));
      part.modifiers.push_back(std::move(except));
    }
  }
  while (i < stop && (is_word(i, Word::plus) || is_word(i, Word::is) || is_separator(i))) take(i++);
  allocation.partners = parse_school_names(i, stop);
  take(begin, stop + 1);
  i = stop + 1;
  while (i < end && (is_word(i, Word::zone_of) || is_word(i, Word::is) || is_word(i, Word::shared))) take(i++);
  const Whose who = shared ? Whose::ours : whose(allocation.partners);
  if (allocation.items.empty()) allocation.items.push_back(part);
  if (who == Whose::ours) {
    if (numbered) parts.shared.insert(parts.shared.end(), part.numbers.begin(), part.numbers.end());
    parts.rest_ours = parts.rest_ours || rest;
    parts.whole = parts.whole || (!numbered && !rest);
  } else if (who == Whose::theirs && numbered) {
    parts.theirs.insert(parts.theirs.end(), part.numbers.begin(), part.numbers.end());
  } else if (who == Whose::unknown || !narrowed) {
    Modifier doubt;
    doubt.kind = ModifierKind::partial;
    doubt.span = span_of(begin, stop + 1);
    part.modifiers.push_back(std::move(doubt));
    parts.doubtful.push_back(part);
  }
  if (who == Whose::ours && !shared) return true;
  Clause clause;
  clause.what = std::move(allocation);
  clause.span = span_of(begin, i);
  pending_.push_back(std::move(clause));
  return true;
}

void NoticeParser::settle_joint(JointParts& parts, std::vector<Item>& items) {
  Item& item = items.back();
  if (parts.rest_ours)  // what is in doubt is no part of the rest
    for (const Item& part : parts.doubtful)
      parts.theirs.insert(parts.theirs.end(), part.numbers.begin(), part.numbers.end());
  if (!parts.theirs.empty() && (parts.rest_ours || parts.shared.empty())) {
    Modifier except;
    except.kind = ModifierKind::except;
    Item denied;
    denied.span = except.span = {parts.theirs.front().span.begin, parts.theirs.back().span.end};
    denied.numbers = std::move(parts.theirs);
    except.items.push_back(std::move(denied));
    item.modifiers.push_back(std::move(except));
  }
  if (parts.rest_ours)
    item.numbers.clear();
  else if (!parts.shared.empty() && !parts.whole)
    item.numbers.insert(item.numbers.end(), parts.shared.begin(), parts.shared.end());
  else if (!parts.doubtful.empty() && !parts.beside)
    items.pop_back();
  for (Item& part : parts.doubtful) items.push_back(std::move(part));
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
  if (stop < end && is_word(stop, Word::zone_of)) {  // 为本校学区
    if (allocation.partners.empty() || whose(allocation.partners) == Whose::ours) return;
    Modifier doubt;
    doubt.kind = ModifierKind::partial;
    doubt.span = span_of(first, i);
    for (Item& item : items) item.modifiers.push_back(doubt);
    allocation.mode = AllocationMode::direct;
  }
  allocation.items = items;
  Clause clause;
  clause.what = std::move(allocation);
  clause.span = span_of(first, i);
  pending_.push_back(std::move(clause));
}

}  // namespace catchment::engine::zone_text
