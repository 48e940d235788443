#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/planning/live/live_parts.hpp"

namespace catchment::engine::planning {

std::size_t ZoneTallies::zone_of(AnswerIndex answer) const {
  return answer < kFirstSet ? answer : schools_ + (answer - kFirstSet);
}

ZoneTallies::Zone& ZoneTallies::zone(StageIndex stage, YearIndex year, std::size_t at) {
  return table_[stage * book_.years + year][at];
}

void ZoneTallies::resize() {
  const std::size_t schools = book_.city().schools.size();
  const std::size_t zones = schools + std::max(zones_ - schools_, book_.plan.sets().size());
  place_.resize(book_.city().units.size() * book_.stages * book_.years, 0);
  seen_.resize(book_.city().units.size(), 0);
  table_.resize(book_.stages * book_.years);
  if (schools == schools_ && zones == zones_) return;
  for (std::size_t t = 0; t < table_.size(); ++t) {
    std::vector<Zone> moved(zones);
    for (std::size_t z = 0; z < table_[t].size(); ++z)
      moved[z < schools_ ? z : z - schools_ + schools] = std::move(table_[t][z]);
    table_[t] = std::move(moved);
    book_.tallies[t].least_compact = LeastOf(zones);
    for (std::size_t z = 0; z < zones; ++z) {
      if (table_[t][z].compactness >= 0) book_.tallies[t].least_compact.set(z, table_[t][z].compactness);
    }
  }
  for (auto& [stage, year, at] : touched_) at += at < schools_ ? 0 : static_cast<std::uint32_t>(schools - schools_);
  schools_ = schools, zones_ = zones;
}

void ZoneTallies::count(UnitIndex unit, StageIndex stage, int sign) {
  if (!book_.city().units[unit].in_force) return;
  for (YearIndex y = 0; y < book_.years; ++y) {
    const AnswerIndex answer = book_.plan.answer(unit, stage, y);
    if (answer == kNobody) continue;
    const std::size_t at = zone_of(answer);
    Zone& z = zone(stage, y, at);
    if (!z.touched) {
      z.touched = true;
      touched_.push_back({stage, y, static_cast<std::uint32_t>(at)});
    }
    std::uint32_t& place = place_[book_.slot(unit, stage, y)];
    if (sign > 0) {
      place = static_cast<std::uint32_t>(z.units.size());
      z.units.push_back(unit);
    } else {
      z.units[place] = z.units.back();
      place_[book_.slot(z.units.back(), stage, y)] = place;
      z.units.pop_back();
    }
  }
}

void ZoneTallies::settle() {
  for (const auto& [stage, year, at] : touched_) judge(stage, year, at);
  touched_.clear();
}

void ZoneTallies::judge(StageIndex stage, YearIndex year, std::size_t at) {
  Zone& z = zone(stage, year, at);
  YearTally& t = book_.at(stage, year);
  const auto add = [&](int sign) {
    if (z.pieces == 0) return;
    t.zones += sign;
    t.pieces += sign * z.pieces;
    t.zones_apart += z.pieces > 1 ? sign : 0;
    if (z.compactness < 0) return;
    t.compact_zones += sign;
    t.compactness += sign * z.compactness;
  };
  z.touched = false;
  add(-1);
  z.pieces = count_pieces(z, stage, year);
  z.compactness = compactness_of(z, stage, year);
  add(1);
  t.least_compact.set(at, z.compactness < 0 ? LeastOf::kNothing : z.compactness);
}

std::int64_t ZoneTallies::count_pieces(const Zone& z, StageIndex stage, YearIndex year) {
  const PlanCity& city = book_.city();
  std::int64_t pieces = 0;
  ++stamp_;
  for (const UnitIndex first : z.units) {
    if (seen_[first] == stamp_) continue;
    ++pieces;
    seen_[first] = stamp_;
    queue_.assign(1, first);
    const AnswerIndex answer = book_.plan.answer(first, stage, year);
    while (!queue_.empty()) {
      const UnitIndex u = queue_.back();
      queue_.pop_back();
      for (const PlanCity::Neighbour& n : city.neighbours(u)) {
        if (seen_[n.unit] == stamp_ || !city.borders[n.border].passable) continue;
        if (book_.plan.answer(n.unit, stage, year) != answer) continue;
        seen_[n.unit] = stamp_;
        queue_.push_back(n.unit);
      }
    }
  }
  return pieces;
}

// 4 pi area / perimeter^2 x 2^32, from whole square decimetres and millimetres.
std::int64_t ZoneTallies::compactness_of(const Zone& z, StageIndex stage, YearIndex year) const {
  const PlanCity& city = book_.city();
  std::int64_t area_dm2 = 0, perimeter_mm = 0;
  for (const UnitIndex u : z.units) {
    const CityUnit& unit = city.units[u];
    if (!(unit.area_m2 > 0) || !(unit.perimeter_m > 0)) return -1;
    area_dm2 += std::llround(unit.area_m2 * 100);
    perimeter_mm += std::llround(unit.perimeter_m * 1000);
    for (const PlanCity::Neighbour& n : city.neighbours(u)) {
      if (book_.plan.answer(n.unit, stage, year) == book_.plan.answer(u, stage, year))
        perimeter_mm -= std::llround(city.borders[n.border].length_m * 1000);
    }
  }
  if (perimeter_mm <= 0) return -1;
  const double perimeter_m = static_cast<double>(perimeter_mm) / 1000;
  const double share = 4 * std::numbers::pi * (static_cast<double>(area_dm2) / 100) / (perimeter_m * perimeter_m);
  return std::llround(share * 4294967296.0);
}

}  // namespace catchment::engine::planning
