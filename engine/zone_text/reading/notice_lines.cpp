// Boundaries: 文化路、秦陵南路以南, 自由路及其向东延伸线, 中原路（东段）, 建设路以北（含路两侧）.
#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

namespace {

bool is_line_class(NameClass what) {
  return what == NameClass::road || what == NameClass::railway || what == NameClass::river ||
         what == NameClass::boundary || what == NameClass::wall || what == NameClass::landmark;
}

Section section_of(const std::optional<Compass>& compass) {
  if (!compass) return Section::middle;
  switch (*compass) {
    case Compass::north:
      return Section::north;
    case Compass::east:
      return Section::east;
    case Compass::south:
      return Section::south;
    default:
      return Section::west;
  }
}

std::vector<Compass> compasses_of(const std::string& text) {
  std::vector<Compass> out;
  static constexpr std::string_view kWords[] = {"东", "西", "南", "北"};
  static constexpr Compass kCompasses[] = {Compass::east, Compass::west, Compass::south, Compass::north};
  for (std::size_t i = 0; i + 3 <= text.size(); i += 3) {
    bool found = false;
    for (std::size_t k = 0; k < 4; ++k)
      if (text.compare(i, 3, kWords[k]) == 0) out.push_back(kCompasses[k]), found = true;
    if (!found) return {};
  }
  return out;
}

void strip_end(std::string& text, std::string_view end) {
  if (text.ends_with(end) && text.size() > end.size()) text.resize(text.size() - end.size());
}

}  // namespace

// From the right: 2 at 以西 itself and what may stand between a name and it, 1 where a boundary begins that ends there.
void NoticeParser::find_halves() {
  const auto count = static_cast<Index>(list_.tokens.size());
  half_.assign(count, 0);
  for (Index i = count - 1; i-- > 0;) {
    ++steps_;
    const Token& token = at(i);
    const Index after = is(i + 1, TokenKind::open) ? at(i + 1).partner + 1 : i + 1;
    const std::uint8_t next = after < count ? half_[after] : std::uint8_t{0};
    const bool name_next = after < count && (is(after, TokenKind::name) || is(after, TokenKind::number));
    switch (token.kind) {
      case TokenKind::word:
        if (token.word == Word::side_of)
          half_[i] = 2;
        else if (token.word == Word::section || token.word == Word::extension || token.word == Word::centre ||
                 token.word == Word::stretch || token.word == Word::along)
          half_[i] = next == 2 || (next == 3) ? 2 : 0;
        else if (token.word == Word::plus || token.word == Word::join || token.word == Word::upto)
          half_[i] = next == 0 ? 0 : 3;
        else if (token.word == Word::toward)
          half_[i] = next == 0 ? 0 : 3;
        break;
      case TokenKind::pause:
      case TokenKind::dash:
        half_[i] = next == 3 && is_word(after, Word::toward) ? 3
                   : next == 1 && name_next                  ? (token.kind == TokenKind::pause ? 4 : 3)
                                                             : 0;
        break;
      case TokenKind::name: {
        const bool untyped = token.what == NameClass::untyped;
        const bool glued = after == i + 1 && name_next && at(after).glued;
        if (next == 2 ||
            (next == 3 &&
             (is_line_class(token.what) || untyped || is(after, TokenKind::dash) || is_word(after, Word::plus))) ||
            (next == 4 && is_line_class(token.what)) || (next == 1 && glued))
          half_[i] = 1;
        break;
      }
      case TokenKind::number:
        half_[i] = next == 2 ? 1 : 0;
        break;
      default:
        break;
    }
  }
}

LineKind NoticeParser::line_kind(NameClass what, const std::string& text) {
  switch (what) {
    case NameClass::railway:
      return LineKind::railway;
    case NameClass::river:
      return LineKind::river;
    case NameClass::boundary:
    case NameClass::district:
    case NameClass::town:
    case NameClass::community:
    case NameClass::village:
      return text.ends_with("界")          ? LineKind::boundary
             : what == NameClass::boundary ? LineKind::boundary
                                           : LineKind::other;
    case NameClass::wall:
      return LineKind::wall;
    case NameClass::road:
      return LineKind::road;
    case NameClass::untyped:
      return text.ends_with("路") || text.ends_with("街") ? LineKind::road : LineKind::other;
    default:
      return LineKind::other;
  }
}

