// Changes of who has what: reassigned units, moved boundaries, polygons, shared zones, locks.
#include <algorithm>

#include "engine/planning/city/change_parts.hpp"
#include "geo/even_odd.hpp"
#include "geo/projection.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::planning {
namespace {

constexpr double kLeastPart = 0.01;  // of a unit's area, for a part without addresses

std::string unit_member(std::size_t i) { return "/units/" + std::to_string(i); }

// A line with two places at least, a ring with an area.
void check_line(const geo::Polyline& line) {
  const bool moves = std::ranges::any_of(line, [&](geo::Point p) { return p != line.front(); });
  if (!moves) PlanDraft::fail("plan_line", "/line", "a line needs two different points");
}

geo::MultiPolygon region_of(const geo::Ring& ring, const char* member) {
  geo::MultiPolygon region{{ring, {}}};
  const geo::Validity validity =
      ring.size() < 3 ? geo::Validity{false, "too few points", {}} : geo::check_validity(region);
  if (!validity.valid) PlanDraft::fail("plan_line", member, "no polygon: " + validity.reason);
  return geo::normalised(std::move(region));
}

// A unit and where it may go.
struct Candidate {
  UnitIndex unit = 0;
  SchoolIndex to = 0;
  const geo::MultiPolygon* region = nullptr;
};

// Gives what lies in its region to each candidate's school; split off where asked. `put` writes one unit's answers.
template <class Put>
void hand_over(PlanDraft& draft, const std::vector<Candidate>& candidates, bool split, Put&& put) {
  std::vector<PlanDraft::Split> splits;
  std::vector<Candidate> whole, parts;
  for (const Candidate& c : candidates) {
    PlanDraft::Within within = PlanDraft::look(draft.city().units[c.unit], *c.region);
    if (split && within.cut) {
      draft.require_unlocked(c.unit, "");
      splits.push_back({c.unit, std::move(*within.cut), ""});
      parts.push_back(c);
    } else if (within.most) {
      whole.push_back(c);
    }
  }
  const auto made = splits.empty() ? std::vector<std::pair<UnitIndex, UnitIndex>>{} : draft.split(splits);
  for (const Candidate& c : whole) put(c.unit, c.to);
  for (std::size_t i = 0; i < made.size(); ++i) put(made[i].first, parts[i].to);
}

// What changes hands when a line becomes the border of two zones.
struct Swapped {
  geo::MultiPolygon to_right, to_left;
};

geo::MultiPolygon zone_shape(const PlanCity& city, const std::vector<UnitIndex>& units) {
  std::vector<geo::MultiPolygon> shapes;
  for (const UnitIndex u : units) {
    if (city.units[u].shape != nullptr) shapes.push_back(*city.units[u].shape);
  }
  return geo::dissolve(shapes);
}

Swapped swap_by_line(const geo::MultiPolygon& left, const geo::MultiPolygon& right, const geo::Polyline& line) {
  std::vector<geo::Polygon> to_right, to_left;
  for (LineFace& face : part_by_line({left, right}, line)) {
    if (face.side == LineSide::apart) continue;
    const bool of_left = geo::covers_between_units(left, geo::Point{}, face.inside_lon, face.inside_lat);
    const bool of_right = geo::covers_between_units(right, geo::Point{}, face.inside_lon, face.inside_lat);
    if (of_left == of_right) continue;  // of neither, or of both where units overlap
    if (face.side == LineSide::both) {
      PlanDraft::fail("plan_line", "/line",
                      "the line passes on both sides of what lies at " + std::to_string(face.inside_lon / 1e7) + ", " +
                          std::to_string(face.inside_lat / 1e7) + ": it is unclear whose that is");
    }
    if (of_left && face.side == LineSide::right) to_right.push_back(std::move(face.shape));
    if (of_right && face.side == LineSide::left) to_left.push_back(std::move(face.shape));
  }
  return {to_right.empty() ? geo::MultiPolygon{} : geo::join_faces(to_right),
          to_left.empty() ? geo::MultiPolygon{} : geo::join_faces(to_left)};
}

// A school keeps the place it stands in, one of them if there are several.
void require_home(const CitySchool& school, const geo::MultiPolygon& given_away, const char* member) {
  bool lost = false;
  for (const CityCampus& campus : school.campuses) {
    if (campus.gates.empty()) continue;
    if (!covers_point(given_away, campus.gates.front())) return;
    lost = true;
  }
  if (!lost) return;
  PlanDraft::fail(
      "plan_line", member,
      "school " + school.id + " would give away the place it stands in: are left and right the wrong way round?");
}

}  // namespace

