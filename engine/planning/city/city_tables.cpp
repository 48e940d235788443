#include "engine/planning/city/city_tables.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/demand/scenario_parts.hpp"
#include "engine/planning/city/cut_shapes.hpp"
#include "geo/interior_point.hpp"
#include "geo/projection.hpp"

namespace catchment::engine::planning {
namespace {

std::optional<geo::Point> middle_address(const std::vector<geo::Point>& positions) {
  if (positions.empty()) return std::nullopt;
  std::int64_t lon = 0, lat = 0;
  for (const geo::Point p : positions) lon += p.lon, lat += p.lat;
  const auto count = static_cast<std::int64_t>(positions.size());
  const geo::Point middle{static_cast<std::int32_t>(lon / count), static_cast<std::int32_t>(lat / count)};
  return *std::ranges::min_element(positions, {},
                                   [&](geo::Point p) { return std::pair(geo::flat_distance_m(middle, p), p); });
}

UnitWalk straight_walk(std::uint32_t place, double distance_m) {
  UnitWalk walk;
  walk.school = place;
  walk.length_mm = static_cast<std::uint32_t>(std::llround(distance_m * 1000));
  walk.way = geo::Way::straight;
  return walk;
}

// Without streets: the nearest gate as the crow flies.
UnitWalks straight_walks(const std::vector<geo::Point>& gates, std::span<const geo::Point> places, double limit_m) {
  UnitWalks walks;
  for (std::uint32_t p = 0; p < places.size(); ++p) {
    double best = limit_m + 1;
    for (const geo::Point gate : gates) {
      if (geo::flat_distance_m(gate, places[p]) > limit_m * 1.01) continue;
      best = std::min(best, geo::geodesic_length_m(gate, places[p]));
    }
    if (best <= limit_m) walks.push_back(straight_walk(p, best));
  }
  return walks;
}

// Whether streets may lead from one of the gates to the place: then the row alone tells.
bool may_walk(const std::vector<geo::Snap>& gates, const geo::Snap& place) {
  if (place.status == geo::SnapStatus::out_of_limit) return false;
  return std::ranges::any_of(gates, [&](const geo::Snap& gate) {
    return gate.status != geo::SnapStatus::out_of_limit && gate.component == place.component;
  });
}

UnitWalks walks_of_row(const geo::WalkTable& table, std::size_t hub, const std::vector<geo::Snap>& gates,
                       std::span<const geo::Snap> places, double limit_m) {
  UnitWalks walks;
  for (const geo::WalkTable::Entry& e : table.row(hub)) {
    const geo::Crossings c = e.key.crossings();
    walks.push_back({e.place, static_cast<std::uint32_t>(e.key.length_mm()), static_cast<std::uint16_t>(c.trunk_road),
                     static_cast<std::uint16_t>(c.rail), static_cast<std::uint16_t>(c.river), geo::Way::walked});
  }
  const std::size_t walked = walks.size();
  for (std::uint32_t p = 0; p < places.size(); ++p) {
    if (may_walk(gates, places[p])) continue;
    const bool near = std::ranges::any_of(gates, [&](const geo::Snap& gate) {
      return geo::flat_distance_m(gate.from, places[p].from) <= limit_m * 1.01;
    });
    if (!near) continue;
    const geo::Walk walk = table.get(hub, p);
    if (walk.way == geo::Way::straight) walks.push_back(straight_walk(p, walk.distance_m));
  }
  if (walks.size() > walked) std::ranges::sort(walks, {}, &UnitWalk::school);
  return walks;
}

void set_walk(PlanCity& city, UnitIndex unit, SchoolIndex school, const UnitWalk* walk) {
  UnitWalks walks = city.walks[unit] == nullptr ? UnitWalks{} : *city.walks[unit];
  const auto at = std::ranges::lower_bound(walks, school, {}, &UnitWalk::school);
  const bool there = at != walks.end() && at->school == school;
  if (!there && walk == nullptr) return;
  if (walk == nullptr) {
    walks.erase(at);
  } else if (there) {
    *at = *walk;
  } else {
    walks.insert(at, *walk);
  }
  city.walks[unit] = std::make_shared<const UnitWalks>(std::move(walks));
}

}  // namespace

void measure(CityUnit& unit) {
  if (unit.shape != nullptr && !unit.shape->empty()) {
    unit.area_m2 = geo::geodesic_area_m2(*unit.shape);
    unit.perimeter_m = 0;
    geo::for_each_ring(*unit.shape, [&](const geo::Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        unit.perimeter_m += geo::geodesic_length_m(ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]);
      }
    });
  }
  std::optional<geo::Point> place;
  if (unit.positions != nullptr) place = middle_address(*unit.positions);
  if (!place && unit.shape != nullptr) place = geo::find_interior_point(*unit.shape);
  unit.placed = place.has_value();
  unit.place = place.value_or(geo::Point{});
}

