// Regions: half-planes, labelled sides, four bounds, pairs, rings, walks, and what runs along a line.
#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

namespace {

bool bounds_class(NameClass what) {
  return what == NameClass::road || what == NameClass::railway || what == NameClass::river ||
         what == NameClass::boundary || what == NameClass::wall || what == NameClass::landmark;
}

}  // namespace

std::optional<NoticeParser::Index> NoticeParser::parse_region(Index i, Index end) {
  if (const auto next = parse_walk(i, end)) return next;
  if (const auto next = parse_ring(i, end)) return next;
  if (half_at(i)) return parse_half_planes(i, end);
  if (const auto next = parse_pairs(i, end)) return next;
  return std::nullopt;
}

// 东边：…；西边：… or 东至…，西至…, over as many sentences as carry labels.
NoticeParser::Index NoticeParser::parse_labelled_sides(Index i) {
  const Index first = i;
  const auto count = static_cast<Index>(list_.tokens.size()) - 1;
  Region region;
  region.form = RegionForm::four_bounds;
  Index last = i;
  while (i < count && is(i, TokenKind::side_label)) {
    const Compass label = *at(i).compass;
    take(i++);
    parse_labelled_side(region, label, i, sentence_end(i, count));
    last = i;
    Index k = i;
    while (k < count && is_separator(k)) ++k;
    if (k >= count || !is(k, TokenKind::side_label)) break;
    i = k;
  }
  for (const Side& side : region.sides)
    if (side.direction || side.part != Section::whole) region.form = RegionForm::side_labels;
  Clause clause;
  clause.what = std::move(region);
  const Index after = region_tail(clause, last, sentence_end(last, count));
  add_clause(first, std::max(after, last), std::move(clause));
  return std::max(after, last);
}

// What stands behind one label: lines and half-planes, in parts of the side (西段，…；东段，…).
void NoticeParser::parse_labelled_side(Region& region, Compass label, Index& i, Index end) {
  const auto count = static_cast<Index>(list_.tokens.size()) - 1;
  Section part = Section::whole;
  while (i < count) {
    ++steps_;
    if (is_word(i, Word::section)) {
      const auto compass = at(i).compass;
      part = !compass                     ? Section::middle
             : *compass == Compass::north ? Section::north
             : *compass == Compass::east  ? Section::east
             : *compass == Compass::south ? Section::south
                                          : Section::west;
      take(i++);
      while (i < count && (is(i, TokenKind::comma) || is(i, TokenKind::colon))) ++i;
      end = sentence_end(i, count);
    }
    const Index first = i;
    std::optional<Side> side;
    if (half_at(i)) {
      side = parse_half(i, end);
    } else if (is(i, TokenKind::name) || is(i, TokenKind::number)) {
      side.emplace();
      side->line = parse_line_expr(i, end, side->frontages);
      if (i < end && is_word(i, Word::as_border)) take(i++);
      parse_side_brackets(*side, i, end);
    }
    if (!side) return;
    side->label = label;
    side->part = part;
    side->span = span_of(first, i);
    // 二七路以西及铭功路北段以西: one boundary of two lines.
    Side* before = region.sides.empty() ? nullptr : &region.sides.back();
    if (before != nullptr && before->label == side->label && before->part == side->part &&
        before->direction == side->direction) {
      for (Line& line : side->line.lines) before->line.lines.push_back(std::move(line));
      for (Frontage& frontage : side->frontages) before->frontages.push_back(std::move(frontage));
      before->line.span.end = side->line.span.end;
      before->span.end = side->span.end;
      before->along = before->along || side->along;
    } else {
      region.sides.push_back(std::move(*side));
    }
    if (i < end && (is_word(i, Word::plus) || is(i, TokenKind::pause) || is(i, TokenKind::comma)) && i + 1 < end &&
        half_at(i + 1)) {
      if (is_word(i, Word::plus)) take(i);
      ++i;
      continue;
    }
    Index k = i;
    while (k < count && is_separator(k)) ++k;
    if (k < count && k > i && is_word(k, Word::section)) {
      i = k;
      continue;
    }
    return;
  }
}

