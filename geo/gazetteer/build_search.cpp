#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <set>

#include "geo/address/normal_text.hpp"
#include "geo/gazetteer/build.hpp"
#include "geo/gazetteer/exact.hpp"
#include "geo/gazetteer/keys.hpp"
#include "geo/gazetteer/similar_names.hpp"

namespace catchment::geo {
namespace {

void sort_slots(std::vector<HashSlot>& slots) {
  const auto order = [](const HashSlot& s) { return std::pair(s.hash, s.key); };
  std::ranges::sort(slots, {}, order);
  keep_once(slots, order);
}

// Rows for searching `text` from each of the given byte offsets on.
void add_suffixes(BuildTables& tables, std::vector<SuffixRow>& rows, std::uint32_t key, std::string_view text,
                  const std::vector<std::uint16_t>& starts) {
  const auto begin = static_cast<std::uint32_t>(tables.searched.size());
  tables.searched += text;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    rows.push_back(
        {begin + starts[i], key, static_cast<std::uint16_t>(text.size() - starts[i]), static_cast<std::uint16_t>(i)});
  }
}

void sort_suffixes(const BuildTables& tables, std::vector<SuffixRow>& rows) {
  const std::string_view all = tables.searched;
  std::ranges::sort(rows, [&](const SuffixRow& a, const SuffixRow& b) {
    const int order = all.substr(a.begin, a.length).compare(all.substr(b.begin, b.length));
    return order != 0 ? order < 0 : std::pair(a.key, a.offset) < std::pair(b.key, b.offset);
  });
}

constexpr std::size_t kMaxKeyBytes = 600;  // longer names are not suggested

}  // namespace

void build_similar(BuildTables& tables) {
  for (std::uint32_t key = 0; key < tables.keys.size(); ++key) {
    const TextRef ref = tables.keys[key].text;
    const std::string text = tables.strings.substr(ref.begin, ref.length);
    const std::u32string characters = to_characters(text);
    for (const std::uint32_t hash : deletion_hashes(characters)) tables.deletions.push_back({hash, key});
    for (const std::uint32_t hash : reading_hashes(characters)) tables.readings.push_back({hash, key});
    const auto items = std::span(tables.key_items).subspan(tables.keys[key].first_item, tables.keys[key].items);
    if (text.size() > kMaxKeyBytes || std::ranges::none_of(items, [](const KeyItem& i) { return i.listed != 0; })) {
      continue;
    }
    std::vector<std::uint16_t> starts;
    for (std::size_t at = 0; at < text.size(); next_character(text, at)) {
      starts.push_back(static_cast<std::uint16_t>(at));
    }
    add_suffixes(tables, tables.suffixes, key, text, starts);
    for (const SpelledName& spelled : spell(characters)) {
      add_suffixes(tables, tables.pinyin, key, spelled.full, spelled.starts);
      std::vector<std::uint16_t> each(spelled.initials.size());
      for (std::size_t i = 0; i < each.size(); ++i) each[i] = static_cast<std::uint16_t>(i);
      add_suffixes(tables, tables.initials, key, spelled.initials, each);
    }
  }
  sort_slots(tables.deletions);
  sort_slots(tables.readings);
  sort_suffixes(tables, tables.suffixes);
  sort_suffixes(tables, tables.pinyin);
  sort_suffixes(tables, tables.initials);
}

// Sub-ranges are split at their middle by the longer side of their box; nearest() walks them the same way.
void build_tree(BuildTables& tables) {
  std::vector<EntryId>& ids = tables.tree_entries;
  for (EntryId e = 0; e < tables.entries.size(); ++e) {
    if (tables.entries[e].has_position != 0) ids.push_back(e);
  }
  const auto place = [&](EntryId e) { return tables.entries[e].position; };
  const auto split = [&](const auto& self, std::size_t first, std::size_t last, bool by_lon) -> void {
    if (last - first < 2) return;
    const std::size_t mid = first + (last - first) / 2;
    const auto key = [&](EntryId e) {
      const Point p = place(e);
      return by_lon ? std::tuple(p.lon, p.lat, e) : std::tuple(p.lat, p.lon, e);
    };
    const auto at = [&](std::size_t i) { return ids.begin() + static_cast<std::ptrdiff_t>(i); };
    std::nth_element(at(first), at(mid), at(last), [&](EntryId a, EntryId b) { return key(a) < key(b); });
    self(self, first, mid, !by_lon);
    self(self, mid + 1, last, !by_lon);
  };
  split(split, 0, ids.size(), true);
  for (const EntryId e : ids) tables.tree_points.push_back(place(e));
}

void build_exact(BuildTables& tables) {
  const GazetteerTables view = tables.view();
  std::vector<KeyedEntry>& keyed = tables.keyed;
  std::ranges::sort(keyed, {}, [](const KeyedEntry& k) { return std::pair(k.key, k.entry); });
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < keyed.size(); ++i) distinct += i == 0 || keyed[i].key != keyed[i - 1].key;
  tables.exact.assign(distinct + distinct / 2 + 2, ExactSlot{});
  for (std::size_t i = 0; i < keyed.size();) {
    std::size_t next = i + 1;
    bool several = false;
    for (; next < keyed.size() && keyed[next].key == keyed[i].key; ++next)
      several |= keyed[next].entry != keyed[i].entry;
    std::size_t slot = first_slot(keyed[i].key.low, tables.exact.size());
    while (tables.exact[slot].high != 0) slot = slot + 1 == tables.exact.size() ? 0 : slot + 1;
    tables.exact[slot] = {keyed[i].key.low, keyed[i].key.high, several ? kNoEntry : keyed[i].entry};
    i = next;
  }
  tables.ids.assign(tables.entries.size() + tables.entries.size() / 2 + 2, kNoEntry);
  for (EntryId e = 0; e < tables.entries.size(); ++e) {
    std::size_t slot = id_slot(view.text(tables.entries[e].id), tables.ids.size());
    while (tables.ids[slot] != kNoEntry) slot = slot + 1 == tables.ids.size() ? 0 : slot + 1;
    tables.ids[slot] = e;
  }
}

std::size_t id_slot(std::string_view id, std::size_t size) {
  return first_slot(static_cast<std::uint32_t>(XXH3_64bits(id.data(), id.size()) >> 32), size);
}

}  // namespace catchment::geo
