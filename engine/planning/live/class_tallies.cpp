#include <algorithm>
#include <cmath>

#include "engine/planning/live/live_parts.hpp"

namespace catchment::engine::planning {

void ClassTallies::resize() {
  if (book_.stages < 2) return;
  const PlanCity& city = book_.city();
  classes_.resize(book_.years);
  for (auto& list : classes_) list.resize(city.schools.size());
  std::vector<double> all(city.schools.size(), 0), squares(city.schools.size(), 0);
  for (const CityFeeder& f : city.feeders) all[f.from] += f.share, squares[f.from] += f.share * f.share;
  fed_parted_.assign(city.schools.size(), -1);
  for (std::size_t s = 0; s < all.size(); ++s) {
    if (all[s] > 0) fed_parted_[s] = 1 - squares[s] / (all[s] * all[s]);
  }
}

std::int64_t ClassTallies::parted(const Class& of, SchoolIndex school) const {
  if (of.leavers == 0) return 0;
  if (fed_parted_[school] >= 0) return std::llround(fed_parted_[school] * static_cast<double>(of.leavers));
  unsigned __int128 squares = 0;
  for (const Going& g : of.going) {
    const auto parts = static_cast<unsigned __int128>(g.parts);
    squares += parts * parts;
  }
  return of.leavers - static_cast<std::int64_t>(squares / static_cast<unsigned __int128>(of.leavers));
}

void ClassTallies::go(YearIndex year, SchoolIndex from, std::int64_t parts, std::span<const SchoolIndex> to) {
  Class& of = classes_[year][from];
  YearTally& t = book_.at(1, year);
  t.parted -= parted(of, from);
  of.leavers += parts;
  t.leavers += parts;
  for (std::size_t i = 0; i < to.size(); ++i) {
    auto at = std::ranges::find(of.going, to[i], &Going::to);
    if (at == of.going.end()) at = of.going.insert(at, Going{to[i], 0});
    at->parts += parts < 0 ? -equal_part(-parts, to.size(), i) : equal_part(parts, to.size(), i);
    if (at->parts == 0) of.going.erase(at);
  }
  t.parted += parted(of, from);
}

void ClassTallies::count(UnitIndex unit, int sign) {
  if (book_.stages < 2 || !book_.city().units[unit].in_force) return;
  const int grades = book_.city().rules.stages[0].grades();
  for (YearIndex y = 0; y < book_.years; ++y) {
    const std::int64_t parts = book_.city().children_of(unit, 1, y);
    const auto from = book_.schools_at(unit, 0, static_cast<int>(y) - grades);
    const auto to = book_.plan.schools_of(unit, 1, y);
    if (parts == 0 || to.empty()) continue;
    for (std::size_t i = 0; i < from.size(); ++i) go(y, from[i], sign * equal_part(parts, from.size(), i), to);
  }
}

}  // namespace catchment::engine::planning
