// What brackets and conditions say: 151号除外, 只招…, 含…, 原…, 集体户口除外, 部分, 已拆迁.
#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

namespace {

constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kLongestCondition = 60;  // characters of a household condition

struct HouseholdWord {
  std::string_view text;
  HouseholdKind kind;
};
// The first that the text contains decides.
constexpr HouseholdWord kHouseholds[] = {
    {"非市区居民户口", HouseholdKind::non_urban_hukou},
    {"非城镇户口", HouseholdKind::non_urban_hukou},
    {"非城镇居民", HouseholdKind::non_urban_hukou},
    {"农业户口", HouseholdKind::non_urban_hukou},
    {"市区居民户口", HouseholdKind::urban_hukou},
    {"城镇居民户口", HouseholdKind::urban_hukou},
    {"城镇户口", HouseholdKind::urban_hukou},
    {"城市户口", HouseholdKind::urban_hukou},
    {"人户一致", HouseholdKind::hukou_residence},
    {"原村民", HouseholdKind::native_villager},
    {"旧村民", HouseholdKind::native_villager},
    {"旧居民", HouseholdKind::native_villager},
    {"原居民", HouseholdKind::native_villager},
    {"村民子女", HouseholdKind::native_villager},
    {"村民子弟", HouseholdKind::native_villager},
    {"集体户", HouseholdKind::collective_hukou},
    {"教职工子女", HouseholdKind::employee_child},
    {"职工子弟", HouseholdKind::employee_child},
    {"职工子女", HouseholdKind::employee_child},
    {"员工子女", HouseholdKind::employee_child},
    {"进城务工人员随迁子女", HouseholdKind::migrant_child},
    {"务工人员随迁子女", HouseholdKind::migrant_child},
    {"随迁子女", HouseholdKind::migrant_child},
    {"部队军人子女", HouseholdKind::military_child},
    {"军人子女", HouseholdKind::military_child},
    {"租购同权", HouseholdKind::renter},
    {"户籍属", HouseholdKind::police_district},
    {"户口属", HouseholdKind::police_district},
    {"户籍", HouseholdKind::local_hukou},
    {"户口", HouseholdKind::local_hukou},
    {"设籍", HouseholdKind::local_hukou},
    {"居民子女", HouseholdKind::other},
};

void strip(std::string& text, std::string_view begin, bool at_end) {
  if (!at_end && text.starts_with(begin)) text.erase(0, begin.size());
  if (at_end && text.ends_with(begin)) text.resize(text.size() - begin.size());
}

}  // namespace

void NoticeParser::parse_item_brackets(Item& item, Index& i, Index end) {
  while (i < end && is(i, TokenKind::open)) {
    const Index close = at(i).partner;
    if (depth_ >= kMaxDepth || has_word(i + 1, close, {Word::shared, Word::zone_of})) return;
    const bool area = item.kind == ItemKind::community || item.kind == ItemKind::village;
    if (area && depth_ == 0 && only_schools(i)) return;  // shared with them
    ++depth_;
    parse_item_bracket(item, i);
    for (Index k = i + 1; k < close; ++k)
      if (!used_[k] && (is(k, TokenKind::name) || is(k, TokenKind::number) || is(k, TokenKind::ordinal) ||
                        is(k, TokenKind::word) || is(k, TokenKind::other))) {
        item.modifiers.push_back(doubt_of(i));
        break;
      }
    --depth_;
    take(i);
    take(close);
    i = close + 1;
  }
}

// A bracket that cannot be read whole may deny or narrow anything.
Modifier NoticeParser::doubt_of(Index open) const {
  Modifier modifier;
  modifier.kind = ModifierKind::partial;
  modifier.span = span_of(open, at(open).partner + 1);
  return modifier;
}