PlanDraft::Within PlanDraft::look(const CityUnit& unit, const geo::MultiPolygon& region) {
  Within result;
  std::size_t inside = 0, all = 0;
  if (unit.positions != nullptr) {
    all = unit.positions->size();
    inside = static_cast<std::size_t>(
        std::ranges::count_if(*unit.positions, [&](geo::Point p) { return covers_point(region, p); }));
  }
  result.most = 2 * inside > all;
  if (unit.shape == nullptr) return result;
  CutArea cut = cut_by_region(*unit.shape, region);
  const double first_m2 = cut.first.empty() ? 0 : geo::geodesic_area_m2(cut.first);
  const double second_m2 = cut.second.empty() ? 0 : geo::geodesic_area_m2(cut.second);
  if (2 * inside == all) result.most = first_m2 > second_m2;
  const double least_m2 = kLeastPart * (first_m2 + second_m2);
  const bool first_counts = !cut.first.empty() && (first_m2 >= least_m2 || inside > 0);
  const bool second_counts = !cut.second.empty() && (second_m2 >= least_m2 || inside < all);
  if (first_counts && second_counts) result.cut = std::move(cut);
  return result;
}

void carry_out(PlanDraft& draft, const ReassignUnits& change) {
  const StageIndex stage = draft.stage(change.stage);
  const YearIndex from = draft.year(change.from_year, "/from_year");
  const SchoolIndex school = draft.school(change.school, "/school");
  const auto years = static_cast<YearIndex>(draft.city().years);
  draft.require_open(school, stage, from, years, "/school");
  const std::vector<UnitIndex> units = draft.units(change.units);
  for (std::size_t i = 0; i < units.size(); ++i) draft.put(units[i], stage, from, years, school, unit_member(i));
}

void carry_out(PlanDraft& draft, const MoveBoundary& change) {
  const StageIndex stage = draft.stage(change.stage);
  const YearIndex from = draft.year(change.from_year, "/from_year");
  const SchoolIndex left = draft.school(change.left, "/left");
  const SchoolIndex right = draft.school(change.right, "/right");
  if (left == right) PlanDraft::fail("plan_school", "/right", "the same school on both sides");
  const auto years = static_cast<YearIndex>(draft.city().years);
  draft.require_open(left, stage, from, years, "/left");
  draft.require_open(right, stage, from, years, "/right");
  check_line(change.line);
  std::vector<UnitIndex> of_left, of_right;
  for (UnitIndex u = 0; u < draft.city().units.size(); ++u) {
    if (!draft.city().units[u].in_force) continue;
    const AnswerIndex a = draft.plan().answer(u, stage, from);
    if (a == left) of_left.push_back(u);
    if (a == right) of_right.push_back(u);
  }
  if (of_left.empty()) PlanDraft::fail("plan_unassigned", "/left", "school " + change.left + " has no units then");
  if (of_right.empty()) PlanDraft::fail("plan_unassigned", "/right", "school " + change.right + " has no units then");
  const Swapped swapped =
      swap_by_line(zone_shape(draft.city(), of_left), zone_shape(draft.city(), of_right), change.line);
  require_home(draft.city().schools[left], swapped.to_right, "/left");
  require_home(draft.city().schools[right], swapped.to_left, "/right");
  std::vector<Candidate> candidates;
  for (const UnitIndex u : of_left) candidates.push_back({u, right, &swapped.to_right});
  for (const UnitIndex u : of_right) candidates.push_back({u, left, &swapped.to_left});
  const CityPlan before = draft.plan();
  hand_over(draft, candidates, change.split, [&](UnitIndex u, SchoolIndex to) {
    const SchoolIndex had = to == left ? right : left;
    for (YearIndex y = from; y < years; ++y) {
      if (draft.plan().answer(u, stage, y) == had) draft.put(u, stage, y, y + 1, to, "");
    }
  });
  if (draft.plan().shared_city() == before.shared_city() && differences(before, draft.plan()).empty()) {
    PlanDraft::fail("plan_line", "/line",
                    "the line takes no unit from either zone: its ends must reach their border or leave them");
  }
}

