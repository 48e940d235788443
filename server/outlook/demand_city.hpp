// A city as forecasts and seat warnings take it: read from its package, with names, and the ledger of its seats.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "datasets/city_package.hpp"
#include "datasets/city_seats.hpp"
#include "engine/demand/forecaster.hpp"
#include "engine/demand/seats.hpp"

namespace catchment::outlook {

struct CityChoice {
  std::filesystem::path package, rules;  // rules empty: those shipped
  std::string plan;                      // of the package, instead of its zones
  int base_year = 0;                     // 0: the last with enrolment
};

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
DemandCity read_demand_city(const CityChoice& choice);

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

}  // namespace catchment::outlook
