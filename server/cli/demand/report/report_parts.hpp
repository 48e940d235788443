// The sections of the report, in reading order.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/cli/demand/report/fan_chart.hpp"
#include "server/cli/demand/report/report.hpp"

namespace catchment::cli::report {

// All warnings of one admission unit and kind, as one line of the table.
struct WarningLine {
  int number = 0;                                      // on the map and in the table
  const engine::demand::SeatWarning* worst = nullptr;  // the severest, of these the one of most pressure
  std::vector<int> years;
  std::size_t severity = 0;
};

// What several sections look up.
struct ReportTables {
  explicit ReportTables(const ReportInput& input);

  const ReportInput& in;
  std::vector<WarningLine> lines;  // severest first, then by year and unit
  std::map<std::string, const engine::demand::SchoolForecast*> schools;
  std::map<std::pair<std::string, engine::Stage>, std::map<int, int>> entry_seats_of;  // by school and stage: by year

  const engine::demand::GradeForecast* entry_of(const std::string& school_id, engine::Stage stage) const;
  // The school's entry grade: past, forecast, and the seats of its admission units.
  Series entry_series(const std::string& school_id, engine::Stage stage) const;
  double pupils_of(std::size_t stage, int year, bool entry_only) const;  // observed, of the whole city; 0: none known
  int entry_seats(std::size_t stage, int year) const;                    // of public and private schools
  std::string school_name(const std::string& id) const { return in.city.name_of(id); }
};

std::string stage_chinese(engine::Stage stage);
std::string look_of(std::size_t severity, const engine::demand::DemandRules& rules);  // CSS class of a warning
std::string look_of(const engine::demand::SeatWarning& warning, const engine::demand::DemandRules& rules);

std::string headline_section(const ReportTables& tables);
std::string map_section(const ReportTables& tables);
std::string city_chart_section(const ReportTables& tables);
std::string warning_section(const ReportTables& tables);
std::string school_section(const ReportTables& tables);
std::string backtest_section(const ReportTables& tables);
std::string notes_section(const ReportTables& tables);
std::string method_section(const ReportTables& tables);

}  // namespace catchment::cli::report