// A以西，B以东、C以北和D以南的区域.
NoticeParser::Index NoticeParser::parse_half_planes(Index i, Index end) {
  const Index first = i;
  Region region;
  Index last = i;
  while (i < end) {
    const bool joined = i > first && is_word(i - 1, Word::plus);
    std::optional<Side> side = parse_half(i, end);
    if (!side) break;
    for (Name& name : line_within_) region.within.push_back(std::move(name));
    line_within_.clear();
    last = i;
    if (region.sides.empty() && i < end && is_word(i, Word::upto)) return parse_along(first, i, end, std::move(*side));
    Side* before = region.sides.empty() ? nullptr : &region.sides.back();
    if (joined && before->direction == side->direction) {
      for (Line& line : side->line.lines) before->line.lines.push_back(std::move(line));
      for (Frontage& frontage : side->frontages) before->frontages.push_back(std::move(frontage));
      before->line.span.end = side->line.span.end;
      before->span.end = side->span.end;
    } else {
      region.sides.push_back(std::move(*side));
    }
    Index k = i;
    while (k < end &&
           (is(k, TokenKind::comma) || is(k, TokenKind::pause) || is(k, TokenKind::blank) || is_word(k, Word::plus)))
      ++k;
    if (k >= end || !half_at(k)) break;
    take(i, k);
    i = k;
  }
  Clause clause;
  clause.what = std::move(region);
  const Index after = region_tail(clause, last, end);
  if (after < end && !is_separator(after) && !is_word(after, Word::plus) && !is_word(after, Word::as_border) &&
      !item_name_holds(after)) {  // words nobody reads are glued to it: they may narrow it
    const Index stop = piece_end(after, end);
    loose_.clear();
    untake(first, stop);
    return stop;
  }
  add_clause(first, after, std::move(clause));
  return after;
}

// Behind a region: 的区域, 范围内的五山街, and who of those who live there.
NoticeParser::Index NoticeParser::region_tail(Clause& clause, Index i, Index end) {
  const bool within = i < end && find_word(i, std::min(end, i + 3), Word::within) < std::min(end, i + 3);
  const bool of_name = i + 1 < end && is_word(i, Word::of) && is(i + 1, TokenKind::name) && item_name_holds(i + 1);
  i = absorb_tail(i, end);
  auto& region = std::get<Region>(clause.what);
  if (within || of_name)
    while (i < end && is(i, TokenKind::name)) {
      region.within.push_back(name_of(i));
      take(i++);
      if (i + 1 < end && is(i, TokenKind::pause) && is(i + 1, TokenKind::name)) ++i;
    }
  for (Index before = end; i < end && i != before;) {
    before = i;
    i = absorb_tail(i, end);
    if (i >= end || is_separator(i)) break;
    const bool open = is(i, TokenKind::open);
    Index inside = open ? i + 1 : i;
    const Index stop = open ? at(i).partner : end;
    if (open && parse_region_joint(i)) {
      i = stop + 1;
    } else if (open || is_word(i, Word::exclude) || is_word(i, Word::only) || is_word(i, Word::contains) ||
               is_word(i, Word::except_open)) {
      std::optional<Modifier> modifier = parse_condition(inside, stop);
      if (!modifier) break;
      if (open) take(i), take(stop);
      clause.modifiers.push_back(std::move(*modifier));
      i = open ? stop + 1 : inside;
    } else if (std::optional<Household> household = parse_household(i, household_end(i, end))) {
      i = household_end(i, end);
      clause.households.push_back(std::move(*household));
    } else if (std::optional<Modifier> modifier = parse_words_modifier(i, end)) {
      clause.modifiers.push_back(std::move(*modifier));
      i = skip_taken_;
    }
  }
  return i;
}

// 以“A街与B路交汇处往南至C街，再往西至D路口”一线为界，…以西.
std::optional<NoticeParser::Index> NoticeParser::parse_walk(Index i, Index end) {
  const Index border = find_word(i, end, Word::as_border);
  if (border >= end || !has_word(i, border, {Word::toward, Word::crossing})) return std::nullopt;
  const Index first = i;
  Side side;
  while (i < border && !is(i, TokenKind::name)) take(i++);
  const Index lines = i;
  while (i < border && !is_word(i, Word::crossing) && !is_word(i, Word::toward)) {
    if (std::optional<Line> line = parse_line(i, border))
      side.line.lines.push_back(std::move(*line));
    else if (is_word(i, Word::plus) || is_separator(i))
      take(i++);
    else
      break;
  }
  if (i < border && is_word(i, Word::crossing)) take(i++);
  while (i < border) {
    while (i < border && (is_separator(i) || is_word(i, Word::join) || is_word(i, Word::inside))) ++i;
    if (i >= border) break;
    const Index before = i;
    WalkStep step = parse_walk_step(i, border);
    if (i == before) break;
    side.line.steps.push_back(std::move(step));
  }
  side.line.span = span_of(lines, border);
  take(border, border + 1);
  i = border + 1;
  while (i < end && is_word(i, Word::as_border)) take(i++);
  // 招收该线以西: the side stands behind.
  const Index side_of = find_word(i, std::min(end, i + 8), Word::side_of);
  if (side_of < end && side_of < i + 8) {
    take(i, side_of + 1);
    side.direction = at(side_of).compass;
    i = side_of + 1;
  }
  side.span = span_of(first, i);
  Region region;
  region.sides.push_back(std::move(side));
  Clause clause;
  clause.what = std::move(region);
  i = region_tail(clause, i, end);
  add_clause(first, i, std::move(clause));
  return i;
}

