// What the commands on demand share: their options, the city they speak of, its model, forecast and ledger.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "datasets/city_seats.hpp"
#include "engine/demand/forecaster.hpp"
#include "engine/demand/warnings.hpp"
#include "server/cli/progress_bar.hpp"

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

// A city read from its package, with its names.
struct DemandCity {
  datasets::CityPackage package;
  engine::demand::DemandRules rules;
  std::string rules_name;
  engine::demand::CityHistory history;
  std::map<std::string, std::string> names;      // school id to name
  std::map<std::string, std::string> ownership;  // school id to public | private
  int base_year = 0;

  const std::string& name_of(const std::string& school_id) const;  // its id if it has no name
  bool is_private(const std::string& school_id) const;
};

// Throws InputError: rules_*, plan_unknown, plan_row, demand_no_enrolment, and what a history refuses.
DemandCity read_demand_city(const DemandOptions& options);

// Null if cancelled by Ctrl-C.
std::unique_ptr<engine::demand::DemandModel> fit_city(const DemandCity& city, const DemandOptions& options,
                                                      ProgressBar& bar);
// The forecast with the scenario carried out; null if cancelled. The model must outlive it.
std::unique_ptr<engine::demand::Forecaster> forecast_city(const engine::demand::DemandModel& model,
                                                          const DemandOptions& options, ProgressBar& bar);

// The place of a stage among the rules' first two, which are forecast.
std::size_t stage_place(const engine::demand::DemandRules& rules, engine::Stage stage);

struct SeatBook {
  datasets::CitySeats city;
  engine::demand::SeatLedger ledger;
  std::map<std::string, const engine::demand::AdmissionUnit*> units;  // by id
  std::map<std::string, std::string> campus_school;
};
// The ledger from the base year to the forecast's last. Of a school that only the scenario knows no rooms are known: it
// has no lines.
std::unique_ptr<SeatBook> make_seat_book(const DemandCity& city, const engine::demand::Forecast& forecast);

}  // namespace catchment::cli
