// Address lists: streets with doors, estates with blocks, communities, villages with groups.
#include <algorithm>

#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

namespace {

constexpr std::size_t kLongestBareName = 8;  // characters; a longer name without a type word is a sentence

// Characters that sentences have and names have not.
bool is_prose(std::u32string_view text) {
  constexpr std::u32string_view kProse = U"因隔被已仍凡并是了着您皆均应需须该其或还";
  if (text.starts_with(U"非")) return true;
  if (text.size() > 2 && std::all_of(text.begin(), text.end(), [&](char32_t c) { return c == text[0]; })) return true;
  return std::any_of(text.begin(), text.end(), [&](char32_t c) { return kProse.find(c) != std::u32string_view::npos; });
}

}  // namespace

ItemKind NoticeParser::item_kind(NameClass what) {
  switch (what) {
    case NameClass::road:
      return ItemKind::street;
    case NameClass::district:
      return ItemKind::district;
    case NameClass::town:
      return ItemKind::town;
    case NameClass::community:
      return ItemKind::community;
    case NameClass::village:
    case NameClass::group:
      return ItemKind::village;
    case NameClass::estate:
      return ItemKind::estate;
    case NameClass::block:
      return ItemKind::block;
    case NameClass::institution:
      return ItemKind::institution;
    case NameClass::school:
      return ItemKind::school;
    default:
      return ItemKind::unknown;
  }
}

// From broad to fine: a name lies in the one before it only if it is finer.
int NoticeParser::level_of(NameClass what) {
  switch (what) {
    case NameClass::district:
      return 1;
    case NameClass::town:
      return 2;
    case NameClass::community:
      return 3;
    case NameClass::village:
      return 4;
    case NameClass::group:
      return 5;
    case NameClass::road:
      return 6;
    case NameClass::estate:
      return 7;
    case NameClass::block:
      return 8;
    default:
      return 9;
  }
}

bool NoticeParser::item_name_holds(Index i) const {
  if (!is(i, TokenKind::name)) return false;
  const Token& token = at(i);
  if (token.known) return true;
  const std::u32string_view text = text32(i, i + 1);
  if (is_prose(text)) return false;
  return token.what != NameClass::untyped || text.size() <= kLongestBareName;
}

NoticeParser::Index NoticeParser::parse_addresses(Index i, Index end) {
  const Index first = i;
  Addresses addresses;
  addresses.items = parse_items(i, end, true);
  if (addresses.items.empty()) return first;
  settle_bare_names(addresses.items);
  Clause clause;
  clause.what = std::move(addresses);
  i = absorb_tail(i, end);
  if (i < end && !is_separator(i))
    if (std::optional<Household> household = parse_household(i, household_end(i, end))) {
      i = household_end(i, end);
      clause.households.push_back(std::move(*household));
    }
  auto& items = std::get<Addresses>(clause.what).items;
  const auto [stop, next] = drop_doubtful(items, first, i, end);
  if (items.empty()) return next;
  const bool schools = clause.households.empty() && std::all_of(items.begin(), items.end(), [this](const Item& item) {
                         return item.kind == ItemKind::school && item.numbers.empty() && item.modifiers.empty() &&
                                item.path.size() == prefix_.size();
                       });
  if (schools) {  // a list of schools alone: whose leavers come
    Feeder feeder;
    for (Item& item : items) feeder.schools.push_back(std::move(item.name));
    clause.what = std::move(feeder);
  }
  add_clause(first, stop, std::move(clause));
  return next;
}

