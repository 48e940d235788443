// What the commands on plans of a package share: their options, the city, and the plan they begin with.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "datasets/city_plan.hpp"
#include "engine/planning/city/plan_change.hpp"

namespace catchment::cli {

struct PlanCityOptions {
  std::string package, rules, plan, assignment;
  int base_year = 0;  // 0: the last with enrolment, else the year before the last layer's
  int horizon = 12;
  unsigned threads = 0;
};

void add_plan_city_options(CLI::App& command, PlanCityOptions& options);
// Of these: which rules, which year, how far.
void add_plan_year_options(CLI::App& command, PlanCityOptions& options);

struct PlanDesk {
  datasets::CityPackage package;
  std::shared_ptr<const engine::planning::PlanCity> city;
  datasets::LoadedPlan start;  // by the package's zones, its plan or the table named
  bool has_demand = false;     // children and seats are known: the package has enrolment
};

// Empty if cancelled by Ctrl-C. Throws InputError: what reading a package, its rules, its demand and its plans throws;
// plan_row for a row of a table that cannot be used; plan_no_units.
std::optional<PlanDesk> open_plan_desk(const PlanCityOptions& options);

// The changes of a scenario file carried out; what a plan does not allow names its place in the file.
engine::planning::CityPlan change_plan(const engine::planning::CityPlan& start,
                                       const std::vector<engine::planning::PlanChange>& changes,
                                       const std::string& file);

// A table of units' schools: columns unit, stage, schools (ids joined by +), and if need be from_year, to_year (else
// all years) and kind. Throws InputError("plan_row", file:row).
std::vector<datasets::PlanRow> read_plan_rows(const std::string& file, const engine::planning::PlanCity& city);
std::string plan_rows_csv(const std::vector<datasets::PlanRow>& rows);

}  // namespace catchment::cli
