// Families of ordinals: 署前一、二、三街; 龟岗一至五马路; 潭岗南、北居委; 农林上路7-9横路; 西光14、15街坊.
#include "engine/zone_text/reading/notice_parser.hpp"
#include "engine/zone_text/reading/notice_tokenizer.hpp"
#include "geo/address/normal_text.hpp"

namespace catchment::engine::zone_text {

namespace {

constexpr std::int32_t kLargestFamily = 200;

// Length of the ordinal that text begins with: 三, 第三, 12, 北, 北五.
std::size_t ordinal_length(std::u32string_view text) {
  std::size_t length = 0;
  if (!text.empty() && (text[0] == U'第' || compass_of(text[0]))) ++length;
  const std::size_t lead = length;
  while (length < text.size() && (is_numeral(text[length]) || is_digit(text[length]))) ++length;
  if (length > lead) return length;
  return lead == 1 && text[0] != U'第' ? 1 : 0;
}

// The value of an ordinal behind its 第 or compass word, which go to `lead`.
std::int32_t value_of(std::u32string_view ordinal, std::u32string& lead) {
  lead.clear();
  while (!ordinal.empty() && (ordinal[0] == U'第' || compass_of(ordinal[0]))) {
    lead += ordinal[0];
    ordinal.remove_prefix(1);
  }
  std::int32_t value = 0;
  for (const char32_t c : ordinal) {
    if (!is_digit(c)) return numeral_value(ordinal);
    value = value > 9999 ? value : value * 10 + static_cast<std::int32_t>(c - U'0');
  }
  return value;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) {
    if (c < 0x80) {
      out += static_cast<char>(c);
      continue;
    }
    if (c < 0x800) {
      out += static_cast<char>(0xc0 | (c >> 6));
    } else {
      if (c < 0x10000) {
        out += static_cast<char>(0xe0 | (c >> 12));
      } else {
        out += static_cast<char>(0xf0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
      }
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    }
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
  return out;
}

std::string numeral_text(std::int32_t value, bool arabic) {
  if (arabic || value > 99) return std::to_string(value);
  static constexpr std::u32string_view kDigits = U"〇一二三四五六七八九";
  std::u32string out;
  if (value >= 20) out += kDigits[static_cast<std::size_t>(value / 10)];
  if (value >= 10) out += U'十';
  if (value % 10 != 0) out += kDigits[static_cast<std::size_t>(value % 10)];
  return to_utf8(out);
}

}  // namespace

// What the names of a family have in common, and the ordinals that tell them apart.
struct NoticeParser::Family {
  struct Member {
    std::u32string ordinal;
    bool ranged = false;  // 至 stands before it
    Span span;
  };
  std::u32string stem;
  std::u32string suffix;
  NameClass what = NameClass::untyped;
  std::vector<Member> members;
  bool shares_tail = true;  // the suffix is written once, so that what stands behind it holds for all
};

bool NoticeParser::parse_ordinal_family(Index& i, Index end, std::vector<Item>& out) {
  if (!is(i, TokenKind::name)) return false;
  Family family;
  Index k = i;
  if (!family_head(family, k, end) || !family_members(family, k, end)) return false;
  std::vector<Item> items;
  if (!family_items(family, items)) return false;
  const Index last = k;
  take(i, k);
  i = k;
  Item tail;
  parse_item_brackets(tail, i, end);
  if (number_starts(i, end)) parse_numbers(i, end, tail);
  parse_item_brackets(tail, i, end);
  const Span span = span_of(last - 1, i);
  for (Modifier& modifier : tail.modifiers) claim_members(family, modifier, items);
  std::erase_if(tail.modifiers, [](const Modifier& modifier) {
    return modifier.kind == ModifierKind::except && modifier.items.empty() && modifier.sides.empty();
  });
  for (std::size_t m = family.shares_tail ? 0 : items.size() - 1; m < items.size(); ++m) {
    items[m].numbers = tail.numbers;
    items[m].modifiers.insert(items[m].modifiers.end(), tail.modifiers.begin(), tail.modifiers.end());
  }
  items.back().span.end = span.end;
  for (Item& item : items) out.push_back(std::move(item));
  return true;
}

// The first name: its stem, its ordinal, and its suffix if it has its own. k is moved behind it.
bool NoticeParser::family_head(Family& family, Index& k, Index end) const {
  const Index first = k++;
  family.stem = text32(first, first + 1);
  if (k < end && is(k, TokenKind::number) && at(k).glued && !at(k).has_unit) {  // 农林上路 7 - 9横路, 西光 14、…
    const NameClass what = at(first).what;
    if (what != NameClass::untyped && what != NameClass::road && what != NameClass::institution) return false;
    family.members.push_back({std::u32string(text32(k, k + 1)), false, span_of(first, k + 1)});
    ++k;
    return true;
  }
  std::size_t tail = 0;
  for (std::size_t cut = family.stem.size(); cut-- > 1;) {
    const SuffixHit hit = suffix_at(std::u32string_view(family.stem).substr(cut));
    if (hit.length > 0 && cut + hit.length == family.stem.size()) tail = family.stem.size() - cut;
  }
  const std::size_t head = family.stem.size() - tail;
  std::size_t length = 0;
  while (head > length + 1 && is_numeral(family.stem[head - length - 1])) ++length;
  if (length == 0 && head > 1 && compass_of(family.stem[head - 1])) length = 1;
  if (length > 0 && head > length + 1 && family.stem[head - length - 1] == U'第') ++length;
  if (length == 0) return false;
  if (tail > 0) family.suffix = family.stem.substr(head);
  family.members.push_back({family.stem.substr(head - length, length), false, span_of(first, first + 1)});
  family.stem.resize(head - length);
  return !family.stem.empty();
}

// The ordinals that follow, up to one that carries the suffix. k is moved behind them.
bool NoticeParser::family_members(Family& family, Index& k, Index end) const {
  bool closed = false;
  while (k + 1 < end) {
    ++steps_;
    const bool ranged = is_word(k, Word::upto) || is(k, TokenKind::dash);
    if (!ranged && !is(k, TokenKind::pause) && !is_word(k, Word::plus)) break;
    const Token& next = at(k + 1);
    const std::u32string_view text = text32(k + 1, k + 2);
    const bool bare = next.kind == TokenKind::ordinal || (next.kind == TokenKind::number && !next.has_unit);
    const std::size_t length = bare ? text.size() : ordinal_length(text);
    const std::u32string_view rest = text.substr(length);
    const bool own = next.kind == TokenKind::name || (next.kind == TokenKind::number && !family.suffix.empty());
    if (length == 0 || (!bare && !own) || (closed && rest.empty())) break;
    if (rest.empty() && !bare && text.size() != 1) break;
    if (!rest.empty()) {
      const SuffixHit hit = suffix_at(rest);
      if (hit.length != rest.size() || (!family.suffix.empty() && family.suffix != rest)) break;
      if (!family.suffix.empty() && !ranged) family.shares_tail = false;  // 柳南一路、二路: each has its own
      family.suffix = rest;
      family.what = hit.what;
      closed = true;
    }
    family.members.push_back({std::u32string(text.substr(0, length)), ranged, span_of(k + 1, k + 2)});
    k += 2;
  }
  return closed && !(family.what == NameClass::estate && family.suffix.size() == 1);
}

// One item a member; 至 fills in those between.
bool NoticeParser::family_items(Family& family, std::vector<Item>& items) const {
  const auto add = [&](const std::string& ordinal, const Span& span) {
    Item item;
    item.path = prefix_;
    item.kind = item_kind(family.what);
    item.name = {to_utf8(family.stem) + ordinal + to_utf8(family.suffix), span};
    item.span = span;
    items.push_back(std::move(item));
  };
  for (std::size_t m = 0; m < family.members.size(); ++m) {
    const Family::Member& member = family.members[m];
    if (!member.ranged) {
      add(to_utf8(member.ordinal), member.span);
      continue;
    }
    std::u32string lead;
    std::u32string lead_before;
    const std::int32_t from = value_of(family.members[m - 1].ordinal, lead_before);
    const std::int32_t to = value_of(member.ordinal, lead);
    // 柳浪湾北一巷-北五巷: 北 is of the stem where the end repeats it.
    if (lead != lead_before && family.stem.ends_with(lead))
      lead.clear();
    else if (lead != lead_before && !lead.empty())
      return false;
    if (lead.empty()) lead = lead_before;
    if (to <= from || to - from > kLargestFamily) return false;
    const bool arabic = is_digit(member.ordinal.back());
    for (std::int32_t value = from + 1; value <= to; ++value)
      add(to_utf8(lead) + numeral_text(value, arabic), member.span);
  }
  return true;
}

// 7-9横路（8横路21、23号除外）: what is excepted of one member is that member's exception.
void NoticeParser::claim_members(const Family& family, Modifier& modifier, std::vector<Item>& items) const {
  if (modifier.kind != ModifierKind::except) return;
  for (std::size_t n = modifier.items.size(); n-- > 0;) {
    const std::string key = geo::name_key(to_utf8(family.stem) + modifier.items[n].name.text);
    for (Item& item : items) {
      if (modifier.items[n].name.text.empty() || geo::name_key(item.name.text) != key) continue;
      Modifier own = modifier;
      own.items = {modifier.items[n]};
      own.items[0].name = {};
      own.items[0].kind = ItemKind::unknown;
      item.modifiers.push_back(std::move(own));
      modifier.items.erase(modifier.items.begin() + static_cast<std::ptrdiff_t>(n));
      break;
    }
  }
}

}  // namespace catchment::engine::zone_text
