#include <algorithm>
#include <cmath>

#include "engine/demand/warning_series.hpp"

namespace catchment::engine::demand {
namespace {

// Seats with which no draw reaches any level.
int seats_enough(const Draws& draws, const DemandRules& rules) {
  double mildest = 1;
  for (const WarningLevel& level : rules.shortage) mildest = std::min(mildest, level.pressure);
  return mildest <= 0 ? 0 : static_cast<int>(std::ceil(draws.most() / mildest)) + 1;
}

// More entry classes than this help nobody; the buffer takes its share of each.
int classes_enough(const SeatRow& row, const StageRule& rule, int seats) {
  const double kept = (1 - rule.mid_year_buffer) * row.class_cap;
  const int gone = row.reserved.total() + row.sold + row.sitting;
  return kept <= 0 ? 0 : static_cast<int>(std::ceil((seats + gone) / kept)) + 1;
}

int spare_of(const WarningTables& tables, const Neighbour& neighbour, int school_year) {
  if (neighbour.spare_seats) return std::max(0, *neighbour.spare_seats);
  const auto at = tables.series.find(neighbour.admission_unit_id);
  const SeriesYear* year = at == tables.series.end() ? nullptr : at->second.find(school_year);
  return year == nullptr ? 0 : spare_seats_of(year->draws, year->seats(), tables.rules);
}

void place(const WarningTables& tables, const Series& series, int school_year, Relief& relief) {
  int left = relief.seats ? relief.seats->amount : 0;
  for (const Neighbour& neighbour : series.demand->neighbours) {
    if (left == 0) break;
    if (neighbour.admission_unit_id == series.demand->admission_unit_id) continue;
    const int taken = std::min(left, spare_of(tables, neighbour, school_year));
    if (taken == 0) continue;
    relief.placements.push_back({neighbour.admission_unit_id, neighbour.kind, taken});
    left -= taken;
  }
  relief.seats_unplaced = left;
}

}  // namespace

Relief shortage_relief(const WarningTables& tables, const Series& series, const SeriesYear& year, std::size_t level) {
  const DemandRules& rules = tables.rules;
  const Draws& draws = year.draws;
  const double pressure = rules.shortage[level].pressure;
  const int seats = year.seats();
  const auto with_classes = [&](int more) {
    return seats_for_demand(with_more_classes(*year.row, more, *series.rule));
  };
  const auto part_left = [&](int children) { return std::max(0.0, 1 - children / draws.mean()); };

  Relief relief;
  relief.rooms_spare = year.row->spare_rooms;
  const int enough = seats_enough(draws, rules);
  if (const auto more = least(classes_enough(*year.row, *series.rule, enough),
                              [&](int classes) { return !level_of(draws, with_classes(classes), rules); })) {
    relief.classes = {*more, reaching(draws, pressure, with_classes(*more))};
    relief.rooms_lacking = std::max(0, *more - relief.rooms_spare);
  }
  if (const auto more = least(enough, [&](int others) { return !level_of(draws, seats + others, rules); })) {
    relief.seats = {*more, reaching(draws, pressure, seats + *more)};
  }
  if (const auto fewer = least(static_cast<int>(std::ceil(draws.mean())),
                               [&](int children) { return !level_of(draws, seats, rules, part_left(children)); })) {
    relief.children = {*fewer, reaching(draws, pressure, seats, part_left(*fewer))};
  }
  place(tables, series, year.school_year, relief);
  return relief;
}

}  // namespace catchment::engine::demand
