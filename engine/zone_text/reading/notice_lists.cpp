// Lists of many names: what a list tells of its members, glosses in their brackets, and what is said of its last items
// behind it.
#include <algorithm>

#include "engine/zone_text/reading/notice_parser.hpp"

namespace catchment::engine::zone_text {

namespace {

// A name without a word that says what it is: 松涛, or nothing but such a word (公园), which names nothing alone.
bool is_bare(const Item& item) {
  const std::string& text = item.name.text;
  switch (item.kind) {
    case ItemKind::unknown:
      return !text.empty();
    case ItemKind::institution:
    case ItemKind::estate:
      return text == "公园" || text == "花园" || text == "大学" || text == "学院" || text == "市场" || text == "广场";
    case ItemKind::district:
    case ItemKind::town:
      return !text.starts_with("全") && !text.ends_with("区") && !text.ends_with("县") && !text.ends_with("市") &&
             !text.ends_with("镇") && !text.ends_with("乡") && !text.ends_with("街道") && !text.ends_with("办事处");
    default:
      return false;
  }
}

}  // namespace

// 橡山、松涛、柏山: in a list, the bare name of a district and of a community in it (橡山区橡山里) is the community's,
// as nobody names a district among communities without 区.
void NoticeParser::settle_bare_names(std::vector<Item>& items) const {
  if (lexicon_ == nullptr) return;
  for (std::size_t k = 0; k < items.size(); ++k) {
    if (!is_bare(items[k])) continue;
    const std::string full = items[k].name.text + "里";
    if (items.size() > 1 && known_community(full)) {
      items[k].name.text = full;
      items[k].kind = ItemKind::community;
    } else if (std::vector<Item> parts = split_run_together(items[k]); !parts.empty()) {
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(k));
      items.insert(items.begin() + static_cast<std::ptrdiff_t>(k), parts.begin(), parts.end());
      k += parts.size() - 1;
    }
  }
}

bool NoticeParser::known_community(const std::string& name) const {
  ++steps_;
  std::vector<geo::NameLexicon::Hit> hits;
  lexicon_->names_at(name, hits);
  return std::any_of(hits.begin(), hits.end(), [&](const geo::NameLexicon::Hit& hit) {
    return hit.length == name.size() && hit.part == geo::AddressPart::community;
  });
}

// 松涛里橡山柏山: communities one behind the other, where every part of an unknown name is one. Empty if not.
std::vector<Item> NoticeParser::split_run_together(const Item& item) const {
  constexpr std::size_t kHan = 3, kShortest = 2 * kHan, kLongest = 3 * kHan;  // bytes; of one name
  const std::string& text = item.name.text;
  std::vector<Item> parts;
  if (!item.numbers.empty() || !item.modifiers.empty() || text.size() < 2 * kShortest || text.size() > 40 * kHan)
    return parts;
  std::vector<std::size_t> from(text.size() + 1, std::string::npos);  // where the last part before an offset begins
  from[0] = 0;
  for (std::size_t end = kShortest; end <= text.size(); end += kHan)
    for (std::size_t length = kShortest; length <= std::min(kLongest, end) && from[end] == std::string::npos;
         length += kHan)
      if (from[end - length] != std::string::npos && known_community(text.substr(end - length, length) + "里"))
        from[end] = end - length;
  if (from[text.size()] == std::string::npos) return parts;
  const auto add = [&](std::string name, std::vector<Name> path) {
    Item part = item;
    part.kind = ItemKind::community;
    part.name.text = std::move(name);
    part.path = std::move(path);
    parts.insert(parts.begin(), std::move(part));
  };
  std::vector<Name> path = item.path;
  const bool led = !path.empty() && path.back().text.ends_with("里");  // 松涛里 before them is one of them
  if (led) path.pop_back();
  for (std::size_t end = text.size(); end > 0; end = from[end])
    add(text.substr(from[end], end - from[end]) + "里", path);
  if (led) {
    add(item.path.back().text, path);
    parts.front().name.span = item.path.back().span;
  }
  return parts;
}

// 松涛里（东坡、西坡）：1-10邻; 松涛里全部（东坡、西坡）: numbers or 全部 beside the bracket say what is meant, so that
// hamlets in it only say where that is.
bool NoticeParser::glosses(const Item& item, Index open, const std::vector<Item>& inner) const {
  if (item.kind != ItemKind::community && item.kind != ItemKind::village) return false;
  for (const Item& name : inner) {
    const bool hamlet =
        name.kind == ItemKind::unknown || name.kind == ItemKind::village || name.kind == ItemKind::estate;
    if (!hamlet || !name.numbers.empty() || !name.modifiers.empty()) return false;
  }
  if (open > 0 && is_word(open - 1, Word::whole)) return true;
  Index behind = at(open).partner + 1;
  if (!is(behind, TokenKind::colon)) return false;
  ++behind;
  return is_number(behind) || is_word(behind, Word::whole);
}

// What stands behind items and a separator, and is said of them: 、（与橡山国小共同学区）;
// 注：以上二里与橡山国小共同学区; ，其余为柏山国小学区.
bool NoticeParser::read_list_joint(Index& i, Index end, std::vector<Item>& items) {
  if (items.empty()) return false;
  Index k = i;
  while (k < end && (is_separator(k) || (is_word(k, Word::note) && text_of(k) == "注:"))) ++k;
  if (k >= end || (k == i && !is_word(k, Word::ours_above))) return false;
  if (is(k, TokenKind::open)) {
    const Index close = at(k).partner;
    const bool of_last = is_word(k + 1, Word::plus) || number_starts(k + 1, close);
    if (!of_last || !has_word(k + 1, close, {Word::shared, Word::zone_of}) || !parse_joint_bracket(k, items))
      return false;
    take(i, k);
    i = close + 1;
    return true;
  }
  if (!is_word(k, Word::ours_above) && !is_word(k, Word::rest)) return false;
  Index stop = joint_end(k, end);
  if (stop >= end) return false;
  ++stop;
  while (stop < end && (is_word(stop, Word::zone_of) || is_word(stop, Word::is) || is_word(stop, Word::shared))) ++stop;
  Index behind = k;
  if (!parse_joint(behind, stop, items)) return false;
  take(i, k);
  i = behind;
  return true;
}

}  // namespace catchment::engine::zone_text
