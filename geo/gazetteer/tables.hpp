// The flat arrays of a gazetteer, as they lie in the snapshot. Internal to geo/gazetteer.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "geo/gazetteer/entries.hpp"
#include "geo/gazetteer/gazetteer.hpp"
#include "geo/gazetteer/packed.hpp"
#include "geo/point.hpp"
#include "geo/shapes.hpp"
#include "geo/snapshot.hpp"

namespace catchment::geo {

inline constexpr std::uint32_t kNone = 0xffffffffu;

struct NameRow {
  TextRef name;
  TextRef id;
  NameId parent = kNoName;
  Point position;
  Box box;  // of its shape, pieces or addresses
  std::uint32_t first_entry = 0;
  std::uint32_t entries = 0;
  std::uint32_t first_piece = 0;  // of a street's line
  std::uint32_t pieces = 0;
  std::int32_t odd_left = 0;
  std::int32_t odd_right = 0;
  std::int32_t even_left = 0;
  std::int32_t even_right = 0;
  AddressPart part = AddressPart::unknown;
  std::uint8_t has_position = 0;
  std::uint16_t unused = 0;
};

// One thing that bears a key.
struct KeyItem {
  NameId name = kNoName;
  Evidence evidence = Evidence::name_exact;  // name_exact, name_alias or name_short
  AliasKind alias_kind = AliasKind::legal;
  std::uint8_t listed = 1;  // names_at finds it; a short form made by us is found by find_names only
  std::uint8_t unused = 0;
};

// A key (see folded_key) with its items.
struct KeyRow {
  TextRef text;
  std::uint32_t first_item = 0;
  std::uint32_t items = 0;
};

struct TrieSlot {  // open addressing; parent node and character to node
  std::uint32_t parent = kNone;
  std::uint32_t character = 0;
  std::uint32_t node = 0;
};

struct ExactSlot {
  std::uint32_t low = 0;  // of an ExactKey; both 0 = empty
  std::uint32_t high = 0;
  EntryId entry = kNoEntry;  // kNoEntry: several have the text
};

struct HashSlot {  // of a name's variation (one character left out; its reading) to its key
  std::uint32_t hash = 0;
  std::uint32_t key = kNone;
};

struct SuffixRow {  // a place in a text of `searched` where a search may begin
  std::uint32_t begin = 0;
  std::uint32_t key = 0;
  std::uint16_t length = 0;
  std::uint16_t offset = 0;  // from the start of the key, in characters
};

struct DoorAlias {  // sorted by street, door
  NameId street = kNoName;
  NameId target_street = kNoName;
  PackedNumber door = 0;
  PackedNumber target_door = 0;
  AliasKind kind = AliasKind::former;
  std::uint8_t unused[7] = {};
};

struct GazetteerMeta {
  std::uint32_t layout = 3;
  std::uint32_t sub_forms_equal = 0;
  std::uint32_t has_districts = 0;
  std::uint32_t arrays = 0;
  std::array<std::uint64_t, 32> sizes{};  // of the arrays below, so that arrays of two cities are not mixed
};

struct GazetteerTables {
  std::optional<Snapshot> snapshot;  // whose pages the rest lies in; empty while building
  GazetteerMeta meta;
  std::string_view strings;
  std::span<const NameRow> names;
  std::span<const std::uint32_t> child_starts;  // names + 2: the last are the children of the city
  std::span<const NameId> child_items;
  std::span<const KeyRow> keys;
  std::span<const KeyItem> key_items;
  std::span<const std::uint32_t> node_keys;  // per trie node: its key or kNone
  std::span<const TrieSlot> trie;
  EntryTable entries;
  std::span<const EntryId> name_entries;
  std::span<const std::uint32_t> piece_starts;
  std::span<const Point> piece_points;
  std::span<const ExactSlot> exact;
  std::span<const EntryId> ids;         // open addressing by the hash of the id; kNoEntry = empty
  std::span<const HashSlot> deletions;  // sorted by hash
  std::span<const HashSlot> readings;   // sorted by hash
  std::span<const SuffixRow> suffixes;  // of keys, sorted by text
  std::span<const SuffixRow> pinyin;    // of readings in full, from a syllable on, sorted
  std::span<const SuffixRow> initials;
  std::string_view searched;  // what suffixes, pinyin and initials point into
  std::span<const DoorAlias> door_aliases;
  std::span<const Point> tree_points;  // a k-d tree in place: the middle of every range splits it
  std::span<const EntryId> tree_entries;

  std::string_view text(TextRef ref) const { return strings.substr(ref.begin, ref.length); }
  std::string_view text_of(EntryId entry) const { return text(entries.text(entry)); }
  std::string_view id_of(EntryId entry) const { return text(entries.id(entry)); }
  std::span<const EntryId> entries_of(NameId name) const {
    return name_entries.subspan(names[name].first_entry, names[name].entries);
  }
  std::span<const KeyItem> items_of(std::uint32_t key) const {
    return key_items.subspan(keys[key].first_item, keys[key].items);
  }
  bool equal_number(PackedNumber a, PackedNumber b) const {
    return same_form(a, meta.sub_forms_equal != 0) == same_form(b, meta.sub_forms_equal != 0);
  }
};

// Where a table of that size begins to look for a hash.
inline std::size_t first_slot(std::uint32_t hash, std::size_t size) {
  return static_cast<std::size_t>((std::uint64_t{hash} * size) >> 32);
}
std::size_t id_slot(std::string_view id, std::size_t size);

struct ExactKey;
// The one address that has the text, or kNoEntry.
EntryId exact_entry(const GazetteerTables& tables, ExactKey key);

// The items of a sorted span whose key is `value`.
template <class T, class Value, class Key>
std::span<T> equal_span(std::span<T> sorted, const Value& value, Key key) {
  const auto first = std::ranges::lower_bound(sorted, value, {}, key);
  const auto last = std::ranges::upper_bound(first, sorted.end(), value, {}, key);
  return {first, last};
}
// Leaves the first of equal neighbours.
template <class T, class Key = std::identity>
void keep_once(std::vector<T>& items, Key key = {}) {
  const auto same = [&](const T& a, const T& b) { return std::invoke(key, a) == std::invoke(key, b); };
  items.erase(std::unique(items.begin(), items.end(), same), items.end());
}

struct Gazetteer::Tables : GazetteerTables {};

}  // namespace catchment::geo
