// Tables of a season as files for offices and inspectors: the CSV files that `catchment audit` reads, cut to what a
// role may see. The list of fields (datasets/privacy/fields.tsv) is the permission: of tables about people a column
// that the role is not on is empty, and a table that cannot be told without such a column is withheld. Tables that say
// nothing of people (season, schools, zones, draws ...) are whole.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/admission/audits/season_tables.hpp"

namespace catchment::datasets {

struct ExportTable {
  std::string_view file;
  std::vector<std::string_view> columns;  // that are filled in
  bool about_people = false;
};
// What a role (school, district, city, auditor) is given, in the order of season_columns.hpp.
std::vector<ExportTable> export_tables(std::string_view role);

// Whose rows of tables about people. Both empty: all. A district's children are registered there or have a seat there;
// a school's have a seat there.
struct ExportCut {
  std::string role;
  std::string district, school;
};
// Throws InputError(export_unknown) for a file the role is not given, or that nobody has handed in.
std::string export_table(const engine::admission::SeasonTables& tables, std::string_view file, const ExportCut& cut);

}  // namespace catchment::datasets
