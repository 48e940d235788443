#include "geo/gazetteer/gazetteer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

#include "geo/gazetteer/build.hpp"
#include "geo/gazetteer/find.hpp"
#include "geo/gazetteer/keys.hpp"
#include "geo/input_error.hpp"

namespace catchment::geo {
namespace {

template <std::size_t n, class Enum>
std::string_view word_of(const std::array<std::string_view, n>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

[[noreturn]] void misfit(const std::string& section) {
  throw InputError("snapshot_corrupt", section, "the section does not fit the others");
}

// Calls visit(section's name, array) for every array, so that saving, opening and measuring cannot differ.
template <class Tables, class Visit>
void for_each_array(Tables& t, Visit&& visit) {
  visit("strings", t.strings);
  visit("names", t.names);
  visit("child_starts", t.child_starts);
  visit("child_items", t.child_items);
  visit("keys", t.keys);
  visit("key_items", t.key_items);
  visit("node_keys", t.node_keys);
  visit("trie", t.trie);
  visit("entries", t.entries.rows);
  visit("entry_places", t.entries.places);
  visit("entry_words", t.entries.words);
  visit("rare_numbers", t.entries.rare_numbers);
  visit("name_entries", t.name_entries);
  visit("piece_starts", t.piece_starts);
  visit("piece_points", t.piece_points);
  visit("exact", t.exact);
  visit("ids", t.ids);
  visit("deletions", t.deletions);
  visit("readings", t.readings);
  visit("suffixes", t.suffixes);
  visit("pinyin", t.pinyin);
  visit("initials", t.initials);
  visit("searched", t.searched);
  visit("door_aliases", t.door_aliases);
  visit("tree_points", t.tree_points);
  visit("tree_entries", t.tree_entries);
}

}  // namespace

std::string_view to_word(MatchLevel level) {
  constexpr std::array<std::string_view, 7> kWords{"door",      "interpolated", "estate", "street",
                                                   "community", "district",     "city"};
  return word_of(kWords, level);
}

std::string_view to_word(FindStatus status) {
  constexpr std::array<std::string_view, 5> kWords{"definite", "choose", "interpolated", "street_only", "unknown"};
  return word_of(kWords, status);
}

std::string_view to_word(Evidence evidence) {
  constexpr std::array<std::string_view, 12> kWords{
      "exact_text", "name_exact",   "name_alias",  "name_short",     "name_homophone", "name_look_alike",
      "name_typo",  "number_exact", "number_form", "number_between", "part_missing",   "part_contradicted"};
  return word_of(kWords, evidence);
}

bool StreetSides::known() const {
  const int all = odd_on_left + odd_on_right + even_on_left + even_on_right;
  const int agree = std::max(odd_on_left + even_on_right, odd_on_right + even_on_left);
  return all >= 4 && agree * 10 >= all * 9;
}

bool StreetSides::odd_is_left() const { return odd_on_left + even_on_right > odd_on_right + even_on_left; }

GazetteerTables BuildTables::view() const {
  GazetteerTables t;
  t.meta = meta;
  t.strings = strings;
  t.names = names;
  t.child_starts = child_starts;
  t.child_items = child_items;
  t.keys = keys;
  t.key_items = key_items;
  t.node_keys = node_keys;
  t.trie = trie;
  t.entries = {entry_rows, entry_places, entry_words, rare_numbers};
  t.name_entries = name_entries;
  t.piece_starts = piece_starts;
  t.piece_points = piece_points;
  t.exact = exact;
  t.ids = ids;
  t.deletions = deletions;
  t.readings = readings;
  t.suffixes = suffixes;
  t.pinyin = pinyin;
  t.initials = initials;
  t.searched = searched;
  t.door_aliases = door_aliases;
  t.tree_points = tree_points;
  t.tree_entries = tree_entries;
  return t;
}

Gazetteer::Gazetteer(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}

void Gazetteer::save(SnapshotWriter& writer, const std::string& prefix) const {
  GazetteerMeta meta = tables_->meta;
  meta.arrays = 0;
  for_each_array(*tables_, [&](const char*, const auto& array) { meta.sizes.at(meta.arrays++) = array.size(); });
  writer.add(prefix + "meta", std::span<const GazetteerMeta>(&meta, 1));
  for_each_array(*tables_, [&](const char* name, const auto& array) {
    if constexpr (std::is_same_v<std::decay_t<decltype(array)>, std::string_view>) {
      writer.add_text(prefix + name, array);
    } else {
      writer.add(prefix + name, array);
    }
  });
}

// The checksum has been verified: these checks guard against a snapshot of another program version.
Gazetteer Gazetteer::open(const Snapshot& snapshot, const std::string& prefix) {
  const auto meta = snapshot.get<GazetteerMeta>(prefix + "meta");
  if (meta.size() != 1 || meta[0].layout != GazetteerMeta{}.layout) misfit(prefix + "meta");
  auto tables = std::make_shared<Tables>();
  Tables& t = *tables;
  t.snapshot = snapshot;
  t.meta = meta[0];
  std::size_t arrays = 0;
  for_each_array(t, [&](const char* name, auto& array) {
    using Array = std::decay_t<decltype(array)>;
    if constexpr (std::is_same_v<Array, std::string_view>) {
      array = snapshot.get_text(prefix + name);
    } else {
      array = snapshot.get<typename Array::value_type>(prefix + name);
    }
    if (array.size() != t.meta.sizes.at(arrays++)) misfit(prefix + name);
  });
  if (t.child_starts.size() != t.names.size() + 2 || t.child_starts.back() != t.child_items.size()) {
    misfit(prefix + "child_starts");
  }
  if (t.node_keys.empty()) misfit(prefix + "node_keys");
  if (t.piece_starts.empty() || t.piece_starts.back() != t.piece_points.size()) misfit(prefix + "piece_starts");
  if (t.tree_points.size() != t.tree_entries.size()) misfit(prefix + "tree_points");
  // Look-ups mask with the size and end at an empty slot.
  const auto open_slot = [](const TrieSlot& slot) { return slot.parent == kNone; };
  if (!std::has_single_bit(t.trie.size()) || std::ranges::none_of(t.trie, open_slot)) misfit(prefix + "trie");
  if (t.entries.rows.empty()) misfit(prefix + "entries");
  if (t.ids.size() <= t.entries.size()) misfit(prefix + "ids");
  if (std::ranges::find(t.exact, 0u, &ExactSlot::high) == t.exact.end()) misfit(prefix + "exact");
  return Gazetteer(std::move(tables));
}

std::size_t Gazetteer::size_bytes() const {
  std::size_t sum = sizeof(GazetteerMeta);
  for_each_array(*tables_, [&](const char*, const auto& array) { sum += array.size() * sizeof(array[0]); });
  return sum;
}

void Gazetteer::names_at(std::string_view normal, std::vector<Hit>& out) const { append_hits(*tables_, normal, out); }

std::size_t Gazetteer::name_count() const { return tables_->names.size(); }

NamedThing Gazetteer::thing(NameId name) const {
  if (name >= tables_->names.size()) throw std::out_of_range("no such name");
  const NameRow& row = tables_->names[name];
  NamedThing thing;
  thing.part = row.part;
  thing.name = tables_->text(row.name);
  thing.id = tables_->text(row.id);
  thing.parent = row.parent;
  if (row.has_position != 0) thing.position = row.position;
  thing.box = row.box;
  return thing;
}

std::vector<NameId> Gazetteer::children(NameId parent) const {
  const std::size_t of = parent == kNoName ? tables_->names.size() : parent;
  if (of > tables_->names.size()) throw std::out_of_range("no such name");
  const auto items = tables_->child_items.subspan(tables_->child_starts[of],
                                                  tables_->child_starts[of + 1] - tables_->child_starts[of]);
  return {items.begin(), items.end()};
}

StreetSides Gazetteer::sides(NameId street) const {
  if (street >= tables_->names.size()) throw std::out_of_range("no such name");
  const NameRow& row = tables_->names[street];
  return {row.odd_left, row.odd_right, row.even_left, row.even_right};
}

std::size_t Gazetteer::entry_count() const { return tables_->entries.size(); }

Entry Gazetteer::entry(EntryId id) const {
  if (id >= tables_->entries.size()) throw std::out_of_range("no such address");
  const EntryRow row = tables_->entries[id];
  Entry entry;
  entry.path = path_of(row);
  if (row.has_position != 0) entry.position = row.position;
  entry.error_m = static_cast<double>(row.error_m);
  entry.id = tables_->id_of(id);
  entry.text = tables_->text_of(id);
  return entry;
}

std::optional<EntryId> Gazetteer::find_id(std::string_view id) const {
  const auto slots = tables_->ids;
  std::size_t slot = id_slot(id, slots.size());
  for (; slots[slot] != kNoEntry; slot = slot + 1 == slots.size() ? 0 : slot + 1) {
    if (tables_->id_of(slots[slot]) == id) return slots[slot];
  }
  return std::nullopt;
}

std::span<const EntryId> Gazetteer::entries_of(NameId name) const {
  if (name >= tables_->names.size()) throw std::out_of_range("no such name");
  return tables_->entries_of(name);
}

}  // namespace catchment::geo
