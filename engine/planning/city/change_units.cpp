// Changes of units: splits and merges. What the parts have adds up to what the whole had.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/planning/city/change_parts.hpp"
#include "engine/planning/city/city_tables.hpp"
#include "geo/even_odd.hpp"
#include "geo/projection.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::planning {
namespace {

// How a whole falls into two, by weights.
struct Weights {
  std::int64_t first = 1, second = 1;

  // The first part of a count by largest remainder; at a tie the first has more. The second has the rest.
  std::int64_t part(std::int64_t count) const {
    const __int128 all = static_cast<__int128>(first) + second;
    return static_cast<std::int64_t>((2 * static_cast<__int128>(count) * first + all) / (2 * all));
  }
};

std::shared_ptr<const std::vector<geo::Point>> positions_in(const CityUnit& unit, const geo::MultiPolygon& shape,
                                                            bool inside) {
  auto list = std::make_shared<std::vector<geo::Point>>();
  if (unit.positions != nullptr) {
    for (const geo::Point p : *unit.positions) {
      if (covers_point(shape, p) == inside) list->push_back(p);
    }
  }
  return list;
}

Weights weights_of(const CityUnit& first, const CityUnit& second) {
  const auto positions = [](const CityUnit& u) { return static_cast<std::int64_t>(u.positions->size()); };
  if (positions(first) + positions(second) > 0) return {positions(first), positions(second)};
  const Weights areas{std::llround(first.area_m2 * 100), std::llround(second.area_m2 * 100)};
  return areas.first + areas.second > 0 ? areas : Weights{};
}

// Two units for one, behind the others; the table of children grows with them.
class Splitter {
 public:
  Splitter(PlanCity& city, UnitIndex unit, const CutArea& cut) : city_(city), unit_(unit) {
    first_ = make(cut.first, 1);
    second_ = make(cut.second, 2);
    first_.positions = positions_in(whole(), cut.first, true);
    second_.positions = positions_in(whole(), cut.first, false);
    measure(first_);
    measure(second_);
    weights_ = weights_of(first_, second_);
  }

  std::pair<UnitIndex, UnitIndex> carry_out() {
    share_out();
    share_children();
    city_.units[unit_].in_force = false;
    const auto number = static_cast<UnitIndex>(city_.units.size());
    city_.units.push_back(std::move(first_));
    city_.units.push_back(std::move(second_));
    city_.walks.resize(city_.units.size());
    for (CityHousing& estate : city_.housing) {
      if (estate.unit == unit_) estate.unit = lies_in_first(estate.project.position, number) ? number : number + 1;
    }
    for (CitySchool& school : city_.schools) {
      for (CityCampus& campus : school.campuses) {
        if (campus.unit == unit_) campus.unit = lies_in_first(campus.gates.front(), number) ? number : number + 1;
      }
    }
    return {number, number + 1};
  }

 private:
  const CityUnit& whole() const { return city_.units[unit_]; }

  CityUnit make(const geo::MultiPolygon& shape, int number) const {
    CityUnit part;
    part.id = whole().id + "#" + std::to_string(number);
    part.name = whole().name;
    part.shape = std::make_shared<const geo::MultiPolygon>(shape);
    part.made_of = {unit_};
    return part;
  }

  void share_out() {
    const auto placed = static_cast<int>(first_.positions->size() + second_.positions->size());
    const int unplaced = whole().addresses - placed;
    const int to_first = static_cast<int>(weights_.part(unplaced));
    first_.addresses = static_cast<int>(first_.positions->size()) + to_first;
    second_.addresses = static_cast<int>(second_.positions->size()) + unplaced - to_first;
    if (whole().households) {
      first_.households = static_cast<int>(weights_.part(*whole().households));
      second_.households = *whole().households - *first_.households;
    }
    std::vector<UnitOrigin> origins = whole().origins;
    if (origins.empty()) origins = {{unit_, kWholeChild}};
    for (const UnitOrigin& origin : origins) {
      const auto part = static_cast<std::int32_t>(weights_.part(origin.parts));
      first_.origins.push_back({origin.unit, part});
      second_.origins.push_back({origin.unit, origin.parts - part});
    }
  }

