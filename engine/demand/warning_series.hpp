// The demand of every admission unit beside its ledger lines: what the parts of seat_warnings() share.
#pragma once

#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "engine/demand/pressure.hpp"
#include "engine/demand/warnings.hpp"

namespace catchment::engine::demand {

struct SeriesYear {
  int school_year = 0;
  Draws draws;
  std::span<const float> raw;  // as drawn, in the order of draws
  const SeatRow* row = nullptr;

  int seats() const { return seats_for_demand(*row); }
};

struct Series {
  const EntryDemand* demand = nullptr;
  const StageRule* rule = nullptr;
  std::vector<SeriesYear> years;  // ascending

  const SeriesYear* find(int school_year) const;
};

struct WarningTables {
  // Throws InputError("seat_draws").
  WarningTables(const SeatLedger& ledger, std::span<const EntryDemand> demand, const DemandRules& rules);

  const SeatLedger& ledger;
  const DemandRules& rules;
  std::map<std::string_view, Series> series;
};

// A warning of a unit and year with everything but kind, threshold, probability, relief and message.
SeatWarning begin_warning(const Series& series, const SeriesYear& year);

Relief shortage_relief(const WarningTables& tables, const Series& series, const SeriesYear& year, std::size_t level);
void add_under_use(const WarningTables& tables, const Series& series, std::vector<SeatWarning>& warnings);
std::optional<Relief::Merger> find_merger(const WarningTables& tables, const Series& series,
                                          std::span<const SeriesYear> run);
// Is there a row of rules.under_use_years flags set?
bool lasts(const std::vector<bool>& flags, int years);

std::string message_of(const SeatWarning& warning, const DemandRules& rules);

}  // namespace catchment::engine::demand
