#include "engine/planning/city/plan_city.hpp"

#include <algorithm>
#include <set>

#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

void require(bool holds, const char* part, const std::string& message) {
  if (!holds) throw InputError("plan_city", part, message);
}

void fill_empty(PlanCity& city) {
  const std::size_t stages = city.stages.size();
  city.walks.resize(city.units.size());
  if (city.children.empty()) city.children.assign(city.units.size() * stages * city.years, 0);
  if (city.seats.empty()) city.seats.assign(city.schools.size() * stages * city.years, {});
  for (CitySchool& school : city.schools) school.offers.resize(stages);
}

void check_sizes(const PlanCity& city) {
  const std::size_t stages = city.stages.size();
  require(stages >= 1 && stages <= 2, "stages", "one or two stages");
  require(city.years >= 1 && city.years <= 30, "years", "1 to 30 years");
  require(city.units.size() < kNoUnit, "units", "too many units");
  require(city.schools.size() < (std::size_t{1} << 31), "schools", "too many schools");
  require(city.walks.size() == city.units.size(), "walks", "not one list a unit");
  require(city.children.size() == city.units.size() * stages * city.years, "children", "not one a unit, stage, year");
  require(city.seats.size() == city.schools.size() * stages * city.years, "seats", "not one a school, stage, year");
  require(city.rezoned_before.empty() || city.rezoned_before.size() == city.units.size() * stages, "rezoned_before",
          "not one a unit and stage");
  for (const CitySchool& school : city.schools) {
    require(school.offers.size() == stages, "schools", school.id + ": not one offer a stage");
    for (const StageOffer& offer : school.offers) {
      require(offer.from <= offer.to && offer.to <= city.years, "schools", school.id + ": years out of range");
    }
  }
}

void check_numbers(const PlanCity& city) {
  const auto unit_in_force = [&](UnitIndex u) { return u < city.units.size() && city.units[u].in_force; };
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    for (const UnitIndex from : city.units[u].made_of)
      require(from < u, "units", city.units[u].id + ": made of a later unit");
    if (city.walks[u] == nullptr) continue;
    const UnitWalks& walks = *city.walks[u];
    for (std::size_t i = 0; i < walks.size(); ++i) {
      require(walks[i].school < city.schools.size() && (i == 0 || walks[i - 1].school < walks[i].school), "walks",
              city.units[u].id + ": walks not by school, or to one that is not there");
    }
  }
  for (const CityBorder& b : city.borders) {
    require(b.a < b.b && unit_in_force(b.a) && unit_in_force(b.b), "borders",
            "a border of a unit that is not in force, or with itself");
  }
  for (const CityHousing& h : city.housing) {
    require(h.unit == kNoUnit || unit_in_force(h.unit), "housing", h.project.id + ": in no unit in force");
  }
  for (const CityFeeder& f : city.feeders) {
    require(f.from < city.schools.size() && f.to < city.schools.size(), "feeders", "a school that is not there");
  }
}

void check_ids(const PlanCity& city) {
  std::set<std::string_view> ids;
  for (const CityUnit& unit : city.units) {
    if (unit.in_force) require(ids.insert(unit.id).second, "units", "two units have the id " + unit.id);
  }
  ids.clear();
  for (const CitySchool& school : city.schools) {
    require(ids.insert(school.id).second, "schools", "two schools have the id " + school.id);
  }
}

void lay_out_neighbours(PlanCity& city) {
  std::ranges::sort(city.borders, {}, [](const CityBorder& b) { return std::pair(b.a, b.b); });
  city.first_neighbour.assign(city.units.size() + 1, 0);
  for (std::size_t i = 0; i < city.borders.size(); ++i) {
    const CityBorder& b = city.borders[i];
    require(i == 0 || city.borders[i - 1].a != b.a || city.borders[i - 1].b != b.b, "borders", "a border twice");
    ++city.first_neighbour[b.a + 1], ++city.first_neighbour[b.b + 1];
  }
  for (std::size_t u = 0; u < city.units.size(); ++u) city.first_neighbour[u + 1] += city.first_neighbour[u];
  city.neighbour_list.resize(city.borders.size() * 2);
  std::vector<std::uint32_t> next(city.first_neighbour.begin(), city.first_neighbour.end() - 1);
  // By (a, b): a unit's lower neighbours come first and ascending if the b's are filled before its own a's.
  for (std::uint32_t i = 0; i < city.borders.size(); ++i) {
    city.neighbour_list[next[city.borders[i].b]++] = {city.borders[i].a, i};
  }
  for (std::uint32_t i = 0; i < city.borders.size(); ++i) {
    city.neighbour_list[next[city.borders[i].a]++] = {city.borders[i].b, i};
  }
}

template <class List, class Id>
std::optional<std::uint32_t> find_place(const List& list, std::string_view id, Id id_of) {
  for (std::size_t i = list.size(); i-- > 0;) {
    if (id_of(list[i]) == id) return static_cast<std::uint32_t>(i);
  }
  return std::nullopt;
}

}  // namespace

const UnitWalk* PlanCity::find_walk(UnitIndex u, SchoolIndex s) const {
  if (walks[u] == nullptr) return nullptr;
  const auto at = std::ranges::lower_bound(*walks[u], s, {}, &UnitWalk::school);
  return at != walks[u]->end() && at->school == s ? &*at : nullptr;
}

std::optional<YearIndex> PlanCity::find_year(int year) const {
  const int ahead = year - base_year - 1;
  if (ahead < 0 || ahead >= static_cast<int>(years)) return std::nullopt;
  return static_cast<YearIndex>(ahead);
}

std::optional<StageIndex> PlanCity::find_stage(Stage stage) const {
  const auto at = std::ranges::find(stages, stage);
  if (at == stages.end()) return std::nullopt;
  return static_cast<StageIndex>(at - stages.begin());
}

std::optional<UnitIndex> PlanCity::find_unit(std::string_view id) const {
  return find_place(units, id, [](const CityUnit& u) -> const std::string& { return u.id; });
}

std::optional<SchoolIndex> PlanCity::find_school(std::string_view id) const {
  return find_place(schools, id, [](const CitySchool& s) -> const std::string& { return s.id; });
}

std::shared_ptr<const PlanCity> settle(PlanCity city) {
  fill_empty(city);
  check_sizes(city);
  check_numbers(city);
  check_ids(city);
  lay_out_neighbours(city);
  std::ranges::sort(city.housing, {}, [](const CityHousing& h) -> const std::string& { return h.project.id; });
  std::ranges::sort(city.feeders, {}, [](const CityFeeder& f) { return std::pair(f.from, f.to); });
  return std::make_shared<const PlanCity>(std::move(city));
}

}  // namespace catchment::engine::planning