// Everything in one bracket behind an item: numbers, conditions, names; what is none of these stays untaken.
void NoticeParser::parse_item_bracket(Item& item, Index open) {
  const Index close = at(open).partner;
  Index i = open + 1;
  while (i < close) {
    ++steps_;
    if (is_separator(i) || is(i, TokenKind::colon)) {
      ++i;
      continue;
    }
    if (is_word(i, Word::whole)) {
      take(i++);
      continue;
    }
    const Index before = i;
    if (std::optional<Modifier> modifier = parse_condition(i, close)) {
      const bool doubt = modifier->kind == ModifierKind::partial || modifier->kind == ModifierKind::vague;
      item.modifiers.push_back(std::move(*modifier));
      if (doubt) {  // （部分楼栋）
        const Index to = piece_end(i, close);
        take(i, to);
        i = to;
      }
      continue;
    }
    if (number_starts(i, close)) {
      // （内单号）: of the numbers read last, else of the item.
      const bool parity_only = is(i, TokenKind::word);
      if (parity_only && !item.numbers.empty() && !is_number(i + 1 < close ? i + 1 : i)) {
        NumberRange& range = item.numbers.back();
        const bool of_lane = is_word(i, Word::lane_odd) || is_word(i, Word::lane_even);
        parse_range_tail(range.inside.empty() || of_lane ? range : range.inside.back(), i, close);
      } else if (!item.numbers.empty() && !item.numbers.back().inside.empty()) {
        break;
      } else if (!item.numbers.empty() &&
                 (item.numbers.back().unit == NumberUnit::compound || item.numbers.back().unit == NumberUnit::lane)) {
        Item inner;
        parse_numbers(i, close, inner);
        item.numbers.back().inside = std::move(inner.numbers);
      } else {
        parse_numbers(i, close, item);
      }
      if (i > before) continue;
    }
    if (half_at(i)) {  // 三仙里（民治路以南）: only what lies there
      Modifier modifier;
      modifier.kind = ModifierKind::only;
      while (i < close && half_at(i)) {
        if (std::optional<Side> side = parse_half(i, close)) modifier.sides.push_back(std::move(*side));
        while (i < close && (is_separator(i) || is_word(i, Word::plus))) take(i++);
      }
      modifier.span = span_of(before, i);
      item.modifiers.push_back(std::move(modifier));
      continue;
    }
    // 大北路（A路至B路区间段）
    const Index stretch = find_word(i, close, Word::stretch);
    if (stretch < close && is(i, TokenKind::name)) {
      Line line;
      line.name = item.name;
      line.kind = LineKind::road;
      Index bracket = open;
      if (before == open + 1 && parse_line_bracket(line, bracket)) {
        Modifier modifier;
        modifier.kind = ModifierKind::only;
        Side side;
        side.line.lines.push_back(std::move(line));
        side.span = side.line.span = span_of(open, close + 1);
        modifier.sides.push_back(std::move(side));
        modifier.span = span_of(open, close + 1);
        item.modifiers.push_back(std::move(modifier));
        return;
      }
    }
    std::vector<Item> items = parse_items(i, close, false);
    if (items.empty()) return;
    Modifier modifier;
    if (glosses(item, open, items)) {
      modifier.span = span_of(before, i);
      item.modifiers.push_back(std::move(modifier));
      continue;
    }
    const bool resettled = item.name.text.ends_with("安置区") || item.name.text.ends_with("安置房") ||
                           item.name.text.ends_with("安置小区");
    const bool unit_word =
        items.size() == 1 && !item.numbers.empty() && unit_at(text32(before, i)).length == text32(before, i).size();
    const bool other_name =
        unit_word || (items.size() == 1 && items[0].numbers.empty() && items[0].path.size() <= item.path.size() &&
                      (items[0].kind == item.kind || item.kind == ItemKind::unknown) && item.numbers.empty());
    if (resettled) {
      modifier.kind = ModifierKind::household;
      for (const Item& village : items)
        modifier.households.push_back({HouseholdKind::native_villager, false, village.name.text, village.span});
    } else if (other_name) {
      modifier.kind = ModifierKind::alias;
      modifier.names.push_back(items[0].name);
    } else {
      modifier.kind = ModifierKind::only;
      modifier.items = std::move(items);
    }
    modifier.span = span_of(before, i);
    item.modifiers.push_back(std::move(modifier));
  }
}