// Words that nobody reads stand glued to the list: they may deny or narrow the last item, and words like 以外 or 部分
// the whole piece. Those items are Unread then, never guesses. Returns where the list ends and where reading goes on.
std::pair<NoticeParser::Index, NoticeParser::Index> NoticeParser::drop_doubtful(std::vector<Item>& items, Index first,
                                                                                Index i, Index end) {
  if (i >= end || is_separator(i) || half_at(i) || is_word(i, Word::plus) || is(i, TokenKind::colon)) return {i, i};
  const bool dated = is_number(i) && is_word(i + 1, Word::note);
  if (dated || speaks_of_admission(i, sentence_end(i, end))) return {i, i};  // what begins here is another sentence
  const Index stop = piece_end(i, end);
  Index from = i;
  if (has_word(i, stop,
               {Word::except_close, Word::part, Word::rest, Word::exclude, Word::only, Word::vague, Word::among,
                Word::crossing, Word::side_of})) {
    from = first;
    for (Index k = first; k < i; k = is(k, TokenKind::open) ? skip_bracket(k) : k + 1)
      if (is(k, TokenKind::comma)) from = k + 1;
  } else {
    const std::uint32_t begin = items.back().span.begin;
    while (from > first && span_of(from - 1, from).begin >= begin && !is(from - 1, TokenKind::comma)) --from;
  }
  const std::uint32_t begin = span_of(from, from + 1).begin;
  std::erase_if(items, [&](const Item& item) { return item.span.begin >= begin; });
  std::erase_if(pending_, [&](const Clause& clause) { return clause.span.begin >= begin; });
  untake(from, stop);
  return {from, stop};
}

// Items one after another until something else begins.
std::vector<Item> NoticeParser::parse_items(Index& i, Index end, bool top) {
  std::vector<Item> items;
  std::size_t run = 0;  // first item since the last typed one of a list that may share its suffix
  while (i < end) {
    ++steps_;
    if (top && !items.empty() && half_at(i)) break;
    if (top && heading_in_list(i, end)) {
      run = items.size();
      continue;
    }
    if (!parse_ordinal_family(i, end, items)) {
      std::optional<Item> item = parse_item(i, end);
      if (!item) break;
      if (top) inherit_path(items, *item);
      items.push_back(std::move(*item));
      share_last_suffix(items, run);
      const bool short_name = items.back().name.text.size() == 6 && items.back().numbers.empty() &&
                              (items.back().kind == ItemKind::estate || items.back().kind == ItemKind::institution);
      if (items.back().kind != ItemKind::unknown && !short_name) run = items.size();
    } else {
      run = items.size();
    }
    while (i < end && is(i, TokenKind::open) && parse_joint_bracket(i, items)) i = at(i).partner + 1;
    if (i < end && is_word(i, Word::etc)) {
      take(i++);
      if (i < end && counts_things(i)) {
        if (text_of(i).ends_with("里")) share_suffix(items, run, "里", ItemKind::community);
        for (const std::string_view school : {"国小", "小学"})
          if (text_of(i).ends_with(school)) share_suffix(items, run, school, ItemKind::school);
        take(i++);
      }
    }
    while (i < end && is_word(i, Word::count)) {  // 各里
      if (text_of(i).ends_with("里")) share_suffix(items, run, "里", ItemKind::community);
      take(i++);
    }
    if (joint_tail_at(i, end)) {
      parse_joint_tail(i, end, items);
      read_list_joint(i, end, items);
      break;
    }
    while (top && read_list_joint(i, end, items)) {
    }
    Index k = i;
    while (k < end && ((is_separator(k) && !is(k, TokenKind::stop)) || is_word(k, Word::plus))) ++k;
    if (k >= end) break;
    if (is_word(k, Word::alias) && text_of(k) == "即") {  // 龙崎区全区，即崎顶里、…: named for clarity
      take(i, k + 1);
      i = k + 1;
      Modifier modifier = parse_listed(ModifierKind::contains, i, end);
      modifier.span = span_of(k, end);
      items.back().modifiers.push_back(std::move(modifier));
      i = end;
      break;
    }
    if (k == i && !(is(k, TokenKind::name) || is_number(k))) break;
    if (!is(k, TokenKind::name) && !number_starts(k, end) && !is_word(k, Word::whole)) break;
    if (is_number(k) && is_word(k + 1, Word::note)) break;  // 113学年度
    if (top && speaks_of_admission(k, sentence_end(k, end))) break;
    if (top && clause_starts(k, i, end)) break;
    take(i, k);
    i = k;
  }
  return items;
}

