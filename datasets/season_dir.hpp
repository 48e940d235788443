// A season before it is run, as a folder of CSV files: who should come, where they live, what their papers say, and,
// where the season is made up, what each family does.
//
//   season.csv, schools.csv, zones.csv, children.csv   as season_files.hpp has them
//   sites.csv      where each school stands
//   families.csv   one line a child, in the order of children.csv
//   truth.csv      of a made-up season: what it was made with
//
// A child's id is its code (eight characters of Crockford's base32). Places are metres east and north of a corner of
// the city; one walks along a grid of streets.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/admission/audits/season_columns.hpp"

namespace catchment::datasets {

struct SeasonSite {
  std::string school_id;
  int x_m = 0, y_m = 0;
};

// Times of acts are millionths of the window they belong to, so that one season can be run under any calendar; nothing:
// the family does not do it. An answer of 1,000,000 or more comes too late.
struct SeasonFamily {
  std::string child_id;
  std::string unit;  // code of the sibling it is to stay together with; its own: alone
  int family = 0, dwelling = 0;
  int x_m = 0, y_m = 0;
  int namesake = 0;  // equal and not 0: the same name
  // Papers.
  bool hukou = false;                                  // of the city
  std::string hukou_with;                              // parents | grandparents | other | collective
  bool hukou_since_birth = false, hukou_here = false;  // registered where it lives
  bool property = false, grandparents_property = false;
  std::string permit;  // none | parent | guardian
  int residence_months = 0;
  bool lawful_work = false, lawful_home = false;
  engine::admission::MaybeDay hukou_since, property_since, permit_since;
  int points = 0;                // hundredths, of the district's table
  std::string claim, claim_way;  // school; direct_promotion | attached_estate | policy | placement
  bool granted = true;           // what an office decided where the pack leaves it to one
  // Acts.
  std::optional<int> registers, amends, on_site, late, chooses;
  bool mistaken = false;
  std::string choice;
  std::optional<int> answers_private, answers_public, moves, transfers;
  std::string transfers_to;
  std::optional<int> reports, returns;
};

struct SeasonTruth {
  std::string child_id;
  std::string situation;
  std::string expected;  // zone | points | coordinated | direct_promotion | policy | placement | none | deferred
};

struct SeasonDir {
  engine::admission::SeasonTables tables;
  std::vector<SeasonSite> sites;
  std::vector<SeasonFamily> families;
  std::vector<SeasonTruth> truth;  // may be empty
};

// The columns of files that no table of season_columns.hpp has, as {"families.csv", "x_m"}: what may be held of a child
// is listed in privacy/fields.tsv, and a test holds these to it.
std::vector<engine::admission::ColumnName> season_dir_columns();

// Throws InputError as read_season_tables does, and season_family where a line does not fit the tables.
SeasonDir read_season_dir(const std::filesystem::path& folder);
// Throws std::system_error.
void write_season_dir(const std::filesystem::path& folder, const SeasonDir& dir);

}  // namespace catchment::datasets
