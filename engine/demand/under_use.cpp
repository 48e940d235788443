#include <algorithm>
#include <cmath>

#include "engine/demand/warning_series.hpp"

namespace catchment::engine::demand {
namespace {

using Kind = SeatWarning::Kind;

// Entry classes that so many children would be put in: those of a plan, else no more than they need.
int classes_formed(const SeatRow& row, double children) {
  if (row.planned) return row.classes;
  return std::clamp(static_cast<int>(std::ceil(children / row.class_cap)), 1, row.classes);
}

double smaller_than(const Draws& draws, const SeatRow& row, int smallest) {
  const auto small = std::ranges::count_if(
      draws.sorted(), [&](double children) { return children < smallest * classes_formed(row, children); });
  return static_cast<double>(small) / static_cast<double>(draws.sorted().size());
}

// Probability that the year's seats, or classes, are under-used.
double under_used(Kind kind, const Draws& draws, const SeatRow& row, const WarningTables& tables,
                  const StageRule& rule) {
  if (row.classes == 0) return 0;
  if (kind == Kind::small_classes) return smaller_than(draws, row, rule.smallest_class);
  return staying_below(draws, tables.rules.under_use_pressure, seats_for_demand(row));
}

// Fewer entry classes in every year of the run, none of them left without any, and no shortage made by it.
std::optional<Remedy> fewer_classes(const WarningTables& tables, const Series& series, std::span<const SeriesYear> run,
                                    Kind kind) {
  int most = run.front().row->classes;
  for (const SeriesYear& year : run) most = std::min(most, year.row->classes);
  for (int fewer = 1; fewer < most; ++fewer) {
    std::vector<bool> flags;
    double least_probability = 1;
    bool shortage = false;
    for (const SeriesYear& year : run) {
      const SeatRow row = with_more_classes(*year.row, -fewer, *series.rule);
      const double probability = under_used(kind, year.draws, row, tables, *series.rule);
      least_probability = std::min(least_probability, probability);
      flags.push_back(probability >= tables.rules.under_use_probability);
      shortage = shortage || level_of(year.draws, seats_for_demand(row), tables.rules).has_value();
    }
    if (shortage) return std::nullopt;  // fewer still would have one too
    if (!lasts(flags, tables.rules.under_use_years)) return Remedy{fewer, least_probability};
  }
  return std::nullopt;
}

SeatWarning warning_of(const WarningTables& tables, const Series& series, std::span<const SeriesYear> run, Kind kind) {
  SeatWarning warning = begin_warning(series, run.front());
  warning.kind = kind;
  warning.years = static_cast<int>(run.size());
  warning.threshold = kind == Kind::under_use ? tables.rules.under_use_pressure : series.rule->smallest_class;
  warning.probability = 1;
  for (const SeriesYear& year : run) {
    warning.probability = std::min(warning.probability, under_used(kind, year.draws, *year.row, tables, *series.rule));
  }
  warning.relief.classes = fewer_classes(tables, series, run, kind);
  warning.relief.merger = find_merger(tables, series, run);
  warning.message = message_of(warning, tables.rules);
  return warning;
}

}  // namespace

bool lasts(const std::vector<bool>& flags, int years) {
  int running = 0;
  for (const bool flag : flags) {
    running = flag ? running + 1 : 0;
    if (running >= years) return true;
  }
  return false;
}

void add_under_use(const WarningTables& tables, const Series& series, std::vector<SeatWarning>& warnings) {
  const auto& years = series.years;
  for (const Kind kind : {Kind::under_use, Kind::small_classes}) {
    const auto flagged = [&](const SeriesYear& year) {
      return under_used(kind, year.draws, *year.row, tables, *series.rule) >= tables.rules.under_use_probability;
    };
    for (std::size_t first = 0; first < years.size();) {
      std::size_t end = first;
      while (end < years.size() && flagged(years[end]) &&
             (end == first || years[end].school_year == years[end - 1].school_year + 1)) {
        ++end;
      }
      if (end > first && static_cast<int>(end - first) >= tables.rules.under_use_years) {
        warnings.push_back(warning_of(tables, series, std::span(years).subspan(first, end - first), kind));
      }
      first = std::max(end, first + 1);
    }
  }
}

}  // namespace catchment::engine::demand
