// What the commands on demand share: their options, the city they speak of, its model, forecast and ledger.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "engine/demand/forecaster.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/outlook/demand_city.hpp"

namespace catchment::cli {

struct DemandOptions {
  std::string package, rules, plan, scenario;
  int base_year = 0;  // 0: the last with enrolment
  int horizon = 12;
  int draws = 1000;
  std::uint64_t seed = 1;
  unsigned threads = 0;
};

void add_city_options(CLI::App& command, DemandOptions& options);      // package, rules, base year, threads
void add_forecast_options(CLI::App& command, DemandOptions& options);  // plan, scenario, horizon, draws, seed

using outlook::DemandCity;
using outlook::make_seat_book;
using outlook::SeatBook;
using outlook::stage_place;

DemandCity read_demand_city(const DemandOptions& options);

// Null if cancelled by Ctrl-C.
std::unique_ptr<engine::demand::DemandModel> fit_city(const DemandCity& city, const DemandOptions& options,
                                                      ProgressBar& bar);
// The forecast with the scenario carried out; null if cancelled. The model must outlive it.
std::unique_ptr<engine::demand::Forecaster> forecast_city(const engine::demand::DemandModel& model,
                                                          const DemandOptions& options, ProgressBar& bar);

}  // namespace catchment::cli
