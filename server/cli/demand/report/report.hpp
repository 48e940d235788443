// A forecast as one page for whoever decides: figures, map, charts, warnings, how sure it is and why.
#pragma once

#include <string>
#include <vector>

#include "engine/demand/backtest.hpp"
#include "server/cli/demand/demand_rows.hpp"
#include "server/cli/demand/demand_warnings.hpp"

namespace catchment::cli::report {

struct ReportInput {
  const DemandCity& city;
  const DemandOptions& options;
  const engine::demand::DemandModel& model;
  const engine::demand::Forecast& forecast;
  const SeatBook& seats;
  const std::vector<DemandArea>& areas;
  const std::vector<engine::demand::SeatWarning>& warnings;
  const engine::demand::BacktestReport* backtest = nullptr;  // null: not made
  std::string no_backtest;                                   // why not
  int map_year = 0;
};

// One self-contained XHTML file: no script, no request. Bytes follow from the input.
std::string make_report(const ReportInput& input);

}  // namespace catchment::cli::report
