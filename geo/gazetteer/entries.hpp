// The addresses as they lie in the snapshot, and one of them as it is worked with. Internal to geo/gazetteer.
//
// Every byte is read when the snapshot is opened, so rows are short: of the nine numbers of a path an address has two
// to four, and those of most addresses are the numbers of another one too; the names are those of its neighbours.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

#include "geo/gazetteer/gazetteer.hpp"
#include "geo/gazetteer/packed.hpp"
#include "geo/point.hpp"

namespace catchment::geo {

struct TextRef {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
};

// What the addresses of one neighbourhood share.
struct EntryPlace {
  NameId street = kNoName;
  NameId estate = kNoName;
  NameId community = kNoName;
  NameId district = kNoName;
  std::int32_t postcode = 0;

  friend bool operator==(const EntryPlace&, const EntryPlace&) = default;
};

struct EntryRow : EntryPlace {
  NumberPath path{};
  Point position;
  float error_m = 0;
  TextRef text;
  TextRef id;
  std::uint8_t has_position = 0;
  std::uint8_t side = 0;  // of its street's line: 0 not known, 1 left, 2 right
};

struct StoredEntry {
  std::uint32_t place = 0;
  std::uint32_t first_word = 0;  // of its numbers, in the order of the parts it has
  std::uint32_t text = 0;        // into strings; its end is the begin of id, whose end is the next row's text
  std::uint32_t id = 0;
  Point position;
  float error_m = 0;
  std::uint16_t parts = 0;  // bit n: it has a number of PathPart n
  std::uint8_t has_position = 0;
  std::uint8_t side = 0;
};
static_assert(sizeof(StoredEntry) == 32, "two rows to a cache line");

struct EntryTable {
  std::span<const StoredEntry> rows;  // the last is no address: it ends the texts
  std::span<const EntryPlace> places;
  std::span<const NumberWord> words;
  std::span<const PackedNumber> rare_numbers;  // what does not fit a word, sorted

  std::size_t size() const { return rows.empty() ? 0 : rows.size() - 1; }
  bool has_position(EntryId e) const { return rows[e].has_position != 0; }
  Point position(EntryId e) const { return rows[e].position; }
  const EntryPlace& place(EntryId e) const { return places[rows[e].place]; }
  PackedNumber number(EntryId e, PathPart part) const {
    const StoredEntry& row = rows[e];
    if ((row.parts >> part & 1) == 0) return 0;
    return number_at(row.first_word + static_cast<std::uint32_t>(std::popcount(row.parts & ((1u << part) - 1))));
  }
  NumberPath path(EntryId e) const;
  TextRef text(EntryId e) const { return {rows[e].text, rows[e].id - rows[e].text}; }
  TextRef id(EntryId e) const { return {rows[e].id, rows[e + 1].text - rows[e].id}; }
  // Equal words are stored once.
  bool same_path(EntryId a, EntryId b) const {
    return rows[a].parts == rows[b].parts && rows[a].first_word == rows[b].first_word;
  }
  EntryRow operator[](EntryId e) const;

 private:
  PackedNumber number_at(std::uint32_t at) const {
    const NumberWord word = words[at];
    return (word & kListedBit) == 0 ? from_word(word) : rare_numbers[word & ~kListedBit];
  }
};

}  // namespace catchment::geo
