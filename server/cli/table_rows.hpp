// A plain table of text with a header line, read row by row: the tables the planning commands take.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/importer/csv_reader.hpp"

namespace catchment::cli {

// Tab, comma, semicolon or bar between fields; names of columns in any case, spaces around fields dropped, other
// columns ignored. Columns are numbered as wanted, those that may lack behind the others. Every error is
// InputError("plan_table", file:row, field and fault); rows are counted as records, the header being 1.
class TableRows {
 public:
  TableRows(const std::string& path, std::vector<std::string> wanted, std::vector<std::string> may_lack = {});

  bool next();
  bool has(std::size_t column) const;                // the table has the column
  bool empty(std::size_t column) const;              // the column lacks, or the field is empty
  std::string_view field(std::size_t column) const;  // empty if the column lacks; without space around it
  std::string_view text(std::size_t column) const;   // the same, not empty
  double number(std::size_t column, double least, double most) const;
  int count(std::size_t column) const;  // 0 to 10^7

  [[noreturn]] void fail(std::size_t column, const std::string& what) const;
  std::string where() const;

 private:
  std::string path_;
  std::vector<std::string> names_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::unique_ptr<datasets::CsvReader> reader_;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> places_;  // of columns; SIZE_MAX: lacks
  std::size_t width_ = 0;
  std::int64_t row_ = 1;
};

}  // namespace catchment::cli
