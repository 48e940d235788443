#include <algorithm>

#include "engine/planning/live/live_parts.hpp"

namespace catchment::engine::planning {
namespace {

// The walk of a unit to a school, found once for years on end.
class WalkFinder {
 public:
  WalkFinder(const PlanCity& city, UnitIndex unit) : city_(city), unit_(unit) {}
  const UnitWalk* to(SchoolIndex school) {
    if (school != school_) school_ = school, walk_ = city_.find_walk(unit_, school);
    return walk_;
  }

 private:
  const PlanCity& city_;
  UnitIndex unit_;
  SchoolIndex school_ = kNoSchool;
  const UnitWalk* walk_ = nullptr;
};

void count_walk(YearTally& t, const UnitWalk* walk, std::int64_t parts) {
  if (walk == nullptr) {
    t.far += parts;
    return;
  }
  t.walk_mm += parts * walk->length_mm;
  t.walks.add(static_cast<int>((walk->length_mm + 999) / 1000), parts);
  if (walk->way == geo::Way::straight) {
    t.straight += parts;
    return;
  }
  t.trunk_roads += parts * walk->trunk_roads;
  t.rails += parts * walk->rails;
  t.rivers += parts * walk->rivers;
}

void count_move(LiveBook& book, UnitIndex unit, StageIndex stage, YearIndex year, std::int64_t parts, int sign) {
  YearTally& t = book.at(stage, year);
  const CityUnit& of = book.city().units[unit];
  t.moved_children += parts;
  t.moved_addresses += sign * of.addresses;
  if (of.households) {
    t.moved_households += sign * *of.households;
  } else {
    t.moved_uncounted += sign;
  }
  const std::vector<std::uint8_t>& before = book.city().rezoned_before;
  if (before.empty()) return;
  const std::int64_t times = before[unit * book.stages + stage];
  t.moved_before += sign * of.addresses * times;
  if (times > 0) t.moved_again += sign * of.addresses;
}

// Entry years of elder siblings, of those still at school, in which the unit's schools were all others than now.
std::int64_t years_apart(const LiveBook& book, UnitIndex unit, StageIndex stage, YearIndex year,
                         std::span<const SchoolIndex> now) {
  const int until = book.siblings_until[unit * book.stages + stage];
  if (now.empty() || until >= book.city().school_year(year)) return 0;
  std::int64_t apart = 0;
  const int grades = book.city().rules.stages[stage].grades();
  for (int ago = 1; ago < grades; ++ago) {
    const auto then = book.schools_at(unit, stage, static_cast<int>(year) - ago);
    if (then.empty()) continue;
    apart += std::ranges::find_first_of(now, then) == now.end() ? 1 : 0;
  }
  return apart;
}

}  // namespace

UnitIndex LiveBook::reference_unit(UnitIndex unit) const {
  const std::size_t known = reference.city().units.size();
  while (unit >= known) unit = city().units[unit].made_of.front();
  return unit;
}

std::span<const SchoolIndex> LiveBook::reference_schools(UnitIndex unit, StageIndex stage, YearIndex year) const {
  return reference.schools_of(reference_unit(unit), stage, year);
}

std::span<const SchoolIndex> LiveBook::schools_at(UnitIndex unit, StageIndex stage, int year) const {
  return year < 0 ? reference_schools(unit, stage, 0) : plan.schools_of(unit, stage, static_cast<YearIndex>(year));
}

void count_unit(LiveBook& book, UnitIndex unit, StageIndex stage, int sign) {
  const PlanCity& city = book.city();
  if (!city.units[unit].in_force) return;
  WalkFinder walk(city, unit);
  for (YearIndex y = 0; y < book.years; ++y) {
    YearTally& t = book.at(stage, y);
    const std::int64_t parts = city.children_of(unit, stage, y);
    const auto schools = book.plan.schools_of(unit, stage, y);
    for (const int completed : book.estates[unit]) {
      if (completed > city.school_year(y)) continue;
      t.estates += sign;
      if (schools.empty()) t.estates_without += sign;
    }
    (schools.empty() ? t.nobodys : t.children) += sign * parts;
    for (std::size_t i = 0; i < schools.size(); ++i)
      count_walk(t, walk.to(schools[i]), sign * equal_part(parts, schools.size(), i));
    if (!std::ranges::equal(schools, book.reference_schools(unit, stage, y)))
      count_move(book, unit, stage, y, sign * parts, sign);
    if (parts > 0) t.apart_from_elder += sign * parts * years_apart(book, unit, stage, y, schools);
  }
}

}  // namespace catchment::engine::planning