  void share_children() {
    const std::size_t cells = city_.stages.size() * city_.years;
    std::vector<ChildParts> first(cells), second(cells);
    for (std::size_t i = 0; i < cells; ++i) {
      ChildParts& all = city_.children[unit_ * cells + i];
      first[i] = static_cast<ChildParts>(weights_.part(all));
      second[i] = all - first[i];
      all = 0;
    }
    city_.children.insert(city_.children.end(), first.begin(), first.end());
    city_.children.insert(city_.children.end(), second.begin(), second.end());
    if (city_.rezoned_before.empty()) return;
    const std::vector<std::uint8_t> before(
        city_.rezoned_before.begin() + static_cast<std::ptrdiff_t>(unit_ * city_.stages.size()),
        city_.rezoned_before.begin() + static_cast<std::ptrdiff_t>((unit_ + 1) * city_.stages.size()));
    for (int i = 0; i < 2; ++i) city_.rezoned_before.insert(city_.rezoned_before.end(), before.begin(), before.end());
  }

  // What has no position is where most addresses are.
  bool lies_in_first(const std::optional<geo::Point>& place, UnitIndex first) const {
    if (place) return covers_point(*city_.units[first].shape, *place);
    return weights_.first >= weights_.second;
  }

  PlanCity& city_;
  UnitIndex unit_;
  CityUnit first_, second_;
  Weights weights_;
};

// Borders of units that are new, with one another and with the neighbours of those they came from; the others stay.
void renew_borders(PlanCity& city, const std::set<UnitIndex>& made) {
  std::set<UnitIndex> around;
  for (const CityBorder& b : city.borders) {
    const bool a_in_force = city.units[b.a].in_force;
    const bool b_in_force = city.units[b.b].in_force;
    if (a_in_force != b_in_force) around.insert(a_in_force ? b.a : b.b);
  }
  std::erase_if(city.borders,
                [&](const CityBorder& b) { return !city.units[b.a].in_force || !city.units[b.b].in_force; });
  around.insert(made.begin(), made.end());
  const std::vector<UnitIndex> units(around.begin(), around.end());
  std::vector<const geo::MultiPolygon*> shapes;
  for (const UnitIndex u : units) shapes.push_back(city.units[u].shape.get());
  const BorderGround* ground = city.sources == nullptr ? nullptr : city.sources->barriers.get();
  for (CityBorder b : find_borders(shapes, ground)) {
    b.a = units[b.a], b.b = units[b.b];
    if (made.contains(b.a) || made.contains(b.b)) city.borders.push_back(b);
  }
}

// Walks anew on streets; of a city made by hand, those of the unit it came from.
void renew_walks(PlanCity& city, UnitIndex unit) {
  const UnitIndex from = city.units[unit].made_of.front();
  if (city.sources != nullptr) {
    walk_from_unit(city, unit);
  } else {
    city.walks[unit] = city.walks[from];
  }
}

void copy_answers(PlanDraft& draft, UnitIndex from, UnitIndex to) {
  const auto years = static_cast<YearIndex>(draft.city().years);
  for (StageIndex k = 0; k < draft.city().stages.size(); ++k) {
    for (YearIndex y = 0; y < years; ++y) draft.put(to, k, y, y + 1, draft.plan().answer(from, k, y), "");
  }
}

// The two sides of a line through a unit; parts of it that the line does not touch go with the larger side.
CutArea cut_unit(const geo::MultiPolygon& shape, const geo::Polyline& line) {
  std::vector<geo::Polygon> left, right, apart;
  for (LineFace& face : part_by_line({shape}, line)) {
    if (!geo::covers_between_units(shape, geo::Point{}, face.inside_lon, face.inside_lat)) continue;
    if (face.side == LineSide::both) {
      PlanDraft::fail("plan_line", "/line", "the line passes on both sides of a part: it is unclear whose that is");
    }
    (face.side == LineSide::left ? left : face.side == LineSide::right ? right : apart).push_back(face.shape);
  }
  if (left.empty() || right.empty()) PlanDraft::fail("plan_line", "/line", "the line does not cut the unit in two");
  const auto area = [](const std::vector<geo::Polygon>& faces) { return geo::geodesic_area_m2(faces); };
  auto& larger = area(left) >= area(right) ? left : right;
  larger.insert(larger.end(), apart.begin(), apart.end());
  return {geo::join_faces(left), geo::join_faces(right)};
}

}  // namespace

