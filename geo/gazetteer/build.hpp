// What a gazetteer is made from and in. Internal.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "geo/gazetteer/exact.hpp"
#include "geo/gazetteer/tables.hpp"

namespace catchment::geo {

struct BuildName {
  std::string name;
  std::string id;
  std::string parent_id;
  NameId parent = kNoName;
  AddressPart part = AddressPart::unknown;
  std::optional<Point> position;
  MultiPolygon shape;
  std::vector<Polyline> pieces;
};

struct BuildAddress {
  TextRef text;
  TextRef id;
  NameId street = kNoName;  // of its column
  std::uint32_t estate_key = kNone;
  NumberPath path{};  // of the door's column: lane, sublane, door
  std::optional<Point> position;
  double error_m = 0;
};

struct KeyedEntry {
  ExactKey key;
  EntryId entry = kNoEntry;
};

// The arrays of GazetteerTables while they grow; view() is valid until one of them changes.
struct BuildTables {
  GazetteerMeta meta;
  std::string strings;
  std::vector<NameRow> names;
  std::vector<std::uint32_t> child_starts;
  std::vector<NameId> child_items;
  std::vector<KeyRow> keys;
  std::vector<KeyItem> key_items;
  std::vector<std::uint32_t> node_keys;
  std::vector<TrieSlot> trie;
  std::vector<EntryRow> entries;  // what the four below are made from
  std::vector<StoredEntry> entry_rows;
  std::vector<EntryPlace> entry_places;
  std::vector<NumberWord> entry_words;
  std::vector<PackedNumber> rare_numbers;
  std::vector<EntryId> name_entries;
  std::vector<std::uint32_t> piece_starts;
  std::vector<Point> piece_points;
  std::vector<ExactSlot> exact;
  std::vector<EntryId> ids;
  std::vector<HashSlot> deletions;
  std::vector<HashSlot> readings;
  std::vector<SuffixRow> suffixes;
  std::vector<SuffixRow> pinyin;
  std::vector<SuffixRow> initials;
  std::string searched;
  std::vector<DoorAlias> door_aliases;
  std::vector<KeyedEntry> keyed;  // what `exact` is made from
  std::vector<Point> tree_points;
  std::vector<EntryId> tree_entries;

  TextRef add_text(std::string_view text);
  GazetteerTables view() const;
};

// Names by part and key, in the order they came.
using NameKeys = std::map<std::pair<AddressPart, std::string>, std::vector<NameId>>;

// Keys and trie from names and aliases. Replaces what is there.
void build_lexicon(BuildTables& tables, const std::vector<BuildName>& names,
                   const std::vector<GazetteerAlias>& aliases);
// What loose search needs of the keys: deletions, readings, and the places where suggestions may begin.
void build_similar(BuildTables& tables);
// Fills tables.entries from the texts; names that only the texts know are added to `names`.
void build_entries(BuildTables& tables, std::vector<BuildName>& names, NameKeys& by_key,
                   const std::vector<GazetteerAlias>& aliases, const std::vector<BuildAddress>& addresses,
                   const std::vector<std::string>& estate_keys);
void build_door_aliases(BuildTables& tables, const std::vector<GazetteerAlias>& aliases);
// Rows, children, the addresses of every name, sides and extents.
void build_names(BuildTables& tables, const std::vector<BuildName>& names);
void build_exact(BuildTables& tables);
// When nothing of the entries changes any more; their texts lie one behind the other.
void store_entries(BuildTables& tables);
void build_tree(BuildTables& tables);

}  // namespace catchment::geo