// One condition that begins at i and ends at the end or at a comma; i is moved behind it.
std::optional<Modifier> NoticeParser::parse_condition(Index& i, Index end) {
  if (i >= end) return std::nullopt;
  const Index first = i;
  Index k = i;
  if (is_word(k, Word::among)) ++k;
  if (k >= end) return std::nullopt;
  const Index except_close = find_word(k, end, Word::except_close);
  const auto finish = [&](Modifier modifier, Index behind) {
    take(first, k);
    modifier.span = span_of(first, behind);
    i = behind;
    return modifier;
  };
  const auto listed = [&](ModifierKind kind, Index from, Index to, Index behind) {
    take(first, from);
    take(to, behind);
    return finish(parse_listed(kind, from, to), behind);
  };
  if (is(k, TokenKind::word)) {
    switch (at(k).word) {
      case Word::exclude:
        return listed(ModifierKind::except, k + 1, end, end);
      case Word::except_open:
        if (except_close < end) {
          Index behind = except_close + 1;
          while (behind < end &&
                 (is_word(behind, Word::of) || is_word(behind, Word::rest) || is_word(behind, Word::area)))
            ++behind;
          if (behind < end && is_word(behind - 1, Word::rest) && is(behind, TokenKind::name)) ++behind;  // 其余村
          return listed(ModifierKind::except, k + 1, except_close, behind);
        }
        return std::nullopt;
      case Word::only:
        return listed(ModifierKind::only, k + 1, except_close < end ? piece_end(k, end) : end,
                      except_close < end ? piece_end(k, end) : end);
      case Word::contains:
        return listed(ModifierKind::contains, k + 1, end, end);
      case Word::alias: {
        const Index to = piece_end(k, end);
        Modifier modifier;
        modifier.kind = ModifierKind::alias;
        take(k);
        if (k + 1 < to) modifier.names.push_back({text_between(k + 1, to), span_of(k + 1, to)});
        take(k, to);
        return finish(std::move(modifier), to);
      }
      default:
        break;
    }
  }
  if (has_word(k, end, {Word::vague}) && !is(k, TokenKind::open)) {  // 距离某校区较近的组
    Modifier modifier;
    modifier.kind = ModifierKind::vague;
    if (const Index to = piece_end(k, end); k + 1 < to && text_of(k) == "距离") {
      take(k, to);
      return finish(std::move(modifier), to);
    }
  }
  if (const Index to = piece_end(k, end); has_word(k, to, {Word::note})) {
    Modifier modifier;
    modifier.kind = ModifierKind::note;
    take(k, to);
    return finish(std::move(modifier), to);
  }
  if (k > first) {
    Index behind = k;
    if (std::optional<Modifier> modifier = parse_void_numbers(behind, end)) return finish(std::move(*modifier), behind);
  }
  const bool other_first = has_word(k, std::min(except_close, end), {Word::among, Word::only, Word::contains});
  if (except_close < end && !other_first) return listed(ModifierKind::except, k, except_close, except_close + 1);
  if (other_first && except_close < end) return std::nullopt;
  const Index to = piece_end(k, end);
  if (std::optional<Household> household = parse_household(k, to)) {
    Modifier modifier;
    modifier.kind = ModifierKind::household;
    modifier.households.push_back(std::move(*household));
    return finish(std::move(modifier), to);
  }
  if (std::optional<Modifier> modifier = parse_words_modifier(k, end)) {
    take(first, k);
    i = skip_taken_;
    return modifier;
  }
  return std::nullopt;
}

// 5、7号已拆迁 behind 其中: the numbers of what stands before that are no more.
std::optional<Modifier> NoticeParser::parse_void_numbers(Index& i, Index end) {
  Index k = i;
  while (k < end && (is_number(k) || is(k, TokenKind::pause) || is(k, TokenKind::dash) || is_word(k, Word::plus) ||
                     is_word(k, Word::upto)))
    ++k;
  if (k == i || !is_word(k, Word::void_now) || k >= end || !is_number(i)) return std::nullopt;
  Modifier modifier = parse_listed(ModifierKind::void_now, i, k);
  while (k < end && is_word(k, Word::void_now)) take(k++);
  i = k;
  return modifier;
}

