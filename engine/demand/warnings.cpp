#include "engine/demand/warnings.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "engine/demand/warning_series.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

constexpr std::array<std::string_view, 3> kWarningWords{"shortage", "under_use", "small_classes"};

SeriesYear series_year(const SeatLedger& ledger, const EntryDemand& demand, const EntryDemand::Year& year) {
  const std::string where = "demand of " + demand.admission_unit_id + " " + std::to_string(year.school_year);
  const SeatRow* row = ledger.find_entry(demand.admission_unit_id, year.school_year);
  if (row == nullptr) throw InputError("seat_draws", where, "the ledger has no entry grade to come of that year");
  try {
    return {year.school_year, Draws(year.draws, demand.share), year.draws, row};
  } catch (const InputError& error) {
    throw InputError(error.code, where, error.what());
  }
}

void add_shortages(const WarningTables& tables, const Series& series, std::vector<SeatWarning>& warnings) {
  const auto& levels = tables.rules.shortage;
  for (const SeriesYear& year : series.years) {
    const auto level = level_of(year.draws, year.seats(), tables.rules);
    if (!level) continue;
    SeatWarning warning = begin_warning(series, year);
    warning.level = levels[*level].id;
    warning.threshold = levels[*level].pressure;
    for (const WarningLevel& each : levels) {
      warning.probabilities.push_back(reaching(year.draws, each.pressure, warning.seats));
    }
    warning.probability = warning.probabilities[*level];
    warning.relief = shortage_relief(tables, series, year, *level);
    warning.message = message_of(warning, tables.rules);
    warnings.push_back(std::move(warning));
  }
}

}  // namespace

std::string_view to_word(SeatWarning::Kind kind) { return kWarningWords.at(static_cast<std::size_t>(kind)); }

const SeriesYear* Series::find(int school_year) const {
  const auto at = std::ranges::find(years, school_year, &SeriesYear::school_year);
  return at == years.end() ? nullptr : &*at;
}

WarningTables::WarningTables(const SeatLedger& ledger_, std::span<const EntryDemand> demand, const DemandRules& rules_)
    : ledger(ledger_), rules(rules_) {
  for (const EntryDemand& unit : demand) {
    const std::string where = "demand of " + unit.admission_unit_id;
    if (!(unit.share >= 0)) throw InputError("seat_draws", where, "its share is negative");
    Series one;
    one.demand = &unit;
    for (const EntryDemand::Year& year : unit.years) one.years.push_back(series_year(ledger, unit, year));
    std::ranges::sort(one.years, {}, &SeriesYear::school_year);
    if (std::ranges::adjacent_find(one.years, {}, &SeriesYear::school_year) != one.years.end()) {
      throw InputError("seat_draws", where, "has a year twice");
    }
    if (!one.years.empty()) one.rule = rules.find(one.years.front().row->stage);
    if (!one.years.empty() && one.rule == nullptr) throw InputError("seat_stage", where, "no rule for its stage");
    if (!series.emplace(unit.admission_unit_id, std::move(one)).second) {
      throw InputError("seat_draws", where, "stands twice");
    }
  }
}

SeatWarning begin_warning(const Series& series, const SeriesYear& year) {
  SeatWarning warning;
  warning.admission_unit_id = year.row->admission_unit_id;
  warning.school_id = year.row->school_id;
  warning.stage = year.row->stage;
  warning.school_year = year.school_year;
  warning.demand = year.draws.estimate();
  warning.classes = year.row->classes;
  warning.seats = year.seats();
  warning.pressure = warning.seats == 0 ? 0 : warning.demand.mean / warning.seats;
  warning.shrunk = series.demand->shrunk;
  warning.leans_on = series.demand->leans_on;
  return warning;
}

std::vector<SeatWarning> seat_warnings(const SeatLedger& ledger, std::span<const EntryDemand> demand,
                                       const DemandRules& rules) {
  const WarningTables tables(ledger, demand, rules);
  std::vector<SeatWarning> warnings;
  for (const auto& [id, series] : tables.series) {
    add_shortages(tables, series, warnings);
    add_under_use(tables, series, warnings);
  }
  std::ranges::stable_sort(warnings, {}, [](const SeatWarning& warning) {
    return std::tuple<std::string_view, int, SeatWarning::Kind>(warning.admission_unit_id, warning.school_year,
                                                                warning.kind);
  });
  return warnings;
}

std::optional<std::size_t> shortage_level(std::span<const float> draws, int seats, const DemandRules& rules) {
  return level_of(Draws(draws), seats, rules);
}

int spare_seats(std::span<const float> draws, int seats, const DemandRules& rules) {
  return spare_seats_of(Draws(draws), seats, rules);
}

}  // namespace catchment::engine::demand
