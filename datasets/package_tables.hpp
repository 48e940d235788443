// The city package's tables as data: what a reader must find, what a writer binds and what an import may fill. Says the
// same as schema.sql; a test compares the two.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace catchment::datasets {

enum class ColumnType { text, integer, real };
enum class ColumnRule {
  any,
  id,         // not empty
  word,       // one of `words`
  word_list,  // comma-separated, each one of `words`, at least one
  date,       // ISO date or empty
  year,       // 1900-2200
  month,      // 0-12
  count,      // not negative
  positive,
  share,     // 0-1
  prose,     // may be as long as a notice
  maybe,     // a count, or NULL when nothing is said
  position,  // NULL, or half of the row's position in degrees; an import takes it from geometry, never from a column
};

struct Column {
  std::string_view name;
  ColumnType type = ColumnType::text;
  ColumnRule rule = ColumnRule::any;
  std::string_view fallback = {};  // taken when an import says nothing; data() == nullptr: the import must say
  std::string_view words = {};     // separated by spaces
  std::string_view refers = {};    // "table.column"s, by spaces, one of which must have the value unless it is empty
};

enum class Shape { none, point, line, area };

struct Table {
  std::string_view name;
  std::string_view title;  // as QGIS shows it
  Shape shape = Shape::none;
  bool shape_required = false;
  std::vector<std::string_view> key;  // columns of the unique index <name>_key
  std::vector<Column> columns;        // without fid, geom and source
};

// The tables an import can fill, features first.
std::span<const Table> package_tables();
// nullptr if there is no such table.
const Table* find_table(std::string_view name);
// Position in table.columns, or npos.
std::size_t column_index(const Table& table, std::string_view column);

}  // namespace catchment::datasets
