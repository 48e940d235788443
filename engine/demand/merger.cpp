#include <algorithm>

#include "engine/demand/warning_series.hpp"

namespace catchment::engine::demand {
namespace {

Draws sum_of(const Series& a, const SeriesYear& in_a, const Series& b, const SeriesYear& in_b) {
  std::vector<double> sum;
  sum.reserve(in_a.raw.size());
  for (std::size_t i = 0; i < in_a.raw.size(); ++i) {
    sum.push_back(static_cast<double>(in_a.raw[i]) * a.demand->share +
                  static_cast<double>(in_b.raw[i]) * b.demand->share);
  }
  return Draws(std::move(sum));
}

// What a unit's house would hold if another's pupils moved in.
struct House {
  int rooms = 0;
  int sitting = 0;  // classes of those who sit, both units' together
};

// Grades are counted over all campuses of the unit: which of them teaches which is left out here.
House house_of(const SeatLedger& ledger, const SeatRow& host, const SeatRow& guest, const StageRule& rule) {
  House house{host.rooms + host.spare_rooms, 0};
  for (int grade = rule.first_grade + 1; grade <= rule.last_grade; ++grade) {
    const SeatRow* own = ledger.find(host.admission_unit_id, host.school_year, grade);
    const SeatRow* moved = ledger.find(guest.admission_unit_id, guest.school_year, grade);
    if (own == nullptr || moved == nullptr) continue;
    house.rooms += own->rooms;
    house.sitting += classes_needed(own->sitting + moved->sitting, own->class_cap);
  }
  return house;
}

std::optional<Relief::Merger> merger_with(const WarningTables& tables, const Series& series,
                                          std::span<const SeriesYear> run, const Series& host) {
  Relief::Merger merger{host.demand->admission_unit_id, 0, 0};
  std::vector<bool> under_used;
  for (const SeriesYear& year : run) {
    const SeriesYear* there = host.find(year.school_year);
    if (there == nullptr || there->raw.size() != year.raw.size() || there->row->stage != year.row->stage) return {};
    const Draws draws = sum_of(series, year, host, *there);
    const House house = house_of(tables.ledger, *there->row, *year.row, *host.rule);
    const int wanted = classes_needed(draws.mean(), there->row->class_cap);
    const int left = std::max(0, house.rooms - house.sitting);
    merger.rooms_lacking = std::max(merger.rooms_lacking, house.sitting + wanted - house.rooms);
    const SeatRow row = with_more_classes(*there->row, std::max(left, wanted) - there->row->classes, *host.rule);
    const int seats = seats_for_demand(row);
    if (level_of(draws, seats, tables.rules)) return {};
    if (!tables.rules.shortage.empty()) {
      merger.shortage = std::max(merger.shortage, reaching(draws, tables.rules.shortage.back().pressure, seats));
    }
    under_used.push_back(staying_below(draws, tables.rules.under_use_pressure, seats) >=
                         tables.rules.under_use_probability);
  }
  if (lasts(under_used, tables.rules.under_use_years)) return {};
  return merger;
}

}  // namespace

std::optional<Relief::Merger> find_merger(const WarningTables& tables, const Series& series,
                                          std::span<const SeriesYear> run) {
  std::optional<Relief::Merger> wants_rooms;
  for (const Neighbour& neighbour : series.demand->neighbours) {
    const auto host = tables.series.find(neighbour.admission_unit_id);
    if (host == tables.series.end() || &host->second == &series || host->second.rule == nullptr) continue;
    const auto merger = merger_with(tables, series, run, host->second);
    if (!merger) continue;
    if (merger->rooms_lacking == 0) return merger;
    if (!wants_rooms || merger->rooms_lacking < wants_rooms->rooms_lacking) wants_rooms = merger;
  }
  return wants_rooms;
}

}  // namespace catchment::engine::demand
