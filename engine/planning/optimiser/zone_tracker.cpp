#include "engine/planning/optimiser/zone_tracker.hpp"

#include <algorithm>
#include <utility>

namespace catchment::engine::planning {

ZoneTracker::ZoneTracker(const PlanProblem& problem) : problem_(problem), meter_(problem) {
  if (!problem.draws || problem.units.empty()) return;
  const std::size_t n = problem.units.size();
  loads_ = problem.draws->children.size() / n;
  for (std::size_t u = 0; u < n; ++u) {
    for (std::size_t k = 0; k < loads_; ++k) draw_children_.push_back(problem.draws->children[k * n + u]);
  }
}

// All but the borders within the zone.
void ZoneTracker::add(Zone& zone, UnitIndex u, int sign) const {
  zone.children += sign * problem_.units[u].children;
  if (problem_.shape) {
    zone.area += sign * problem_.shape->area[u];
    zone.perimeter += sign * problem_.shape->perimeter[u];
  }
  const int* more = draw_children_.data() + u * loads_;
  for (std::size_t k = 0; k < loads_; ++k) zone.load[k] += sign * more[k];
}

void ZoneTracker::measure(SchoolIndex s, Zone& zone) {
  zone.cost = problem_.load_cost.empty() ? 0.0 : problem_.load_cost[s].at(zone.children);
  if (problem_.shape) zone.cost += problem_.shape->at(zone.area, zone.perimeter);
  if (problem_.draws) zone.shortage = std::max(0L, draw_shortage(*problem_.draws, s, zone.load, scratch_));
}

void ZoneTracker::start(const Assignment& plan) {
  zones_.assign(problem_.schools.size(), {});
  for (Zone& zone : zones_) zone.load.assign(loads_, 0);
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    Zone& zone = zones_[plan[u]];
    add(zone, u, 1);
    for (const ZoneMeter::Near& w : meter_.near(u)) {
      if (plan[w.unit] == plan[u]) zone.perimeter -= w.length;
    }
  }
  for (SchoolIndex s = 0; s < zones_.size(); ++s) measure(s, zones_[s]);
  drop();
}

void ZoneTracker::move(std::span<const UnitIndex> units, SchoolIndex from, SchoolIndex to, Assignment& plan) {
  if (tried_++ == 0) {
    pair_[0] = from;
    pair_[1] = to;
    next_[0] = zones_[from];
    next_[1] = zones_[to];
  }
  Zone& a = pair_[0] == from ? next_[0] : next_[1];
  Zone& b = pair_[0] == from ? next_[1] : next_[0];
  for (const UnitIndex u : units) {
    add(a, u, -1);
    add(b, u, 1);
    for (const ZoneMeter::Near& w : meter_.near(u)) {
      if (plan[w.unit] == from) a.perimeter += 2 * w.length;
      if (plan[w.unit] == to) b.perimeter -= 2 * w.length;
    }
    plan[u] = to;
  }
  measure(pair_[0], next_[0]);
  measure(pair_[1], next_[1]);
  const Zone& c = zones_[pair_[0]];
  const Zone& d = zones_[pair_[1]];
  change_ = next_[0].cost + next_[1].cost - c.cost - d.cost;
  short_change_ = next_[0].shortage + next_[1].shortage - c.shortage - d.shortage;
}

void ZoneTracker::keep() {
  std::swap(zones_[pair_[0]], next_[0]);
  std::swap(zones_[pair_[1]], next_[1]);
  drop();
}

}  // namespace catchment::engine::planning
