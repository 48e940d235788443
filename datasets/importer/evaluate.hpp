// A source row's texts -> a package row's columns, by the mapping. Pure: knows neither GDAL nor SQLite.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "datasets/importer/mapping.hpp"

namespace catchment::datasets {

// Why a row is refused. Thrown inside an import, reported with its row, never seen outside.
struct RowProblem {
  std::string field;  // column of the package, or empty
  std::string code;
  std::string reason;
};

// One source row as text. fields[slot] belongs to Mapping::fields; absent fields are empty.
struct SourceRow {
  std::span<const std::string_view> fields;
  std::int64_t row = 0;  // 1 = the first of its layer
  std::int64_t fid = 0;
};

using Cell = std::variant<std::string_view, std::int64_t, double, std::monostate>;  // the last: NULL

// Not thread-safe. What it returns stays valid until the next begin().
class Evaluator {
 public:
  void begin(const SourceRow& row);

  // Throws RowProblem(not_utf8 | value_unmapped | not_a_number); `field` is left empty.
  std::string_view text(const Value& value);
  // Does the target want this row at all?
  bool selects(const Target& target);
  // The columns in the order of the table, checked by their rules. Throws RowProblem with the column's name; codes as
  // above and value_missing, value_rule, value_long.
  void columns(const Target& target, std::vector<Cell>& out);
  // A zone's schools, split, trimmed, without repeats.
  void schools(const Target& target, std::vector<std::string_view>& out);
  // A number of a position. Throws RowProblem(not_a_number).
  double number(const Value& value);

 private:
  std::string_view raw(const Value& value);
  std::string_view from_template(const Value& value);
  std::string_view sum(const Value& value);
  bool holds(const Condition& condition);
  std::string& scratch();

  SourceRow row_;
  std::vector<std::unique_ptr<std::string>> pool_;
  std::size_t used_ = 0;
};

// The text as this column's cell. Throws RowProblem.
Cell checked_cell(const Column& column, std::string_view text);

}  // namespace catchment::datasets
