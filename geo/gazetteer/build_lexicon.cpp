#include <algorithm>
#include <bit>

#include "geo/gazetteer/build.hpp"
#include "geo/gazetteer/keys.hpp"

namespace catchment::geo {
namespace {

using ItemsByKey = std::map<std::string, std::vector<KeyItem>>;

bool usable(std::string_view key) {
  return !key.empty() && !std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; });
}

void add_item(ItemsByKey& items, const std::string& key, KeyItem item) {
  if (!usable(key)) return;
  auto& list = items[key];
  const auto same = [&](const KeyItem& other) { return other.name == item.name; };
  const auto found = std::ranges::find_if(list, same);
  if (found == list.end()) {
    list.push_back(item);
  } else if (item.evidence < found->evidence) {  // exact before alias before short
    *found = item;
  }
}

ItemsByKey collect(const std::vector<BuildName>& names, const std::vector<GazetteerAlias>& aliases) {
  ItemsByKey items;
  NameKeys by_key;
  for (NameId i = 0; i < names.size(); ++i) {
    const std::string key = folded_key(names[i].name);
    by_key[{names[i].part, key}].push_back(i);
    add_item(items, key, {i, Evidence::name_exact, AliasKind::legal, 1, 0});
    for (const std::string& variant : spelling_variants(key)) {
      add_item(items, variant, {i, Evidence::name_exact, AliasKind::legal, 1, 0});
    }
    add_item(items, short_name(key, names[i].part), {i, Evidence::name_short, AliasKind::short_form, 0, 0});
  }
  for (const GazetteerAlias& alias : aliases) {
    const auto bearers = by_key.find({alias.part, folded_key(alias.name)});
    if (bearers == by_key.end()) continue;
    const std::string key = folded_key(alias.alias);
    for (const NameId name : bearers->second) {
      add_item(items, key, {name, Evidence::name_alias, alias.kind, 1, 0});
      add_item(items, short_name(key, alias.part), {name, Evidence::name_short, alias.kind, 0, 0});
    }
  }
  return items;
}

void build_trie(BuildTables& tables) {
  std::unordered_map<std::uint64_t, std::uint32_t> edges;
  tables.node_keys.assign(1, kNone);
  for (std::uint32_t key = 0; key < tables.keys.size(); ++key) {
    const TextRef ref = tables.keys[key].text;
    const std::string_view text = std::string_view(tables.strings).substr(ref.begin, ref.length);
    std::uint32_t node = 0;
    for (std::size_t at = 0; at < text.size();) {
      const char32_t c = next_character(text, at);
      const auto [edge, added] = edges.emplace(std::uint64_t{node} << 21 | c, tables.node_keys.size());
      if (added) tables.node_keys.push_back(kNone);
      node = edge->second;
    }
    tables.node_keys[node] = key;
  }
  tables.trie.assign(std::bit_ceil(edges.size() * 2 + 2), TrieSlot{});
  std::vector<TrieSlot> slots;
  slots.reserve(edges.size());
  for (const auto& [edge, node] : edges) {
    slots.push_back({static_cast<std::uint32_t>(edge >> 21), static_cast<std::uint32_t>(edge & 0x1fffff), node});
  }
  std::ranges::sort(slots, {}, &TrieSlot::node);  // the table's bytes must not depend on the order of a hash map
  const std::size_t mask = tables.trie.size() - 1;
  for (const TrieSlot& slot : slots) {
    std::size_t i = trie_hash(slot.parent, slot.character) & mask;
    while (tables.trie[i].parent != kNone) i = (i + 1) & mask;
    tables.trie[i] = slot;
  }
}

}  // namespace

TextRef BuildTables::add_text(std::string_view text) {
  const TextRef ref{static_cast<std::uint32_t>(strings.size()), static_cast<std::uint32_t>(text.size())};
  strings += text;
  return ref;
}

void build_lexicon(BuildTables& tables, const std::vector<BuildName>& names,
                   const std::vector<GazetteerAlias>& aliases) {
  tables.keys.clear();
  tables.key_items.clear();
  for (auto& [key, items] : collect(names, aliases)) {
    std::ranges::stable_sort(items, [](const KeyItem& a, const KeyItem& b) {
      return std::pair(a.evidence, a.name) < std::pair(b.evidence, b.name);
    });
    tables.keys.push_back({tables.add_text(key), static_cast<std::uint32_t>(tables.key_items.size()),
                           static_cast<std::uint32_t>(items.size())});
    tables.key_items.insert(tables.key_items.end(), items.begin(), items.end());
  }
  build_trie(tables);
}

}  // namespace catchment::geo
