// A line on the terminal that says how far a long command is. Silent when standard error is no terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace catchment::cli {

class ProgressBar {
 public:
  explicit ProgressBar(std::string unit);
  ~ProgressBar();  // wipes the line
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Redraws at most ten times a second. share: 0-1 where known.
  void show(std::int64_t done, std::optional<double> share);

 private:
  std::string unit_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace catchment::cli