// 文华里中西区 郡西里, 大同里（22至34邻）二、南区：大忠里: a list goes on in another district.
bool NoticeParser::heading_in_list(Index& i, Index end) {
  const auto heads = [this](Index k) { return is(k, TokenKind::name) && level_of(at(k).what) <= 2; };
  Index k = i;
  while (k < end && heads(k) && (k == i || at(k).glued)) ++k;
  if (k == i || k + 1 >= end) return false;
  const bool colon = is(k, TokenKind::colon) && is(k + 1, TokenKind::name) &&
                     (is_name(k - 1, NameClass::district) || is_name(k - 1, NameClass::town));
  if (!colon && !heads_list(i, k)) return false;
  set_prefix(i, k);
  i = k + 1;
  return true;
}

// Behind a comma something that is no address may begin: a boundary, a feeder, words of allocation.
bool NoticeParser::clause_starts(Index k, Index i, Index end) const {
  if (half_at(k) || joint_heading(k, end) > k) return true;
  bool comma = false;
  for (Index t = i; t < k; ++t) comma = comma || is(t, TokenKind::comma);
  return comma && has_word(k, piece_end(k, end),
                           {Word::graduates, Word::allocation, Word::note, Word::zone_of, Word::except_close});
}

// 永康区大湾里、东湾里: the district and town of the first hold for those that follow.
void NoticeParser::inherit_path(const std::vector<Item>& items, Item& item) const {
  if (items.empty() || item.path.size() > prefix_.size() || item.name.text.empty()) return;
  const Item& before = items.back();
  if (before.kind != item.kind || (item.kind != ItemKind::community && item.kind != ItemKind::village)) return;
  if (before.path.size() > item.path.size()) item.path = before.path;
}

// 長榮、西華、嘉昌里: the last name's type is that of those before it without one.
void NoticeParser::share_last_suffix(std::vector<Item>& items, std::size_t run) {
  const Item& last = items.back();
  if (run + 1 >= items.size() || (last.kind != ItemKind::community && last.kind != ItemKind::village)) return;
  const std::string text = last.name.text;
  const ItemKind kind = last.kind;
  for (const std::string_view suffix : {"社区", "居委会", "居委", "里", "村"})
    if (text.ends_with(suffix)) return share_suffix(items, run, suffix, kind);
}

// 長榮、西華、西和、忠興、嘉昌里: those before without a type have the last one's.
void NoticeParser::share_suffix(std::vector<Item>& items, std::size_t first, std::string_view suffix, ItemKind kind) {
  for (std::size_t k = first; k < items.size(); ++k) {
    // 梨园 of 松风、梨园、海棠社区: two characters are no estate's name.
    const bool short_name = items[k].name.text.size() == 6 && items[k].numbers.empty() &&
                            (items[k].kind == ItemKind::estate || items[k].kind == ItemKind::institution);
    if ((items[k].kind != ItemKind::unknown && !short_name) || items[k].name.text.empty()) continue;
    items[k].name.text += suffix;
    items[k].kind = kind;
  }
}

