// Small seat inputs, written by hand. The schools are invented.
#pragma once

#include <string>
#include <vector>

#include "engine/demand/seats.hpp"

namespace catchment::engine::demand::test {

inline DemandRules rules_of(int cap = 45, double buffer = 0) {
  DemandRules rules;
  rules.stages = {{Stage::primary, 1, 6, cap, 56, 66, 20, buffer, ""}, {Stage::junior, 7, 9, 50, 56, 66, 20, 0, ""}};
  return rules;
}

// A primary school on one campus, with the pupils of each grade in the base year 2024 and all years to come.
inline SeatInput one_school(int rooms, const std::vector<double>& pupils, int last_year = 2025) {
  SeatInput input;
  input.base_year = 2024;
  input.last_year = last_year;
  input.campuses = {{"c", "s"}};
  input.rooms = {{"c", 2024, rooms}};
  input.units = {{"u", "s", "", "", Stage::primary, {{"c", 1, 6}}}};
  for (int year = 2024; year <= last_year; ++year) {
    int grade = 1;
    for (const double count : pupils) input.pupils.push_back({"u", year, grade++, count, std::nullopt});
  }
  return input;
}

inline bool balances(const SeatRow& row) {
  return row.seats + row.purchased + row.over ==
             row.sitting + row.reserved.total() + row.sold + row.buffer + row.free &&
         row.free >= 0 && row.over >= 0 && row.buffer >= 0 && (row.free == 0 || row.over == 0);
}

inline std::vector<std::string> note_words(const SeatLedger& ledger) {
  std::vector<std::string> words;
  for (const SeatNote& note : ledger.notes) {
    words.push_back(std::string(to_word(note.kind)) + " " + note.where + " " + std::to_string(note.school_year));
  }
  return words;
}

}  // namespace catchment::engine::demand::test