std::vector<UnitWalks> find_walks(const CitySources* sources, std::span<const std::vector<geo::Point>> hubs,
                                  std::span<const geo::Point> places, int threads) {
  std::vector<UnitWalks> result;
  const double limit_m = sources == nullptr ? kWalkLimit_m : sources->walk_limit_m;
  if (sources == nullptr || !sources->streets) {
    for (const auto& gates : hubs) result.push_back(straight_walks(gates, places, limit_m));
    return result;
  }
  const geo::StreetNetwork& streets = *sources->streets;
  const std::vector<geo::Snap> from = streets.snap(places, sources->snap, threads);
  std::vector<std::vector<geo::Snap>> gates;
  for (const auto& hub : hubs) gates.push_back(streets.snap(hub, sources->snap, threads));
  geo::WalkOptions options;
  options.max_m = limit_m, options.straight_fallback = true, options.threads = threads;
  const geo::WalkTable table = streets.walks(gates, from, options);
  for (std::size_t h = 0; h < hubs.size(); ++h) result.push_back(walks_of_row(table, h, gates[h], from, limit_m));
  return result;
}

void walk_to_school(PlanCity& city, SchoolIndex school) {
  std::vector<geo::Point> gates;
  for (const CityCampus& campus : city.schools[school].campuses) {
    gates.insert(gates.end(), campus.gates.begin(), campus.gates.end());
  }
  std::vector<geo::Point> places;
  std::vector<UnitIndex> units;
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (!city.units[u].in_force || !city.units[u].placed) continue;
    places.push_back(city.units[u].place);
    units.push_back(u);
  }
  const std::vector<UnitWalks> found = find_walks(city.sources.get(), std::span(&gates, 1), places);
  auto next = found.front().begin();
  for (std::uint32_t i = 0; i < units.size(); ++i) {
    const bool walks = next != found.front().end() && next->school == i;
    if (walks) {
      UnitWalk walk = *next++;
      walk.school = school;
      set_walk(city, units[i], school, &walk);
    } else {
      set_walk(city, units[i], school, nullptr);
    }
  }
}

void walk_from_unit(PlanCity& city, UnitIndex unit) {
  city.walks.resize(city.units.size());
  city.walks[unit] = nullptr;
  if (!city.units[unit].placed) return;
  std::vector<geo::Point> gates;
  std::vector<SchoolIndex> school_of;
  for (SchoolIndex s = 0; s < city.schools.size(); ++s) {
    for (const CityCampus& campus : city.schools[s].campuses) {
      for (const geo::Point gate : campus.gates) gates.push_back(gate), school_of.push_back(s);
    }
  }
  const std::vector<geo::Point> here{city.units[unit].place};
  const std::vector<UnitWalks> found = find_walks(city.sources.get(), std::span(&here, 1), gates);
  const auto worth = [](const UnitWalk& w) {
    return std::tuple(w.way == geo::Way::straight, w.length_mm, w.trunk_roads, w.rails, w.rivers);
  };
  UnitWalks walks;
  for (UnitWalk walk : found.front()) {
    walk.school = school_of[walk.school];
    if (walks.empty() || walks.back().school != walk.school) {
      walks.push_back(walk);
    } else if (worth(walk) < worth(walks.back())) {
      walks.back() = walk;
    }
  }
  city.walks[unit] = std::make_shared<const UnitWalks>(std::move(walks));
}

demand::SeatInput input_of_school(const demand::SeatInput& input, std::string_view school_id) {
  demand::SeatInput part;
  part.base_year = input.base_year, part.last_year = input.last_year;
  std::set<std::string> campuses, units;
  for (const auto& campus : input.campuses) {
    if (campus.school_id != school_id) continue;
    campuses.insert(campus.id);
    part.campuses.push_back(campus);
  }
  for (const auto& unit : input.units) {
    if (unit.school_id != school_id) continue;
    units.insert(unit.id);
    part.units.push_back(unit);
  }
  const auto take = [&](const auto& from, auto& to, auto&& member, const std::set<std::string>& known) {
    for (const auto& row : from) {
      if (known.contains(row.*member)) to.push_back(row);
    }
  };
  take(input.rooms, part.rooms, &demand::CampusRooms::campus_id, campuses);
  take(input.plans, part.plans, &demand::EntryPlan::admission_unit_id, units);
  take(input.exceptions, part.exceptions, &demand::CapException::admission_unit_id, units);
  take(input.reserved, part.reserved, &demand::ReservedSeats::admission_unit_id, units);
  take(input.pupils, part.pupils, &demand::GradePupils::admission_unit_id, units);
  for (demand::PurchasedSeats row : input.purchased) {
    if (!units.contains(row.admission_unit_id)) continue;
    if (!units.contains(row.seller_unit_id)) row.seller_unit_id.clear();
    part.purchased.push_back(std::move(row));
  }
  return part;
}