// One thing: the path to it, its name, its numbers and what brackets say of it.
std::optional<Item> NoticeParser::parse_item(Index& i, Index end) {
  const Index first = i;
  Item item;
  item.path = prefix_;
  if (is(i, TokenKind::name)) {
    if (!item_name_holds(i)) return std::nullopt;
    NameClass what = at(i).what;
    item.name = name_of(i);
    take(i++);
    // 台南市东区大同里: a city lies above its districts.
    if (i < end && what == NameClass::district && item.name.text.ends_with("市") && at(i).glued &&
        is_name(i, NameClass::district) && !text_of(i).ends_with("市")) {
      item.path.push_back(item.name);
      item.name = name_of(i);
      take(i++);
    }
    while (i < end && is(i, TokenKind::name) && at(i).glued && level_of(at(i).what) > level_of(what) &&
           item_name_holds(i)) {
      item.path.push_back(item.name);
      item.name = name_of(i);
      what = at(i).what;
      take(i++);
    }
    // 镇柳行政村的下橡经济社
    if (i + 1 < end && is_word(i, Word::of) && is(i + 1, TokenKind::name) &&
        level_of(what) < level_of(NameClass::road) && level_of(at(i + 1).what) > level_of(what) &&
        at(i + 1).what != NameClass::untyped) {
      item.path.push_back(item.name);
      item.name = name_of(i + 1);
      what = at(i + 1).what;
      take(i, i + 2);
      i += 2;
    }
    item.kind = item_kind(what);
    if (i < end && is_word(i, Word::section)) {  // 南浦路西段: no name of the gazetteer's, and none to guess
      item.name.text += text_of(i);
      item.name.span.end = span_of(i, i + 1).end;
      take(i++);
    }
  } else if (is_word(i, Word::whole) && text32(i, i + 1).size() == 2 && text_of(i) != "全部" && text_of(i) != "全境") {
    item.kind = ItemKind::district;  // 全区, 全市: all that the notice is for
    item.name = name_of(i);
    take(i++);
  } else if (!number_starts(i, end)) {
    return std::nullopt;
  } else if (street_) {
    item = *street_;
  }
  parse_item_brackets(item, i, end);
  if (i + 1 < end && is(i, TokenKind::colon) && (number_starts(i + 1, end) || is_word(i + 1, Word::whole))) take(i++);
  if (i < end && is_word(i, Word::of) && i + 1 < end && number_starts(i + 1, end)) take(i++);
  if (number_starts(i, end)) parse_numbers(i, end, item);
  parse_item_brackets(item, i, end);
  while (i < end && is(i, TokenKind::word)) {
    if (is_word(i, Word::whole) || is_word(i, Word::both_sides) ||
        (is_word(i, Word::along) && item.kind == ItemKind::street)) {
      take(i++);
      parse_item_brackets(item, i, end);
    } else if (is_word(i, Word::except_open)) {
      std::optional<Modifier> modifier = parse_condition(i, end);
      if (!modifier) break;
      item.modifiers.push_back(std::move(*modifier));
    } else if (std::optional<Modifier> modifier = parse_words_modifier(i, end)) {
      item.modifiers.push_back(std::move(*modifier));
      i = skip_taken_;
      // 群贤路周边自建房: what stands there, not the street, is meant.
      if (item.modifiers.back().kind == ModifierKind::vague && i < end && is(i, TokenKind::name) && at(i).glued) {
        item.path.push_back(item.name);
        item.name = name_of(i);
        item.kind = item_kind(at(i).what);
        take(i++);
      }
    } else {
      break;
    }
  }
  if (i + 1 < end && is(i, TokenKind::dash) && is_word(i + 1, Word::contains)) {  // 松涛里——含橡山、柏山
    take(i++);
    if (std::optional<Modifier> modifier = parse_condition(i, sentence_end(i, end)))
      item.modifiers.push_back(std::move(*modifier));
  }
  // 建设路12号阳光小区: the door is what decides, the estate says which it is.
  if (!item.numbers.empty() && is_number(i - 1) && i < end && is(i, TokenKind::name) && at(i).glued &&
      item_name_holds(i) && at(i).end > at(i).begin + 1) {
    Modifier modifier;
    modifier.kind = ModifierKind::contains;
    Item inner;
    inner.kind = item_kind(at(i).what);
    inner.name = name_of(i);
    inner.span = modifier.span = inner.name.span;
    modifier.items.push_back(std::move(inner));
    item.modifiers.push_back(std::move(modifier));
    take(i++);
  }
  item.span = span_of(first, i);
  return item;
}

}  // namespace catchment::engine::zone_text
