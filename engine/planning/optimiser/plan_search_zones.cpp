// The search's part for whole zones: what they cost, and schools that share one.
#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>

#include "engine/planning/optimiser/plan_search.hpp"

namespace catchment::engine::planning {

void PlanSearch::assign(const Part& part, SchoolIndex from, SchoolIndex to) {
  if (tracker_) {
    tracker_->move(part.units, from, to, plan_);
    return;
  }
  for (const UnitIndex w : part.units) plan_[w] = to;
}

// Takes back what assign() did; all that was tried is dropped.
void PlanSearch::undo(const Part& part, SchoolIndex from) {
  for (const UnitIndex w : part.units) plan_[w] = from;
  if (tracker_) tracker_->drop();
}

void PlanSearch::take_zone_change() {
  plan_cost_ += tracker_->change();
  over_ += tracker_->short_change();
  tracker_->keep();
}

// What whole zones cost, afresh. Without costs of units the scale of a search is what the plan at hand costs.
void PlanSearch::settle_zones() {
  if (!tracker_) return;
  tracker_->start(plan_);
  double cost = 0;
  for (SchoolIndex s = 0; s < schools_; ++s) {
    cost += tracker_->cost(s);
    over_ += tracker_->shortage(s);
  }
  plan_cost_ += cost;
  if (scaled_ || !problem_.has_zone_costs()) return;
  scaled_ = true;
  unit_scale_ = total_ > 0 ? unit_scale_ : 0;
  child_scale_ = total_ > 0 ? child_scale_ : 0;
  unit_scale_ += cost / static_cast<double>(plan_.size());
  child_scale_ += cost / std::max(1.0, total_children_);
  if (!(unit_scale_ > 0)) unit_scale_ = child_scale_ = 1;
}

bool PlanSearch::holds_fixed(const Part& part) const {
  return std::ranges::any_of(part.units, [this](UnitIndex u) { return fixed_[u] != 0; });
}

// Joins schools that share a zone by ways between them, the least children on them first; at random where ways compete.
void PlanSearch::join_schools() {
  for (SchoolIndex s = 0; s < schools_; ++s) {
    for (const UnitIndex u : problem_.schools[s].all_units()) plan_[u] = s;
  }
  std::vector<SchoolIndex> order(schools_);
  for (SchoolIndex s = 0; s < schools_; ++s) {
    order[s] = s;
    std::swap(order[s], order[random_.below(s + 1)]);
  }
  unjoined_ = 0;
  for (const SchoolIndex s : order) {
    const UnitIndex home = problem_.schools[s].unit;
    for (const UnitIndex end : problem_.schools[s].more_units) {
      const std::vector<UnitIndex> way = find_way(home, end, s);
      unjoined_ += way.empty();
      for (const UnitIndex u : way) plan_[u] = s;
    }
  }
}

// From one unit to another over units that are the school's or nobody's yet; empty if there is no way.
std::vector<UnitIndex> PlanSearch::find_way(UnitIndex from, UnitIndex to, SchoolIndex s) {
  using Step = std::tuple<double, UnitIndex, UnitIndex>;
  std::priority_queue<Step, std::vector<Step>, std::greater<>> front;
  std::vector<UnitIndex>& before = before_;
  before.assign(plan_.size(), kNoUnit);
  front.emplace(0, from, from);
  while (!front.empty() && before[to] == kNoUnit) {
    const auto [length, unit, back] = front.top();
    front.pop();
    if (before[unit] != kNoUnit) continue;
    before[unit] = back;
    for (const UnitIndex w : graph_.neighbours(unit)) {
      if (before[w] != kNoUnit || !allowed_[w * schools_ + s] || (plan_[w] != s && plan_[w] != kNoUnit)) continue;
      front.emplace(plan_[w] == s ? length : length + (1 + children_[w]) * (0.5 + random_.unit()), w, unit);
    }
  }
  std::vector<UnitIndex> way;
  if (before[to] == kNoUnit) return way;
  for (UnitIndex u = to; u != from; u = before[u]) way.push_back(u);
  way.push_back(from);
  return way;
}

}  // namespace catchment::engine::planning