// One named line, with what is said of it: section, stretch, extension, other names.
std::optional<Line> NoticeParser::parse_line(Index& i, Index end) {
  if (i >= end || (!is(i, TokenKind::name) && !is(i, TokenKind::number))) return std::nullopt;
  const Index first = i;
  NameClass what = NameClass::untyped;
  // 柳湾社区云杉路以西: the community is where the region lies, not part of the road's name.
  while (i + 1 < end && half_[first] == 1 && is(i, TokenKind::name) &&
         level_of(at(i).what) <= level_of(NameClass::village) && is(i + 1, TokenKind::name) && at(i + 1).glued &&
         at(i + 1).what == NameClass::road) {
    line_within_.push_back(name_of(i));
    take(i++);
  }
  const Index begin = i;
  do {
    if (is(i, TokenKind::name)) what = at(i).what;
    take(i++);
  } while (i < end && (is(i, TokenKind::name) || is(i, TokenKind::number)) && at(i).glued);
  // 裕华区区域东界: 区域 within a name.
  if (i + 1 < end && is_word(i, Word::area) && is_name(i + 1, NameClass::boundary)) {
    take(i, i + 2);
    i += 2;
    what = NameClass::boundary;
  }
  Line line;
  line.name = {text_between(begin, i), span_of(begin, i)};
  line.kind = line_kind(what, line.name.text);
  if (line.kind == LineKind::boundary) {
    strip_end(line.name.text, "边界");
    strip_end(line.name.text, "界");
    for (const auto& [word, section] : {std::pair{"东", Section::east}, std::pair{"西", Section::west},
                                        std::pair{"南", Section::south}, std::pair{"北", Section::north}})
      if (line.name.text.ends_with(word) && line.name.text.size() > 6) {
        strip_end(line.name.text, word);
        line.section = section;
        break;
      }
    strip_end(line.name.text, "区域");
  }
  parse_line_suffixes(line, i, end);
  return line;
}

void NoticeParser::parse_line_suffixes(Line& line, Index& i, Index end) {
  while (i < end) {
    ++steps_;
    if (is_word(i, Word::section)) {
      line.section = section_of(at(i).compass);
      take(i++);
      continue;
    }
    if (is_word(i, Word::centre) || (is_word(i, Word::of) && i + 1 < end && is_word(i + 1, Word::centre))) {
      take(i++);
      continue;
    }
    if (is(i, TokenKind::open)) {
      const Index open = i;
      if (!parse_line_bracket(line, i)) {
        i = open;
        return;
      }
      continue;
    }
    Index k = i;
    std::vector<Compass> ways;
    while (k < end && (is_word(k, Word::plus) || is_word(k, Word::toward) || (k > i && is(k, TokenKind::pause)) ||
                       (k > i && is(k, TokenKind::name) && !compasses_of(text_of(k)).empty()))) {
      if (is(k, TokenKind::name))
        for (const Compass way : compasses_of(text_of(k))) ways.push_back(way);
      ++k;
    }
    if (k < end && !ways.empty() && is_word(k, Word::extension)) {
      line.extended.insert(line.extended.end(), ways.begin(), ways.end());
      take(i, k + 1);
      i = k + 1;
      continue;
    }
    if (k < end && k > i && is_word(k, Word::extension)) {
      take(i, k + 1);
      i = k + 1;
      continue;
    }
    return;
  }
}

// （东段）, （A路至B路区间段）, （北二环）.
bool NoticeParser::parse_line_bracket(Line& line, Index& i) {
  const Index close = at(i).partner;
  const Index first = i + 1;
  if (close == first + 1 && is_word(first, Word::section)) {
    line.section = section_of(at(first).compass);
    take(i, close + 1);
    i = close + 1;
    return true;
  }
  Index k = first;
  std::vector<Name> names;
  bool range = false;
  while (k < close && is(k, TokenKind::name)) {
    const Index begin = k;
    while (k < close && (is(k, TokenKind::name) || (k > begin && is(k, TokenKind::number))) &&
           (k == begin || at(k).glued))
      ++k;
    names.push_back({text_between(begin, k), span_of(begin, k)});
    if (k < close && (is_word(k, Word::upto) || is(k, TokenKind::dash))) {
      range = true;
      ++k;
    } else if (k < close && is(k, TokenKind::pause)) {
      ++k;
    }
  }
  while (k < close && (is_word(k, Word::stretch) || is_word(k, Word::of))) ++k;
  if (k != close || names.empty()) return false;
  if (range && names.size() == 2) {
    line.from = names[0];
    line.to = names[1];
  } else if (!range) {
    line.also.insert(line.also.end(), names.begin(), names.end());
  } else {
    return false;
  }
  take(i, close + 1);
  i = close + 1;
  return true;
}