void fill_seats(PlanCity& city, const demand::SeatLedger& ledger, std::span<const SchoolIndex> schools,
                YearIndex from) {
  const std::size_t stages = city.stages.size();
  std::map<std::string_view, SchoolIndex> numbers;
  for (const SchoolIndex s : schools) {
    numbers.emplace(city.schools[s].id, s);
    for (StageIndex k = 0; k < stages; ++k) {
      for (YearIndex y = from; y < city.years; ++y) city.seats[(s * stages + k) * city.years + y] = {};
    }
  }
  for (const demand::SeatRow& row : ledger.rows) {
    const auto school = numbers.find(row.school_id);
    const auto year = city.find_year(row.school_year);
    const auto stage = city.find_stage(row.stage);
    if (!row.entry || school == numbers.end() || !year || *year < from || !stage) continue;
    EntrySeats& to = city.seats[(school->second * stages + *stage) * city.years + *year];
    to.known = true;
    to.seats += demand::seats_for_demand(row);
    to.classes += row.classes;
    to.class_cap = std::max(to.class_cap, row.class_cap);
    to.grade_rooms += row.rooms + row.spare_rooms;
  }
}

std::vector<ChildParts> arrivals_of(const demand::DemandModel& model, Housing project, std::size_t years) {
  std::vector<ChildParts> parts(years, 0);
  if (model.history.units.empty()) return parts;
  project.unit_id = model.history.units.front();  // what it brings does not depend on where it stands
  demand::PlanState state;
  state.housing = {std::move(project)};
  demand::find_arrivals(model, static_cast<int>(years), state);
  for (std::size_t y = 0; y < years; ++y) {
    parts[y] = static_cast<ChildParts>(std::lround((*state.arrivals)[y] * kWholeChild));
  }
  return parts;
}

void fill_children(PlanCity& city) {
  const CitySources& sources = *city.sources;
  const demand::DemandModel& model = *sources.demand;
  const std::size_t stages = city.stages.size();
  city.children.assign(city.units.size() * stages * city.years, 0);
  const auto at = [&](std::size_t u, std::size_t k, std::size_t y) -> ChildParts& {
    return city.children[(u * stages + k) * city.years + y];
  };
  for (std::size_t u = 0; u < city.units.size(); ++u) {
    for (std::size_t k = 0; k < std::min(stages, model.outlook.size()); ++k) {
      for (std::size_t y = 0; y < city.years; ++y) {
        const float children = model.outlook[k].children[sources.demand_unit[u] * demand::kMostYears + y];
        at(u, k, y) = static_cast<ChildParts>(std::lround(std::max(0.0f, children) * kWholeChild));
      }
    }
  }
  for (const CityHousing& estate : city.housing) {
    if (estate.unit == kNoUnit) continue;
    const std::vector<ChildParts> more = arrivals_of(model, estate.project, city.years);
    for (std::size_t k = 0; k < stages; ++k) {
      for (std::size_t y = 0; y < city.years; ++y) at(estate.unit, k, y) += more[y];
    }
  }
}

void place_campuses(PlanCity& city) {
  std::vector<geo::Box> boxes;
  for (const CityUnit& unit : city.units) {
    boxes.push_back(unit.in_force && unit.shape != nullptr ? geo::bounding_box(*unit.shape) : geo::Box{});
  }
  for (CitySchool& school : city.schools) {
    for (CityCampus& campus : school.campuses) {
      campus.unit = kNoUnit;
      if (campus.gates.empty()) continue;
      for (UnitIndex u = 0; u < city.units.size() && campus.unit == kNoUnit; ++u) {
        if (boxes[u].contains(campus.gates.front()) && covers_point(*city.units[u].shape, campus.gates.front())) {
          campus.unit = u;
        }
      }
    }
  }
}

}  // namespace catchment::engine::planning