std::vector<std::pair<UnitIndex, UnitIndex>> PlanDraft::split(const std::vector<Split>& splits) {
  PlanCity next = city();
  std::vector<std::pair<UnitIndex, UnitIndex>> made;
  std::set<UnitIndex> parts;
  for (const Split& split : splits) {
    require_unlocked(split.unit, split.member);
    for (const char* number : {"#1", "#2"}) {
      const std::string id = next.units[split.unit].id + number;
      if (city().find_unit(id)) fail("plan_exists", split.member, "there is a unit " + id + " already");
    }
    made.push_back(Splitter(next, split.unit, split.cut).carry_out());
    parts.insert({made.back().first, made.back().second});
  }
  renew_borders(next, parts);
  for (const UnitIndex u : parts) renew_walks(next, u);
  take_city(std::move(next));
  for (std::size_t i = 0; i < splits.size(); ++i) {
    copy_answers(*this, splits[i].unit, made[i].first);
    copy_answers(*this, splits[i].unit, made[i].second);
  }
  return made;
}

void carry_out(PlanDraft& draft, const SplitUnit& change) {
  const UnitIndex u = draft.unit(change.unit, "/unit");
  const CityUnit& unit = draft.city().units[u];
  const char* member = change.closed ? "/polygon" : "/line";
  if (unit.shape == nullptr || unit.shape->empty()) {
    PlanDraft::fail("plan_unit", "/unit", "unit " + unit.id + " has no shape to be cut");
  }
  const std::size_t least = change.closed ? 3 : 2;
  if (change.cut.size() < least) PlanDraft::fail("plan_line", member, "too few points");
  geo::MultiPolygon region;
  if (change.closed) {
    region = {{change.cut, {}}};
    const geo::Validity validity = geo::check_validity(region);
    if (!validity.valid) PlanDraft::fail("plan_line", member, "no polygon: " + validity.reason);
    region = geo::normalised(std::move(region));
  } else {
    region = cut_unit(*unit.shape, change.cut).first;
  }
  PlanDraft::Within within = PlanDraft::look(unit, region);
  if (!within.cut) {
    PlanDraft::fail(
        "plan_line", member,
        "it does not leave two parts of unit " + unit.id + ", each with an address or a hundredth of its area");
  }
  draft.split({{u, std::move(*within.cut), "/unit"}});
}

