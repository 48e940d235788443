#include <algorithm>

#include "engine/planning/live/live_parts.hpp"

namespace catchment::engine::planning {

void SchoolTallies::resize() {
  const std::size_t slots = book_.city().schools.size() * book_.stages * book_.years;
  load_.resize(slots, 0);
  units_.resize(slots, 0);
  summaries_.resize(slots);
}

void SchoolTallies::touch(SchoolIndex school, StageIndex stage) { touched_.emplace(school, stage); }

void SchoolTallies::count(UnitIndex unit, StageIndex stage, int sign) {
  if (!book_.city().units[unit].in_force) return;
  SchoolIndex last = kNoSchool;
  for (YearIndex y = 0; y < book_.years; ++y) {
    const std::int64_t parts = book_.city().children_of(unit, stage, y);
    const auto schools = book_.plan.schools_of(unit, stage, y);
    for (std::size_t i = 0; i < schools.size(); ++i) {
      const std::size_t slot = book_.slot(schools[i], stage, y);
      load_[slot] += sign * equal_part(parts, schools.size(), i);
      units_[slot] += sign;
      if (schools[i] != last) touch(schools[i], stage);
      last = schools[i];
    }
  }
}

void SchoolTallies::settle(const demand::EntryDraws* draws, const std::vector<int>& place) {
  for (const auto& [school, stage] : touched_) {
    for (YearIndex y = 0; y < book_.years; ++y) {
      Summary& summary = summaries_[book_.slot(school, stage, y)];
      add(summary, book_.at(stage, y), -1);
      const bool drawn = draws != nullptr && place[school] >= 0;
      const auto list = drawn ? draws->of(static_cast<std::size_t>(place[school]), stage, y) : std::span<const float>{};
      summary = judge(school, stage, y, list);
      add(summary, book_.at(stage, y), 1);
    }
  }
  touched_.clear();
}

SchoolTallies::Summary SchoolTallies::judge(SchoolIndex school, StageIndex stage, YearIndex year,
                                            std::span<const float> draws) const {
  const PlanCity& city = book_.city();
  const std::size_t slot = book_.slot(school, stage, year);
  const EntrySeats& entry = city.seats_of(school, stage, year);
  Summary s;
  s.open = city.schools[school].offers[stage].open(year);
  const bool is_public = city.schools[school].ownership != "private";
  s.empty = s.open && is_public && units_[slot] == 0;
  if (load_[slot] == 0 && (!s.open || !is_public)) return s;
  s.unknown = s.open && !entry.known;
  const std::int64_t seats = s.open && entry.known ? entry.seats : 0;
  const int classes = s.open && entry.known ? entry.classes : 0;
  // By the cap of the rules where there is no line.
  const int cap = std::max(1, entry.class_cap > 0 ? entry.class_cap : city.rules.stages[stage].class_cap);
  if (seats > 0) s.loaded = 1, s.load = load_[slot] / seats;
  const int count = std::max(1, book_.options.draws);
  const auto judge_one = [&](std::int64_t parts, std::int64_t times) {
    s.demand += times * parts;
    if (s.unknown) return;
    const std::int64_t left = seats * kWholeChild - parts;
    const std::int64_t wanted = (parts + std::int64_t{cap} * kWholeChild - 1) / (std::int64_t{cap} * kWholeChild);
    s.over += times * std::max<std::int64_t>(0, -left), s.free += times * std::max<std::int64_t>(0, left);
    s.classes_over += times * std::max<std::int64_t>(0, wanted - classes);
    s.classes_free += times * std::max<std::int64_t>(0, classes - wanted);
    s.schools_over += left < 0 ? times : 0, s.schools_under += left > 0 ? times : 0;
  };
  if (!s.open || draws.empty()) {
    judge_one(load_[slot], count);
  } else {
    for (const float d : draws) judge_one(static_cast<std::int64_t>(d * static_cast<float>(kWholeChild)), 1);
  }
  return s;
}

void SchoolTallies::add(const Summary& s, YearTally& t, int sign) const {
  t.open += s.open ? sign : 0;
  t.empty += s.empty ? sign : 0;
  t.seats_unknown += s.unknown ? sign : 0;
  t.loaded += sign * s.loaded;
  t.load += sign * s.load;
  t.load_squares += sign * s.load * s.load;
  t.over += sign * s.over;
  t.free += sign * s.free;
  t.classes_over += sign * s.classes_over;
  t.classes_free += sign * s.classes_free;
  t.schools_over += sign * s.schools_over;
  t.schools_under += sign * s.schools_under;
}

SchoolLoad SchoolTallies::load(SchoolIndex school, StageIndex stage, YearIndex year) const {
  const std::size_t slot = book_.slot(school, stage, year);
  const Summary& s = summaries_[slot];
  const EntrySeats& entry = book_.city().seats_of(school, stage, year);
  SchoolLoad load{s.open, load_[slot], units_[slot], {}, {}, {}};
  if (s.open && entry.known) load.seats = entry.seats;
  if (book_.options.draws == 0) return load;
  const double count = book_.options.draws;
  load.demand = static_cast<double>(s.demand) / kWholeChild / count;
  if (!s.unknown) load.over = static_cast<double>(s.schools_over) / count;
  return load;
}

}  // namespace catchment::engine::planning
