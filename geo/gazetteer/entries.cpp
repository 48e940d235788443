#include "geo/gazetteer/entries.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <string_view>
#include <unordered_map>

#include "geo/gazetteer/build.hpp"

namespace catchment::geo {
namespace {

struct PlaceHash {
  std::size_t operator()(const EntryPlace& p) const {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(&p), sizeof p});
  }
};
static_assert(std::has_unique_object_representations_v<EntryPlace>);

// Gives every run of words the place where it begins, equal runs the same.
class WordRuns {
 public:
  explicit WordRuns(std::vector<NumberWord>& words) : words_(words) {}
  std::uint32_t place(const std::u32string& run) {
    if (run.empty()) return 0;
    const auto [found, added] = begins_.emplace(run, static_cast<std::uint32_t>(words_.size()));
    if (added) words_.insert(words_.end(), run.begin(), run.end());
    return found->second;
  }

 private:
  std::vector<NumberWord>& words_;
  std::unordered_map<std::u32string, std::uint32_t> begins_;
};

std::vector<PackedNumber> collect_rare_numbers(const std::vector<EntryRow>& entries) {
  std::vector<PackedNumber> numbers;
  for (const EntryRow& row : entries) {
    for (const PackedNumber number : row.path) {
      if (!fits_word(number)) numbers.push_back(number);
    }
  }
  std::ranges::sort(numbers);
  keep_once(numbers);
  return numbers;
}

}  // namespace

NumberPath EntryTable::path(EntryId e) const {
  const StoredEntry& row = rows[e];
  NumberPath path{};
  std::uint32_t at = row.first_word;
  for (std::uint32_t left = row.parts; left != 0; left &= left - 1) {
    path[static_cast<std::size_t>(std::countr_zero(left))] = number_at(at++);
  }
  return path;
}

EntryRow EntryTable::operator[](EntryId e) const {
  const StoredEntry& stored = rows[e];
  return {place(e), path(e), stored.position, stored.error_m, text(e), id(e), stored.has_position, stored.side};
}

void store_entries(BuildTables& tables) {
  tables.rare_numbers = collect_rare_numbers(tables.entries);
  std::unordered_map<EntryPlace, std::uint32_t, PlaceHash> places;
  WordRuns runs(tables.entry_words);
  std::u32string run;
  std::uint32_t text_end = 0;
  tables.entry_rows.reserve(tables.entries.size() + 1);
  for (const EntryRow& row : tables.entries) {
    StoredEntry stored;
    const auto [place, added] = places.emplace(row, static_cast<std::uint32_t>(tables.entry_places.size()));
    if (added) tables.entry_places.push_back(row);
    stored.place = place->second;
    run.clear();
    for (std::size_t part = 0; part < kPathParts; ++part) {
      const PackedNumber number = row.path[part];
      if (number == 0) continue;
      stored.parts = static_cast<std::uint16_t>(stored.parts | 1u << part);
      const auto listed = std::ranges::lower_bound(tables.rare_numbers, number);
      run += fits_word(number) ? to_word(number)
                               : kListedBit | static_cast<NumberWord>(listed - tables.rare_numbers.begin());
    }
    stored.first_word = runs.place(run);
    assert(row.text.begin == text_end || &row == tables.entries.data());
    assert(row.text.begin + row.text.length == row.id.begin);
    text_end = row.id.begin + row.id.length;
    stored.text = row.text.begin;
    stored.id = row.id.begin;
    stored.position = row.position;
    stored.error_m = row.error_m;
    stored.has_position = row.has_position;
    stored.side = row.side;
    tables.entry_rows.push_back(stored);
  }
  StoredEntry end;
  end.text = text_end;
  tables.entry_rows.push_back(end);
}

}  // namespace catchment::geo
