// Lines of an answer per row: cells of CSV, and an output that appears whole or not at all.
#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "datasets/partial_file.hpp"

namespace catchment::cli {

void append_item(std::string& list, const std::string& item);  // separated by ';'
// A cell as CSV wants it; what a spreadsheet would run as a formula is disarmed.
void append_csv(std::string& out, const std::string& text);
std::string fixed(double value, int digits);

// Calls work(slice, first, end) for `slices` shares of [0, count), each on a thread of its own.
void in_slices(std::size_t count, std::size_t slices,
               const std::function<void(std::size_t, std::size_t, std::size_t)>& work);

// An empty path is standard output; a file appears when finish() has succeeded. Throws std::system_error.
class RowOutput {
 public:
  explicit RowOutput(const std::filesystem::path& path);
  ~RowOutput();
  RowOutput(const RowOutput&) = delete;
  RowOutput& operator=(const RowOutput&) = delete;

  void write(const std::string& text);
  void finish();

 private:
  [[noreturn]] void fail() const;

  std::filesystem::path path_;
  std::unique_ptr<datasets::PartialFile> partial_;
  std::FILE* file_ = stdout;
};

}  // namespace catchment::cli
