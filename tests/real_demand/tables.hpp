// Published tables as rows of named fields, and back-tests as tables of text.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/demand/backtest.hpp"

namespace catchment::test {

class Table {
 public:
  // Throws InputError if the file cannot be read or is damaged.
  explicit Table(const std::filesystem::path& file);

  std::size_t rows() const { return rows_.size(); }
  // Empty where the row or the table has no such field.
  const std::string& text(std::size_t row, const std::string& column) const;
  // 0 where it is no whole number; commas between thousands are taken.
  int number(std::size_t row, const std::string& column) const;

 private:
  std::map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Every row with its error, coverage, and every baseline's error and gain.
void print(const engine::demand::BacktestReport& report);
const engine::demand::BacktestRow* find_row(const engine::demand::BacktestReport& report, int ahead,
                                            const std::string& group);
const engine::demand::Beside& beside(const engine::demand::BacktestRow& row, engine::demand::Baseline baseline);

// Says "ok" or "FAILED" with the words; counts what failed.
class Verdict {
 public:
  void expect(bool good, const std::string& words);
  void say(const std::string& words) const;
  int exit_code() const { return failed_ > 0 ? 1 : 0; }

 private:
  int failed_ = 0;
};

std::string format(const char* form, double a, double b = 0, double c = 0, double d = 0);

}  // namespace catchment::test