LineExpr NoticeParser::parse_line_expr(Index& i, Index end, std::vector<Frontage>& frontages) {
  LineExpr expr;
  const Index first = i;
  Index last = i;
  while (i < end) {
    std::optional<Line> line = parse_line(i, end);
    if (!line) break;
    expr.lines.push_back(std::move(*line));
    last = i;
    if (i < end && is(i, TokenKind::open) && !is_word(i + 1, Word::contains) && !is_word(i + 1, Word::exclude)) break;
    if (i < end && is(i, TokenKind::open)) {
      Side side;  // brackets within a chain: 拥军路（含某部队）
      parse_side_brackets(side, i, end);
      for (Frontage& frontage : side.frontages) frontages.push_back(std::move(frontage));
      last = i;
    }
    const bool joined = i + 1 < end && (is(i, TokenKind::pause) || is(i, TokenKind::dash) || is_word(i, Word::plus) ||
                                        is_word(i, Word::join) || is_word(i, Word::upto));
    if (!joined || !is(i + 1, TokenKind::name) || (half_[first] == 1 && half_[i + 1] != 1)) break;
    take(i++);
  }
  // 北四合窑—南四合窑路: the last line's suffix holds for those before it that have none.
  if (expr.lines.size() > 1)
    for (Line& line : expr.lines)
      if (line.kind == LineKind::other && expr.lines.back().kind == LineKind::road && !line.name.text.ends_with("路") &&
          half_[first] == 1 && is(first, TokenKind::name) && at(first).what == NameClass::untyped &&
          &line == &expr.lines.front())
        line.name.text += expr.lines.back().name.text.ends_with("街") ? "街" : "路";
  expr.span = span_of(first, last);
  return expr;
}

// （含该路北侧）, （含路两侧）, （不含建设路）, （含二环道）.
std::optional<Frontage> NoticeParser::parse_frontage(Index open, const LineExpr& expr) {
  const Index close = at(open).partner;
  Index k = open + 1;
  if (k >= close || (!is_word(k, Word::contains) && !is_word(k, Word::exclude))) return std::nullopt;
  Frontage frontage;
  frontage.kind = is_word(k, Word::exclude) ? FrontageKind::excluded : FrontageKind::included;
  frontage.span = span_of(open, close + 1);
  ++k;
  const std::string text = text_between(k, close);
  const bool both = find_word(k, close, Word::both_sides) < close;
  if (both && frontage.kind == FrontageKind::included) {
    frontage.kind = FrontageKind::both_sides;
    if (is(k, TokenKind::name) && is_line_class(at(k).what) && !text.starts_with("该") && !text.starts_with("本") &&
        !text.starts_with("路") && !text.starts_with("街") && !text.starts_with("道路"))
      frontage.line = parse_line(k, close);
    take(open, close + 1);
    return frontage;
  }
  for (const auto& [word, side] : {std::pair{"东侧", Compass::east}, std::pair{"西侧", Compass::west},
                                   std::pair{"南侧", Compass::south}, std::pair{"北侧", Compass::north}})
    if (text.ends_with(word) && close - k <= 3 && frontage.kind == FrontageKind::included) {
      frontage.kind = FrontageKind::one_side;
      frontage.side = side;
      take(open, close + 1);
      return frontage;
    }
  if (text == "该路" || text == "该街" || text == "本路" || text == "本街" || text == "此路" || text == "路" ||
      text == "街") {
    take(open, close + 1);
    return frontage;
  }
  if (!is(k, TokenKind::name) || !is_line_class(at(k).what)) return std::nullopt;
  (void)expr;
  Index after = k;
  std::optional<Line> line = parse_line(after, close);
  if (after != close) return std::nullopt;
  frontage.line = std::move(line);
  take(open, close + 1);
  return frontage;
}

void NoticeParser::parse_side_brackets(Side& side, Index& i, Index end) {
  while (i < end && is(i, TokenKind::open)) {
    const Index close = at(i).partner;
    if (std::optional<Frontage> frontage = parse_frontage(i, side.line)) {
      side.frontages.push_back(std::move(*frontage));
    } else {
      Index inside = i + 1;
      std::optional<Modifier> modifier = parse_condition(inside, close);
      if (!modifier) return;
      modifier->span = span_of(i, close + 1);
      take(i);
      take(close);
      loose_.push_back(std::move(*modifier));
    }
    i = close + 1;
  }
}

// 二七路以西, 兴工路沿线及以北, 西丽路及西丽路以西.
std::optional<Side> NoticeParser::parse_half(Index& i, Index end) {
  if (i >= end || !half_at(i)) return std::nullopt;
  const Index first = i;
  Side side;
  side.line = parse_line_expr(i, end, side.frontages);
  if (side.line.lines.size() == 2 && side.line.lines[0].name.text == side.line.lines[1].name.text) {
    side.line.lines.erase(side.line.lines.begin());
    side.along = true;
  }
  while (i < end && (is_word(i, Word::along) || is_word(i, Word::plus))) {
    if (is_word(i, Word::along)) side.along = true;
    take(i++);
  }
  parse_side_brackets(side, i, end);
  if (i < end && is_word(i, Word::side_of)) {
    side.direction = at(i).compass;
    take(i++);
    if (i < end && is(i, TokenKind::name) && text_of(i) == "段") take(i++);
  }
  parse_side_brackets(side, i, end);
  side.span = span_of(first, i);
  return side;
}

}  // namespace catchment::engine::zone_text
