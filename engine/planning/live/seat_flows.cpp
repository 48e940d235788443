#include <algorithm>

#include "engine/planning/live/live_parts.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kMostSeats = 32'767;       // in parts they fit an int
constexpr int kUnplaced_m = 10'000'000;  // more than any chain of longer walks adds up to
constexpr std::uint32_t kMost_mm = 90'000'000;

}  // namespace

int SeatFlows::seats_of(SchoolIndex school, StageIndex stage, YearIndex year) const {
  const EntrySeats& entry = book_.city().seats_of(school, stage, year);
  if (!entry.known || !book_.city().schools[school].offers[stage].open(year)) return 0;
  return std::clamp(entry.seats, 0, kMostSeats) * kWholeChild;
}

// Arcs to the nearest schools that ever offer the stage, and to those of both plans as far as there is a walk. Metres
// are set unit by unit.
SeatFlowInput SeatFlows::make_input(StageIndex stage) const {
  const PlanCity& city = book_.city();
  SeatFlowInput in;
  in.unplaced_metres = kUnplaced_m;
  in.children.assign(city.units.size(), 0);
  in.seats.assign(city.schools.size(), 0);
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (!city.units[u].in_force || city.walks[u] == nullptr) continue;
    std::vector<std::pair<std::uint32_t, SchoolIndex>> near;
    for (const UnitWalk& w : *city.walks[u]) {
      const CitySchool& school = city.schools[w.school];
      const StageOffer& offer = school.offers[stage];
      if (school.ownership != "private" && offer.entry && offer.from < offer.to)
        near.emplace_back(std::min(w.length_mm, kMost_mm), w.school);
    }
    const auto most = std::min(near.size(), static_cast<std::size_t>(book_.options.near_schools));
    std::ranges::partial_sort(near, near.begin() + static_cast<std::ptrdiff_t>(most));
    near.resize(most);
    std::ranges::sort(near, {}, [](const auto& n) { return n.second; });
    for (const auto& [mm, school] : near) in.arcs.push_back({u, school, static_cast<int>((mm + 999) / 1000)});
  }
  return in;
}

void SeatFlows::rebuild() {
  flows_.clear();
  if (!book_.options.seat_flow) return;
  for (StageIndex k = 0; k < book_.stages; ++k) {
    const SeatFlowInput arcs = make_input(k);
    for (YearIndex y = 0; y < book_.years; ++y) {
      SeatFlowInput in = arcs;
      for (SchoolIndex s = 0; s < in.seats.size(); ++s) in.seats[s] = seats_of(s, k, y);
      for (UnitIndex u = 0; u < in.children.size(); ++u) in.children[u] = book_.city().children_of(u, k, y);
      for (SeatArc& arc : in.arcs) {
        const auto own = book_.plan.schools_of(arc.unit, k, y);
        if (std::ranges::find(own, arc.school) == own.end()) arc.metres += book_.options.leave_m;
      }
      flows_.emplace_back(std::move(in));
    }
  }
  touched_.assign(flows_.size(), 1);
}

void SeatFlows::update_unit(UnitIndex unit, StageIndex stage) {
  if (flows_.empty()) return;
  const PlanCity& city = book_.city();
  for (YearIndex y = 0; y < book_.years; ++y) {
    const std::size_t at = stage * book_.years + y;
    SeatFlow& flow = flows_[at];
    const ChildParts children = city.units[unit].in_force ? city.children_of(unit, stage, y) : 0;
    if (flow.input().children[unit] != children) flow.set_children(unit, children), touched_[at] = 1;
    const auto own = book_.plan.schools_of(unit, stage, y);
    const std::vector<SeatArc>& arcs = flow.input().arcs;
    auto arc = std::ranges::lower_bound(arcs, unit, {}, &SeatArc::unit);
    for (; arc != arcs.end() && arc->unit == unit; ++arc) {
      const std::uint32_t mm = std::min(city.find_walk(unit, arc->school)->length_mm, kMost_mm);
      const bool is_own = std::ranges::find(own, arc->school) != own.end();
      const int metres = static_cast<int>((mm + 999) / 1000) + (is_own ? 0 : book_.options.leave_m);
      if (metres != arc->metres) flow.set_metres(unit, arc->school, metres), touched_[at] = 1;
    }
  }
}

void SeatFlows::update_school(SchoolIndex school, StageIndex stage) {
  if (flows_.empty()) return;
  for (YearIndex y = 0; y < book_.years; ++y) {
    const std::size_t at = stage * book_.years + y;
    const int seats = seats_of(school, stage, y);
    if (flows_[at].input().seats[school] != seats) flows_[at].set_seats(school, seats), touched_[at] = 1;
  }
}

void SeatFlows::settle() {
  for (std::size_t at = 0; at < flows_.size(); ++at) {
    if (touched_[at] == 0) continue;
    touched_[at] = 0;
    SeatFlow& flow = flows_[at];
    flow.solve();
    YearTally& t = book_.tallies[at];
    t.flow_known = true;
    t.flow_children = flow.children();
    t.flow_unplaced = flow.unplaced();
    t.flow_walk = flow.cost() - flow.unplaced() * kUnplaced_m;
  }
}

std::vector<std::int64_t> SeatFlows::prices(StageIndex stage, YearIndex year) {
  if (flows_.empty()) return {};
  const auto list = flows_[stage * book_.years + year].canonical_prices();
  return {list.begin(), list.end()};
}

}  // namespace catchment::engine::planning
