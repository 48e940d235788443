#include "engine/planning/optimiser/zone_pricer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "engine/planning/optimiser/zone_tracker.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::uint32_t kOutside = UINT32_MAX;
constexpr std::size_t kLogs = 4096;

// The exponential distribution by its quantiles.
const std::array<double, kLogs>& exponential_table() {
  static const std::array<double, kLogs> table = [] {
    std::array<double, kLogs> t{};
    for (std::size_t k = 0; k < kLogs; ++k) t[k] = -std::log((static_cast<double>(k) + 0.5) / kLogs);
    return t;
  }();
  return table;
}

}  // namespace

ZonePricer::ZonePricer(const PlanProblem& problem, const PlanGraph& graph, const std::vector<char>& allowed,
                       std::uint64_t seed)
    : problem_(problem), graph_(graph), meter_(problem), allowed_(allowed), random_(seed) {
  fixed_.assign(problem.units.size(), 0);
  for (const PlanSchool& s : problem.schools) {
    for (const UnitIndex u : s.more_units) fixed_[u] = 1;
  }
  place_.assign(problem.units.size(), kOutside);
  mark_.assign(problem.units.size(), 0);
}

void ZonePricer::enter(UnitIndex u) {
  place_[u] = static_cast<std::uint32_t>(members_.size());
  members_.push_back(u);
}

void ZonePricer::leave(UnitIndex u) {
  const UnitIndex last = members_.back();
  members_[place_[u]] = last;
  place_[last] = place_[u];
  members_.pop_back();
  place_[u] = kOutside;
}

// Whether a member's neighbours in the zone hang together among themselves; then nothing is cut off without it.
bool ZonePricer::joined_locally(UnitIndex u) const {
  const auto near = graph_.neighbours(u);
  if (near.size() > 64) return false;
  std::uint64_t mine = 0;
  for (std::size_t k = 0; k < near.size(); ++k) mine |= static_cast<std::uint64_t>(place_[near[k]] != kOutside) << k;
  return graph_.hang_together(u, mine);
}

void ZonePricer::take_branch(UnitIndex u) {
  out_.assign(1, u);
  if (joined_locally(u)) return;
  ++stamp_;
  mark_[u] = mark_[home_] = stamp_;
  queue_.assign(1, home_);
  const auto spread = [&](std::vector<UnitIndex>& reached) {
    for (std::size_t k = 0; k < reached.size(); ++k) {
      for (const UnitIndex w : graph_.neighbours(reached[k])) {
        if (place_[w] == kOutside || mark_[w] == stamp_) continue;
        mark_[w] = stamp_;
        reached.push_back(w);
      }
    }
  };
  spread(queue_);
  if (queue_.size() + 1 < members_.size()) spread(out_);
}

void ZonePricer::search(SchoolIndex school, ZonePool& pool, int proposals, double hot, double cold) {
  const PoolZone* best = pool.best_zone(school);
  if (best == nullptr) return;
  const std::size_t m = problem_.schools.size();
  const int seats = problem_.schools[school].seats;
  home_ = problem_.schools[school].unit;
  for (const UnitIndex u : members_) place_[u] = kOutside;
  members_.clear();
  int children = 0;
  double value = 0;
  std::uint64_t hash = pool.school_key(school);
  for (const UnitIndex u : best->units) {
    enter(u);
    children += problem_.units[u].children;
    value += problem_.cost_of(u, school) - pool.prices()[u];
    hash ^= pool.unit_key(u);
  }
  const bool whole = ZoneTracker::needed(problem_) || !problem_.schools[school].more_units.empty();
  double whole_cost = whole ? meter_.whole_cost(school, members_) : 0, next_whole = 0;
  value += whole_cost;
  const auto& exponential = exponential_table();
  const auto worth = [&](UnitIndex u) { return problem_.cost_of(u, school) - pool.prices()[u]; };
  std::vector<UnitIndex> removed;
  double heat = hot;
  for (int k = 0; k < proposals; ++k) {
    if (k % 256 == 0) heat = hot * std::pow(cold / hot, static_cast<double>(k) / proposals);
    const UnitIndex u = members_[random_.below(static_cast<std::uint32_t>(members_.size()))];
    const auto near = graph_.neighbours(u);
    if (near.empty()) return;
    const UnitIndex w = near[random_.below(static_cast<std::uint32_t>(near.size()))];
    const double most = heat * exponential[random_.below(kLogs)];
    double change = 0;
    int more = 0;
    removed.clear();
    const bool grows = place_[w] == kOutside;
    if (grows) {
      if (!allowed_[w * m + school]) continue;
      change = worth(w);
      more = problem_.units[w].children;
      enter(w);
      for (int t = 0; t < 8 && children + more > seats; ++t) {
        const UnitIndex x = members_[random_.below(static_cast<std::uint32_t>(members_.size()))];
        if (x == home_ || x == w) continue;
        take_branch(x);
        if (std::ranges::find(out_, w) != out_.end()) continue;
        for (const UnitIndex y : out_) {
          leave(y);
          removed.push_back(y);
          change -= worth(y);
          more -= problem_.units[y].children;
        }
      }
    } else {
      if (u == home_) continue;
      take_branch(u);
      for (const UnitIndex y : out_) {
        leave(y);
        removed.push_back(y);
        change -= worth(y);
        more -= problem_.units[y].children;
      }
    }
    bool legal = children + more <= seats;
    if (legal && whole) {
      legal = std::ranges::none_of(removed, [this](UnitIndex y) { return fixed_[y] != 0; }) &&
              meter_.shortage(school, members_) <= 0;
      next_whole = legal ? meter_.whole_cost(school, members_) : 0;
      change += next_whole - whole_cost;
    }
    if (!legal || change > most) {
      if (grows) leave(w);
      for (const UnitIndex y : removed) enter(y);
      continue;
    }
    children += more;
    value += change;
    whole_cost = next_whole;
    if (grows) hash ^= pool.unit_key(w);
    for (const UnitIndex y : removed) hash ^= pool.unit_key(y);
    if (!pool.wants(school, value) || pool.knows(hash)) continue;
    pool.add(school, members_, hash);
    best = nullptr;  // the pool may have moved it
  }
}

}  // namespace catchment::engine::planning