// 再往西至D路口; 沿E大街往西至F路.
WalkStep NoticeParser::parse_walk_step(Index& i, Index end) {
  WalkStep step;
  const Index first = i;
  if (is(i, TokenKind::name) && text_of(i) == "再") take(i++);
  if (i < end && is_word(i, Word::along_open)) {
    take(i++);
    step.along = parse_line(i, end);
  }
  if (i < end && is_word(i, Word::toward)) {
    take(i++);
    if (i < end && is(i, TokenKind::name)) step.heading = compass_of(list_.source.chars[at(i).begin]);
    if (step.heading) take(i++);
  }
  if (i < end && is_word(i, Word::upto)) take(i++);
  if (std::optional<Line> line = parse_line(i, end))
    step.to = std::move(*line);
  else
    i = step.along ? i : first;
  return step;
}

// 由A路、B路、C河围合的区域; A路—B路接C路—D路所围成的区域.
std::optional<NoticeParser::Index> NoticeParser::parse_ring(Index i, Index end) {
  const Index close = find_word(i, end, Word::enclosed);
  if (close >= end || has_word(i, close, {Word::side_of})) return std::nullopt;
  const Index first = i;
  if (is_word(i, Word::enclose_open)) take(i++);
  if (!is(i, TokenKind::name)) return std::nullopt;
  Region region;
  region.form = RegionForm::ring;
  while (i < close) {
    Side side;
    const Index begin = i;
    while (i < close) {
      std::optional<Line> line = parse_line(i, close);
      if (!line) break;
      side.line.lines.push_back(std::move(*line));
      parse_side_brackets(side, i, close);
      if (i + 1 < close && (is_word(i, Word::join) || is_word(i, Word::upto)) && is(i + 1, TokenKind::name)) {
        take(i++);
        continue;
      }
      break;
    }
    if (side.line.lines.empty()) break;
    side.span = side.line.span = span_of(begin, i);
    region.sides.push_back(std::move(side));
    while (i < close && (is(i, TokenKind::dash) || is_separator(i) || is_word(i, Word::plus))) take(i++);
  }
  take(close);
  Clause clause;
  clause.what = std::move(region);
  const Index after = region_tail(clause, close + 1, end);
  add_clause(first, after, std::move(clause));
  return after;
}

// A街至B街，C路至D路: two opposite pairs.
std::optional<NoticeParser::Index> NoticeParser::parse_pairs(Index i, Index end) {
  const auto line_at = [&](Index k) { return k < end && is(k, TokenKind::name) && bounds_class(at(k).what); };
  const auto pair_at = [&](Index k) {
    return line_at(k) && k + 2 < end && (is_word(k + 1, Word::upto) || is(k + 1, TokenKind::dash)) && line_at(k + 2);
  };
  if (!pair_at(i) || !(i + 4 <= end) ||
      !(i + 3 < end && (is(i + 3, TokenKind::comma) || is(i + 3, TokenKind::pause))) || !pair_at(i + 4))
    return std::nullopt;
  Region region;
  region.form = RegionForm::pairs;
  const Index first = i;
  for (const Index k : {i, i + 2, i + 4, i + 6}) {
    Side side;
    Index after = k;
    if (std::optional<Line> line = parse_line(after, k + 1)) side.line.lines.push_back(std::move(*line));
    side.span = side.line.span = span_of(k, k + 1);
    region.sides.push_back(std::move(side));
  }
  take(i, i + 7);
  Clause clause;
  clause.what = std::move(region);
  const Index after = region_tail(clause, i + 7, end);
  add_clause(first, after, std::move(clause));
  return after;
}

// 西丽路及西丽路以西至西环路包括华侨城、侨宫苑等整片区. 至 stands at i.
NoticeParser::Index NoticeParser::parse_along(Index first, Index i, Index end, Side first_side) {
  Region region;
  region.form = RegionForm::along;
  region.sides.push_back(std::move(first_side));
  while (i < end && is_word(i, Word::upto)) {
    take(i++);
    Side side;
    const Index begin = i;
    side.line = parse_line_expr(i, end, side.frontages);
    side.span = span_of(begin, i);
    if (side.line.lines.empty()) break;
    region.sides.push_back(std::move(side));
  }
  Clause clause;
  clause.what = std::move(region);
  if (i < end && is_word(i, Word::contains)) {
    take(i++);
    Modifier modifier;
    modifier.kind = ModifierKind::contains;
    const Index begin = i;
    modifier.items = parse_items(i, end, false);
    modifier.span = span_of(begin, i);
    clause.modifiers.push_back(std::move(modifier));
  }
  const Index after = region_tail(clause, i, end);
  if (after < end && !is_separator(after) && !is_word(after, Word::plus) && !item_name_holds(after)) {
    const Index stop = piece_end(after, end);
    loose_.clear();
    untake(first, stop);
    return stop;
  }
  add_clause(first, after, std::move(clause));
  return after;
}

}  // namespace catchment::engine::zone_text
