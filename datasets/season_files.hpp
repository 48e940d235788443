// The tables of a season (engine/admission/audits/season_tables.hpp) as a folder of CSV files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/admission/audits/season_tables.hpp"

namespace catchment::datasets {

// Reads every table; one without a file goes into `absent`, but season.csv must be there with exactly one row. UTF-8
// with the exact header, true and false as yes and no, days 2024-08-04, times 2024-08-04T08:00:00. Throws InputError
// with where = "children.csv:17#birth_date" (row 1 is the header): season_open, season_header, season_row (too few or
// too many fields), season_value, season_key (the same id twice); also a damaged CSV file's.
engine::admission::SeasonTables read_season_tables(const std::filesystem::path& folder);

// Writes every table that is not in `absent`; the folder is made if need be. What it writes reads back equal.
// Throws std::system_error.
void write_season_tables(const std::filesystem::path& folder, const engine::admission::SeasonTables& tables);

// One table as its file has it, cell by cell, each quoted where it has to be. Nothing: there is no such table, or it is
// absent.
struct SeasonCells {
  std::vector<std::string_view> columns;
  std::vector<bool> required;  // of each column
  std::vector<std::vector<std::string>> rows;
};
std::optional<SeasonCells> season_cells(const engine::admission::SeasonTables& tables, std::string_view file);

}  // namespace catchment::datasets
