// A city package as boundary plans take it: the city they speak of, and plans by its zones or its plan tables.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "engine/demand/forecast.hpp"
#include "engine/demand/model.hpp"
#include "engine/planning/city/city_plan.hpp"

namespace catchment::datasets {

struct PlanCityInput {
  engine::demand::DemandRules rules;
  int base_year = 0;
  int horizon = 12;
  // Both or neither: without them nobody expects children, and seats are not known.
  std::shared_ptr<const engine::demand::DemandModel> demand;
  const engine::demand::Forecast* forecast = nullptr;
  bool walks = true;  // false: none are reckoned, and none later
  int threads = 1;
};

// * Units are numbered as the package lists them, by id; so are schools, those that are closed left out.
// * An address is of the unit it names, else of the one its position lies in; the others are counted.
// * Walks go from the middle address of a unit, on streets of all kinds; rivers, railways, trunk roads and streets of
//   kind trunk are barriers, crossed where streets lead over them. By the straight line, marked, where there is no way.
// * rezoned_before counts the changes between the package's layers up to the base year's.
// Throws InputError as CityPackage and load_city_seats do. A million addresses take some seconds, walks two more.
std::shared_ptr<const engine::planning::PlanCity> load_plan_city(const CityPackage& package,
                                                                 const PlanCityInput& input);

// Something in a source that a plan cannot say as it is.
struct PlanNote {
  enum class Kind {
    unit_cut,     // lines of zones cut a unit, or zones overlap in it: it is of the zone with most of its addresses
    no_zone,      // most of a unit's addresses lie in none
    kind_passed,  // a layer beside the one that was taken
  };
  Kind kind{};
  engine::Stage stage = engine::Stage::primary;
  int school_year = 0;
  std::vector<std::string> units;
  std::string message;
};
std::string_view to_word(PlanNote::Kind kind);

struct LoadedPlan {
  engine::planning::CityPlan plan;
  std::vector<PlanNote> notes;  // by stage, year, kind
};

// Each unit of the city as it was read has the schools of the zone that most of its addresses lie in (datasets/
// unit_shares says what an address is); several schools of one zone are a shared zone. Each year the layer in force
// counts: the last at or before it, else the first; of kind "general", else the first kind. Schools the city does not
// have are left out.
LoadedPlan plan_of_zones(const CityPackage& package, std::shared_ptr<const engine::planning::PlanCity> city);

// The same, but for the stage of a plan of the package: from its school year (or the first) on, its units are as it
// says and the others nobody's. Throws InputError: plan_unknown, plan_row.
LoadedPlan plan_of_package(const CityPackage& package, std::shared_ptr<const engine::planning::PlanCity> city,
                           const std::string& plan_id);

// A row of a plan table: units' schools for years from .. to, both included.
struct PlanRow {
  std::string unit;
  engine::Stage stage = engine::Stage::primary;
  int from_year = 0, to_year = 0;
  std::vector<std::string> schools;
  std::string kind;   // of several: shared (or empty), transition
  std::string where;  // file:row
};

// Units without a row for a stage and year are nobody's. Throws InputError("plan_row"): an unknown unit or school, a
// year outside the horizon, two rows for one unit, stage and year.
engine::planning::CityPlan plan_of_rows(std::shared_ptr<const engine::planning::PlanCity> city,
                                        const std::vector<PlanRow>& rows);

// The rows that say a plan, by unit, stage, year; plan_of_rows makes the same answers of them.
std::vector<PlanRow> rows_of_plan(const engine::planning::CityPlan& plan);

}  // namespace catchment::datasets
