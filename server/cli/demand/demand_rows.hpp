// A forecast as rows: what CSV, GeoPackage and report print of it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "server/cli/demand/demand_city.hpp"
#include "server/outlook/demand_areas.hpp"

namespace catchment::cli {

using outlook::DemandArea;

struct ForecastRow {
  std::string area;  // school | zone | city
  std::string id, name;
  engine::Stage stage = engine::Stage::primary;
  int grade = 0;  // 0: all of the stage
  int school_year = 0;
  engine::demand::Estimate estimate;
  bool shrunk = false;
  std::string from;  // the level of the ratio the figure hangs on; empty for zones and the city
};

// Of schools every grade, of the city every grade and stage, of zones the entry grade of all their schools together
// (so a school of two zones counts in both). Schools, zones, city, each by id, grade and year.
std::vector<ForecastRow> forecast_rows(const DemandCity& city, const engine::demand::DemandModel& model,
                                       const engine::demand::Forecaster& forecaster,
                                       const std::vector<DemandArea>& areas);

std::string to_csv(const std::vector<ForecastRow>& rows);

nlohmann::ordered_json to_json(const engine::demand::Estimate& estimate);
nlohmann::ordered_json to_json(const engine::demand::DataNote& note);
nlohmann::ordered_json forecast_json(const DemandCity& city, const engine::demand::Forecast& forecast,
                                     const std::vector<ForecastRow>& rows);

// Layers zone_forecast and campus_forecast: the entry grade of every zone and campus's school, one feature a year.
void write_forecast_features(const std::string& path, const DemandCity& city, const std::vector<DemandArea>& areas,
                             const std::vector<ForecastRow>& rows);

}  // namespace catchment::cli
