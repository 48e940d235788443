// Numbers of doors, lanes, buildings, phases and groups: 1-15（单号）, 145号起单号, 209弄1号-23支弄, 一、二期, 1至6幢.
#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

namespace {

std::optional<Parity> parity_of(Word word) {
  switch (word) {
    case Word::odd:
    case Word::lane_odd:
      return Parity::odd;
    case Word::even:
    case Word::lane_even:
      return Parity::even;
    case Word::both_parities:
      return Parity::all;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool NoticeParser::number_starts(Index i, Index end) const {
  if (i >= end) return false;
  if (is_number(i)) return true;
  return is(i, TokenKind::word) && parity_of(at(i).word).has_value();
}

// Reads ranges into item.numbers as long as they follow one another.
void NoticeParser::parse_numbers(Index& i, Index end, Item& item) {
  // 番禺路（单）：1号-207弄: a parity in brackets before the numbers leads them.
  Parity leading = Parity::all;  // holds until the next parity word: 双号：…
  if (item.numbers.size() == 1 && !item.numbers[0].from && !item.numbers[0].to && item.numbers[0].inside.empty() &&
      is_number(i)) {
    leading = item.numbers[0].parity;
    item.numbers.clear();
  }
  const std::size_t first = item.numbers.size();
  std::vector<bool> typed;  // whether a range names its unit
  while (i < end) {
    ++steps_;
    if (is(i, TokenKind::word) && parity_of(at(i).word)) {
      const Index word = i;
      leading = parity_of(at(i).word).value_or(Parity::all);
      take(i++);
      while (i < end && is(i, TokenKind::colon)) take(i++);
      if (i < end && is_word(i, Word::of)) take(i++);
      if (!(i < end && is_number(i))) {  // 梅东路双号: the whole side
        NumberRange side;
        side.parity = leading;
        side.span = span_of(word, i);
        if (at(word).word == Word::lane_odd || at(word).word == Word::lane_even) {
          NumberRange lane = side;
          side.parity = Parity::all;
          if (item.numbers.size() > first)
            item.numbers.back().inside.push_back(lane);
          else
            item.numbers.push_back(lane);
        } else {
          item.numbers.push_back(side);
        }
        leading = Parity::all;
      }
    } else if (is_number(i)) {
      std::optional<NumberRange> range = parse_range(i, end);
      if (!range) break;
      if (range->from && range->from->number == 0 && range->from->sub_form == geo::SubForm::after) {
        if (item.numbers.size() == first || !item.numbers.back().to) break;
        for (std::optional<geo::DoorNumber>* bound : {&range->from, &range->to})  // 105号之一、之二
          if (*bound) (*bound)->number = item.numbers.back().to->number;
      }
      if (range->parity == Parity::all) range->parity = leading;
      // 200弄1-17号、19号: numbers below the lane's own are within it, as the lane stands at its number on the street.
      NumberRange* lane = item.numbers.size() > first ? &item.numbers.back() : nullptr;
      if (lane != nullptr && !lane->inside.empty() && lane->from && range->from && range->unit == NumberUnit::door &&
          (lane->unit == NumberUnit::lane) && range->from->number < lane->from->number)
        lane->inside.push_back(std::move(*range));
      else
        item.numbers.push_back(std::move(*range));
    } else {
      break;
    }
    typed.resize(item.numbers.size() - first, range_typed_);
    parse_item_brackets(item, i, end);
    typed.resize(item.numbers.size() - first, true);
    while (i < end && is_word(i, Word::count)) take(i++);
    Index k = i;
    while (k < end && (is(k, TokenKind::pause) || is(k, TokenKind::comma) || is(k, TokenKind::blank) ||
                       is_word(k, Word::plus) || (in_bracket_[k] && is(k, TokenKind::stop))))
      ++k;
    if (!number_starts(k, end)) break;
    if (is_number(k) && k + 1 < end && is(k + 1, TokenKind::name) && at(k + 1).glued && !at(k).has_unit) break;
    for (Index t = i; t < k; ++t) take(t);
    i = k;
  }
  inherit_units(item.numbers, first, typed);
}

// One number or range.
std::optional<NumberRange> NoticeParser::parse_range(Index& i, Index end) {
  const Index first = i;
  NumberRange range;
  const auto read_end = [&](geo::DoorNumber& number, NumberUnit& unit) {
    const Token& token = at(i);
    number = token.number;
    unit = token.unit;
    if (token.kind == TokenKind::ordinal && token.number.sub != 0) number = token.number;
    take(i++);
  };
  geo::DoorNumber from;
  const bool from_unit = at(i).has_unit;
  range_typed_ = from_unit;
  read_end(from, range.unit);
  range.from = range.to = from;
  range.to_unit = range.unit;
  parse_range_inside(range, i, end);
  const bool dash = i + 1 < end && (is(i, TokenKind::dash) || is_word(i, Word::upto));
  if (dash && is_number(i + 1)) {
    const Token& to = at(i + 1);
    const bool is_sub = is(i, TokenKind::dash) && !from_unit && from.sub == 0 && to.number.sub == 0 &&
                        to.number.number < from.number && to.number.number > 0;
    take(i++);
    geo::DoorNumber last;
    NumberUnit unit = range.unit;
    const bool to_has_unit = at(i).has_unit;
    range_typed_ = from_unit || to_has_unit;
    read_end(last, unit);
    if (is_sub) {  // 38-1号
      range.from->sub = last.number;
      range.from->sub_form = geo::SubForm::dash;
      range.to = range.from;
      range.unit = range.to_unit = unit;
    } else {
      // 38号之一至五: the end is a sub-number of the same door.
      if (from.sub != 0 && from.sub_form == geo::SubForm::after && !to_has_unit && last.sub == 0) {
        const std::int32_t sub = last.number;
        last = from;
        last.sub = sub;
      }
      if (last.number == 0 && last.sub != 0) last.number = from.number;  // 附1号至附5号
      range.to = last;
      if (!from_unit) range.unit = unit;
      range.to_unit = to_has_unit ? unit : range.unit;
    }
  } else if (dash && i + 1 < end && is_word(i, Word::upto) && !is(i + 1, TokenKind::name)) {
    take(i++);
    range.to.reset();
  }
  parse_range_tail(range, i, end);
  range.span = span_of(first, i);
  return range;
}

// 209弄1号-23支弄, 1号大院之24-41号, 一期1至6幢, 7组3-4号: numbers that stand directly behind a lane, compound, phase,
// sector or group.
void NoticeParser::parse_range_inside(NumberRange& range, Index& i, Index end) {
  const bool holds = range.unit == NumberUnit::lane || range.unit == NumberUnit::compound ||
                     range.unit == NumberUnit::phase || range.unit == NumberUnit::sector ||
                     range.unit == NumberUnit::sublane || range.unit == NumberUnit::group;
  if (!holds || i >= end) return;
  Index k = i;
  if (is(k, TokenKind::name) && text_of(k) == "之") ++k;
  if (!is(k, TokenKind::number) || !at(k).glued || at(k).unit == range.unit) return;
  take(i, k);
  i = k;
  if (std::optional<NumberRange> inside = parse_range(i, end)) range.inside.push_back(std::move(*inside));
}

// 起, 止, 及以后, 单号 behind a number.
void NoticeParser::parse_range_tail(NumberRange& range, Index& i, Index end) {
  while (i < end && is(i, TokenKind::word)) {
    const Word word = at(i).word;
    const bool closed = range.to && range.from && !(*range.from == *range.to);
    if (word == Word::from_on && !closed) {
      range.to.reset();
    } else if (word == Word::until && !closed) {
      range.from.reset();
    } else if (word == Word::ours_above && !closed) {  // 10号以上
      range.to.reset();
    } else if (parity_of(word)) {
      // 双号 before the next number leads it: 1号、双号2-8.
      if (i + 1 < end && is_number(i + 1)) return;
      const Parity parity = *parity_of(word);
      // 2邻的双号: of the doors in it, as a group's own number has no side.
      const bool doors = range.unit == NumberUnit::group && range.inside.empty() && !closed;
      if (doors) {
        NumberRange inside;
        inside.parity = parity;
        inside.span = span_of(i, i + 1);
        range.inside.push_back(inside);
      } else if ((word == Word::lane_odd || word == Word::lane_even) && !range.inside.empty()) {
        range.inside.back().parity = parity;
      } else if (word == Word::lane_odd || word == Word::lane_even) {
        NumberRange inside;
        inside.parity = parity;
        inside.span = span_of(i, i + 1);
        range.inside.push_back(inside);
      } else {
        range.parity = parity;
      }
    } else if (word == Word::of && i + 1 < end && is(i + 1, TokenKind::word) && parity_of(at(i + 1).word)) {
      // 201号至275号的单号
    } else {
      return;
    }
    take(i++);
  }
}

// 10、11、12鄰: a number without a unit has that of the next one that has.
void NoticeParser::inherit_units(std::vector<NumberRange>& ranges, std::size_t first, const std::vector<bool>& typed) {
  for (std::size_t k = ranges.size(); k-- > first + 1;) {
    NumberRange& before = ranges[k - 1];
    const NumberRange& next = ranges[k];
    if (typed[k - 1 - first] || next.unit == NumberUnit::door || !before.from) continue;
    if (before.parity != Parity::all) continue;
    before.unit = before.to_unit = next.unit;
  }
  for (std::size_t k = first; k < ranges.size(); ++k)  // A、B区: letters are the sector's number
    if (ranges[k].unit == NumberUnit::sector)
      for (std::optional<geo::DoorNumber>* end : {&ranges[k].from, &ranges[k].to})
        if (*end && (*end)->sub_form == geo::SubForm::letter && (*end)->sub == 0) (*end)->sub_form = geo::SubForm::none;
}

}  // namespace catchment::engine::zone_text
