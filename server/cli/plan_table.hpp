// A table with a header line, read row by row; every complaint names file, row and column.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::datasets {
class CsvReader;
}

namespace catchment::cli {

// Columns are addressed by their place in `wanted`; names of columns in any case, other columns are ignored. Rows are
// counted as records, the header being 1. Tab, comma, semicolon or bar between fields. Throws InputError("plan_table").
class PlanTable {
 public:
  PlanTable(const std::string& path, std::vector<std::string> wanted);
  ~PlanTable();

  bool next();  // false at the end

  std::string_view field(std::size_t column) const;  // without white space around it; valid until next()
  std::string_view text(std::size_t column) const;   // the same, not empty
  double number(std::size_t column, double least, double most) const;
  int count(std::size_t column) const;  // a whole number from 0 to 10^7

  [[noreturn]] void fail(std::size_t column, const std::string& what) const;
  std::string where() const;

 private:
  std::string path_;
  std::vector<std::string> wanted_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::unique_ptr<datasets::CsvReader> reader_;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> places_;
  std::size_t width_ = 0;
  std::int64_t row_ = 1;
};

}  // namespace catchment::cli
