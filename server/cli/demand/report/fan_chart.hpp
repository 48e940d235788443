// Charts of a series and what may become of it, as SVG that stands by itself.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/demand/forecast.hpp"

namespace catchment::cli::report {

struct Series {
  std::string title;                         // Chinese, read aloud before the figures
  std::vector<std::pair<int, double>> past;  // year and count, ascending
  int base_year = 0;
  std::vector<engine::demand::Estimate> to_come;  // from base_year + 1
  std::vector<std::pair<int, double>> seats;      // ascending; drawn as steps; may be empty
};

// Bands of 50, 80 and 90 %, the median, the past as points, seats as a step line.
std::string fan_chart(const Series& series);
// Past and median only, a line high.
std::string sparkline(const Series& series);
// What the marks of a fan chart mean.
std::string fan_legend();

}  // namespace catchment::cli::report
