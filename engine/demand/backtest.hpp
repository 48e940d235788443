// What a forecast would have been worth: made from past years, measured by what came.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "engine/demand/baselines.hpp"
#include "engine/demand/calibration.hpp"

namespace catchment::engine::demand {

struct BacktestOptions {
  int first_origin = 0;  // base years; 0: as early as two years of the past allow
  int last_origin = 0;   // 0: the last year but one
  int horizon = 5;       // years ahead, 1 to 12
  int draws = 1000;
  unsigned threads = 0;
  std::function<bool(double)> progress;  // share done; false cancels
};

struct Errors {
  std::size_t n = 0;
  double mae = 0;   // mean absolute error, pupils
  double mape = 0;  // mean absolute error as a share of the actual, %
  double bias = 0;  // mean of forecast - actual, pupils
  double rmse = 0;
};

// Beside one baseline, on the outcomes both have.
struct Beside {
  Errors baseline, model;
  double gain = 0;      // 1 - model mae / baseline mae
  double gain_se = 0;   // its standard error: what is independent is target years, of fewer than three schools
  bool better = false;  // gain - 1.645 standard errors > 0: fewer than one in twenty by luck
};

// One group of outcomes at one distance.
struct BacktestRow {
  int ahead = 1;
  std::string group;  // all | entry | sitting | <stage word> | zone_children (of entry age; no baselines) | city_grade
                      // | city_stage
  Errors model;
  std::array<double, 3>
      coverage{};       // of 50, 80, 90 %: share of outcomes inside, by calibration learnt before each origin
  double width_90 = 0;  // mean width of the 90 % interval, pupils
  std::array<Beside, kBaselines.size()> beside;  // of city rows: baselines summed over schools
  double floor = 0;  // mae of ratios fitted in hindsight (noise_floor), of rows one year ahead; else 0
};

struct BacktestReport {
  int first_origin = 0, last_origin = 0;
  std::size_t excluded = 0;       // outcomes of schools that opened or ended in between
  std::vector<BacktestRow> rows;  // by distance, then group
  bool cancelled = false;
};

// Every origin is forecast from what was known by it (boundaries, feeders and housing announced for later years
// included), and its intervals are widened by what earlier origins taught by then. O(origins x a fit and a forecast).
BacktestReport backtest(const CityHistory& history, const BacktestOptions& options = {});

// How little a forecast one year ahead can miss by, as mean absolute pupils of sitting grades: every school's and
// grade's ratio and every year's shock of the city fitted in hindsight, on all years, the left-out outcome excepted.
// What is left is chance and schools' own shocks, which nobody knows in advance.
double noise_floor(const CityHistory& history, int first_target, int last_target);

}  // namespace catchment::engine::demand