namespace {

// One unit in the place of several that answer alike.
CityUnit join_units(const PlanCity& city, const std::vector<UnitIndex>& units, const std::string& id) {
  CityUnit whole;
  whole.id = id;
  whole.made_of = units;
  whole.households = 0;
  auto positions = std::make_shared<std::vector<geo::Point>>();
  std::vector<geo::MultiPolygon> shapes;
  std::map<UnitIndex, std::int32_t> origins;
  for (const UnitIndex u : units) {
    const CityUnit& part = city.units[u];
    whole.name += (whole.name.empty() || part.name.empty() ? "" : "、") + part.name;
    whole.addresses += part.addresses;
    if (part.positions != nullptr) positions->insert(positions->end(), part.positions->begin(), part.positions->end());
    if (!part.households) whole.households.reset();
    if (whole.households) *whole.households += *part.households;
    if (part.shape != nullptr) shapes.push_back(*part.shape);
    if (part.origins.empty()) origins[u] += kWholeChild;
    for (const UnitOrigin& o : part.origins) origins[o.unit] += o.parts;
  }
  for (const auto& [unit, parts] : origins) whole.origins.push_back({unit, parts});
  whole.positions = std::move(positions);
  if (!shapes.empty()) whole.shape = std::make_shared<const geo::MultiPolygon>(geo::dissolve(shapes));
  measure(whole);
  return whole;
}

void require_joined(const PlanCity& city, const std::vector<UnitIndex>& units) {
  std::set<UnitIndex> away(units.begin() + 1, units.end());
  std::vector<UnitIndex> queue{units.front()};
  while (!queue.empty()) {
    const UnitIndex u = queue.back();
    queue.pop_back();
    for (const PlanCity::Neighbour& n : city.neighbours(u)) {
      if (away.erase(n.unit) > 0) queue.push_back(n.unit);
    }
  }
  if (away.empty()) return;
  PlanDraft::fail(
      "plan_unit", "/units",
      "unit " + city.units[*away.begin()].id + " does not hang together with " + city.units[units.front()].id);
}

void require_one_answer(const PlanDraft& draft, UnitIndex like, UnitIndex unit, const std::string& member) {
  const PlanCity& city = draft.city();
  for (StageIndex k = 0; k < city.stages.size(); ++k) {
    for (YearIndex y = 0; y < city.years; ++y) {
      if (draft.plan().answer(unit, k, y) == draft.plan().answer(like, k, y)) continue;
      PlanDraft::fail("plan_unit", member,
                      "units " + city.units[like].id + " and " + city.units[unit].id + " answer differently in " +
                          std::string(engine::to_word(city.stages[k])) + " of " + std::to_string(city.school_year(y)));
    }
  }
}

// What the unit had is the other's: children, estates, campuses, what it went through.
void hand_down(PlanCity& city, UnitIndex from, UnitIndex to) {
  const std::size_t stages = city.stages.size();
  const std::size_t cells = stages * city.years;
  city.units[from].in_force = false;
  for (std::size_t i = 0; i < cells; ++i) {
    city.children[to * cells + i] += city.children[from * cells + i];
    city.children[from * cells + i] = 0;
  }
  for (std::size_t k = 0; k < stages && !city.rezoned_before.empty(); ++k) {
    std::uint8_t& most = city.rezoned_before[to * stages + k];
    most = std::max(most, city.rezoned_before[from * stages + k]);
  }
  for (CityHousing& estate : city.housing) {
    if (estate.unit == from) estate.unit = to;
  }
  for (CitySchool& school : city.schools) {
    for (CityCampus& campus : school.campuses) {
      if (campus.unit == from) campus.unit = to;
    }
  }
}

}  // namespace

void carry_out(PlanDraft& draft, const MergeUnits& change) {
  std::vector<UnitIndex> units = draft.units(change.units);
  if (units.size() < 2) PlanDraft::fail("plan_unit", "/units", "two units at least");
  const PlanCity& city = draft.city();
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::string member = "/units/" + std::to_string(i);
    draft.require_unlocked(units[i], member);
    require_one_answer(draft, units[0], units[i], member);
  }
  require_joined(city, units);
  std::string id = change.id;
  if (id.empty()) {
    for (const std::string& part : change.units) id += (id.empty() ? "" : "+") + part;
  }
  if (city.find_unit(id)) PlanDraft::fail("plan_exists", "/id", "there is a unit " + id + " already");
  std::ranges::sort(units);
  PlanCity next = city;
  const auto number = static_cast<UnitIndex>(next.units.size());
  next.units.push_back(join_units(city, units, id));
  next.walks.resize(next.units.size());
  next.children.resize(next.units.size() * city.stages.size() * city.years, 0);
  if (!next.rezoned_before.empty()) next.rezoned_before.resize(next.units.size() * city.stages.size(), 0);
  for (const UnitIndex u : units) hand_down(next, u, number);
  renew_borders(next, {number});
  renew_walks(next, number);
  draft.take_city(std::move(next));
  copy_answers(draft, units.front(), number);
}

}  // namespace catchment::engine::planning