void carry_out(PlanDraft& draft, const DrawPolygon& change) {
  const StageIndex stage = draft.stage(change.stage);
  const YearIndex from = draft.year(change.from_year, "/from_year");
  const SchoolIndex school = draft.school(change.school, "/school");
  const auto years = static_cast<YearIndex>(draft.city().years);
  draft.require_open(school, stage, from, years, "/school");
  const geo::MultiPolygon region = region_of(change.ring, "/polygon");
  const geo::Box box = geo::bounding_box(region);
  std::vector<Candidate> candidates;
  for (UnitIndex u = 0; u < draft.city().units.size(); ++u) {
    const CityUnit& unit = draft.city().units[u];
    if (!unit.in_force) continue;
    const bool near = unit.shape != nullptr ? geo::bounding_box(*unit.shape).intersects(box)
                                            : unit.placed && unit.positions != nullptr;
    bool all_there = true;
    for (YearIndex y = from; y < years; ++y) all_there &= draft.plan().answer(u, stage, y) == school;
    if (near && !all_there) candidates.push_back({u, school, &region});
  }
  const CityPlan before = draft.plan();
  hand_over(draft, candidates, change.split,
            [&](UnitIndex u, SchoolIndex to) { draft.put(u, stage, from, years, to, ""); });
  if (draft.plan().shared_city() == before.shared_city() && differences(before, draft.plan()).empty()) {
    PlanDraft::fail("plan_line", "/polygon", "most of no unit of another school lies in the polygon");
  }
}

void carry_out(PlanDraft& draft, const DeclareZone& change) {
  const StageIndex stage = draft.stage(change.stage);
  const YearIndex from = draft.year(change.from_year, "/from_year");
  const auto years = static_cast<YearIndex>(draft.city().years);
  YearIndex to = years;
  if (change.kind == SchoolSet::Kind::transition) {
    to = draft.year(change.to_year, "/to_year") + 1;
    if (to <= from) PlanDraft::fail("plan_year", "/to_year", "the transition ends before it begins");
  }
  SchoolSet set{{}, change.kind};
  for (std::size_t i = 0; i < change.schools.size(); ++i) {
    const std::string member = "/schools/" + std::to_string(i);
    set.schools.push_back(draft.school(change.schools[i], member));
    draft.require_open(set.schools.back(), stage, from, to, member);
    if (std::ranges::count(set.schools, set.schools.back()) > 1) {
      PlanDraft::fail("plan_school", member, "school " + change.schools[i] + " stands there twice");
    }
  }
  if (set.schools.size() < 2) PlanDraft::fail("plan_school", "/schools", "a shared zone needs two schools");
  std::optional<SchoolIndex> then;
  if (!change.then.empty()) {
    then = draft.school(change.then, "/then");
    draft.require_open(*then, stage, to, years, "/then");
  }
  const AnswerIndex answer = draft.answer_of(std::move(set));
  const std::vector<UnitIndex> units = draft.units(change.units);
  for (std::size_t i = 0; i < units.size(); ++i) {
    draft.put(units[i], stage, from, to, answer, unit_member(i));
    if (then) draft.put(units[i], stage, to, years, *then, unit_member(i));
  }
}

void carry_out(PlanDraft& draft, const LockUnits& change) {
  const std::vector<UnitIndex> units = draft.units(change.units);
  for (std::size_t i = 0; i < units.size(); ++i) {
    draft.require_unlocked(units[i], unit_member(i));
    draft.set_lock(units[i], &change.lock);
  }
}

void carry_out(PlanDraft& draft, const UnlockUnits& change) {
  const std::vector<UnitIndex> units = draft.units(change.units);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (!draft.plan().locks().contains(units[i])) {
      PlanDraft::fail("plan_unit", unit_member(i), "unit " + change.units[i] + " is not locked");
    }
    draft.set_lock(units[i], nullptr);
  }
}

}  // namespace catchment::engine::planning
