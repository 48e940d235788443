// What a run of a season leaves behind: the tables that audits and ledgers read, and what a checker needs beside them.
//
//   *.csv           the tables of a season (season_files.hpp), as far as a run can know them
//   outcomes.csv    one line a child, with its answer: where, how, by which clause, and what its order was
//   overflow.csv    who was placed outside its zone: the order among those placed together
//   events.csv      every event of the season, in order
//   sites.csv       where schools stand
//   draws/<id>/     the files of each draw: draw/1 (of private schools with gone.tsv and promotions.tsv, so that the
//                   waiting list can be followed), classes/1 and heads/1
//   run.txt         policy, seed, rule of overflow, and what the pack left open
#pragma once

#include <filesystem>
#include <functional>
#include <span>

#include "datasets/season_input.hpp"

namespace catchment::datasets {

struct SeasonRun {
  const SeasonDir& dir;
  const engine::policy::PolicyPack& pack;
  std::span<const LevelInput> levels;
  std::span<const engine::admission::RunResult> results;  // of each level
  std::uint64_t seed = 1;
};

// The columns of the files above that no table of season_columns.hpp has; see season_dir_columns.
std::vector<engine::admission::ColumnName> season_run_columns();

// Writes beside `out` and renames; what was there before is replaced whole, and only if it is the output of a run (it
// has a run.txt) or empty: InputError("season_output") otherwise. Throws std::system_error. False: `cancelled`, and
// nothing changed.
bool write_season_run(const std::filesystem::path& out, const SeasonRun& run, const std::function<bool()>& cancelled);

}  // namespace catchment::datasets