// The list of an exception, a restriction or a naming for clarity.
Modifier NoticeParser::parse_listed(ModifierKind kind, Index i, Index end) {
  Modifier modifier;
  modifier.kind = kind;
  if (kind == ModifierKind::only && has_word(i, end, {Word::graduates})) {  // 限橡山小学毕业生
    modifier.kind = ModifierKind::household;
    modifier.households.push_back({HouseholdKind::other, false, text_between(i, end), span_of(i, end)});
    take(i, end);
    return modifier;
  }
  if (std::optional<Household> household = parse_household(i, end)) {
    modifier.kind = ModifierKind::household;
    household->excluded = kind == ModifierKind::except;
    modifier.households.push_back(std::move(*household));
    return modifier;
  }
  while (i < end && half_at(i)) {
    if (std::optional<Side> side = parse_half(i, end)) modifier.sides.push_back(std::move(*side));
    while (i < end && (is_separator(i) || is_word(i, Word::plus))) take(i++);
  }
  ++depth_;
  while (i < end && depth_ <= kMaxDepth) {
    const Index before = i;
    std::vector<Item> items = parse_items(i, end, false);
    for (Item& item : items) {
      item.path.erase(item.path.begin(),
                      item.path.begin() + static_cast<std::ptrdiff_t>(std::min(prefix_.size(), item.path.size())));
      modifier.items.push_back(std::move(item));
    }
    i = absorb_tail(i, end);
    while (i < end && (is_separator(i) || is_word(i, Word::plus) || is_word(i, Word::graduates))) take(i++);
    if (i == before) break;
  }
  --depth_;
  return modifier;
}

// Where a condition that begins at i ends: at punctuation, a bracket or 以及.
NoticeParser::Index NoticeParser::household_end(Index i, Index end) const {
  while (i < end && (!is_separator(i) || is(i, TokenKind::quote)) && !is(i, TokenKind::open) &&
         !(is_word(i, Word::plus) && text_of(i) == "以及"))
    ++i;
  return i;
}

// Who is meant: …户籍的适龄儿童, 南航公司职工子弟, 有城镇户口的常住居民子女. Takes [i, end) whole.
std::optional<Household> NoticeParser::parse_household(Index i, Index end) {
  if (i >= end || !has_word(i, end, {Word::household})) return std::nullopt;
  if (at(end - 1).end - at(i).begin > kLongestCondition) return std::nullopt;
  std::string text = text_between(i, end);
  Household household;
  std::size_t begin = std::string::npos;
  for (const HouseholdWord& entry : kHouseholds) {
    begin = text.find(entry.text);
    if (begin == std::string::npos) continue;
    household.kind = entry.kind;
    household.who = text.substr(0, begin);
    if (entry.kind == HouseholdKind::police_district) household.who = text.substr(begin + entry.text.size());
    break;
  }
  if (begin == std::string::npos) return std::nullopt;
  for (const std::string_view lead : {"内", "招收", "符合", "\"", "“", "具有", "有", "属", "驻"})
    strip(household.who, lead, false);
  for (const std::string_view tail : {"\"", "“", "常住", "的", "符合"}) strip(household.who, tail, true);
  household.span = span_of(i, end);
  take(i, end);
  return household;
}

// 部分, 附近, 已拆迁, 暂定名: words that change or doubt what stands before them. Sets skip_taken_ behind them.
std::optional<Modifier> NoticeParser::parse_words_modifier(Index i, Index end) {
  Index k = i;
  while (k < end && (is_word(k, Word::of) || is_word(k, Word::plus))) ++k;
  if (k >= end || !is(k, TokenKind::word)) return std::nullopt;
  Modifier modifier;
  switch (at(k).word) {
    case Word::part:
      modifier.kind = ModifierKind::partial;
      break;
    case Word::vague:
      modifier.kind = ModifierKind::vague;
      break;
    case Word::void_now:
      modifier.kind = ModifierKind::void_now;
      break;
    case Word::note:
      if (text_of(k) == "注:") return std::nullopt;  // what follows is said of the list
      modifier.kind = ModifierKind::note;
      break;
    default:
      return std::nullopt;
  }
  Index last = k + 1;
  while (last < end && (is_word(last, Word::area) || is_word(last, at(k).word) || is_word(last, Word::of))) ++last;
  take(i, last);
  modifier.span = span_of(k, last);
  skip_taken_ = last;
  return modifier;
}

}  // namespace catchment::engine::zone_text
