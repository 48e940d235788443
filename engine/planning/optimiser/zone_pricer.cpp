#include "engine/planning/optimiser/zone_pricer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace catchment::engine::planning {
namespace {

constexpr std::uint32_t kOutside = UINT32_MAX;
constexpr std::size_t kLogs = 4096;

// Exponential variates by their quantiles.
const std::array<float, kLogs>& log_table() {
  static const std::array<float, kLogs> table = [] {
    std::array<float, kLogs> t{};
    for (std::size_t k = 0; k < kLogs; ++k) t[k] = static_cast<float>(-std::log((static_cast<double>(k) + 0.5) / kLogs));
    return t;
  }();
  return table;
}

}  // namespace

ZonePricer::ZonePricer(const PlanProblem& problem, const PlanGraph& graph, const std::vector<char>& allowed,
                       std::uint64_t seed)
    : problem_(problem), graph_(graph), allowed_(allowed), random_(seed) {
  place_.assign(problem.units.size(), kOutside);
  mark_.assign(problem.units.size(), 0);
  worth_.assign(problem.units.size(), 0);
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

// Whether a member's neighbours within the zone hang together among themselves; then nothing is cut off without it.
bool ZonePricer::joined_locally(UnitIndex u) const {
  const auto near = graph_.neighbours(u);
  if (near.size() > 64) return false;
  std::uint64_t mine = 0;
  for (std::size_t k = 0; k < near.size(); ++k) mine |= static_cast<std::uint64_t>(place_[near[k]] != kOutside) << k;
  if ((mine & (mine - 1)) == 0) return true;
  std::uint64_t seen = mine & (~mine + 1), front = seen;
  const std::uint64_t* among = graph_.among.data() + graph_.first[u];
  while (front != 0) {
    const int k = std::countr_zero(front);
    front &= front - 1;
    const std::uint64_t more = among[k] & mine & ~seen;
    seen |= more;
    front |= more;
  }
  return seen == mine;
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

void ZonePricer::search(SchoolIndex school, ZonePool& pool, const PricerEffort& effort) {
  const PoolZone* best = pool.best_zone(school);
  if (best == nullptr) return;
  const std::vector<UnitIndex> start = best->units;  // the pool may move it
  search(
      school, start, pool, pool.prices(), allowed_, effort,
      [&](double value, std::uint64_t hash) { return pool.wants(school, value) && !pool.knows(hash); },
      [&](std::span<const UnitIndex> units, double, std::uint64_t hash) { pool.add(school, units, hash); });
}

void ZonePricer::search(SchoolIndex school, std::span<const UnitIndex> start, const ZonePool& keys,
                        std::span<const double> prices, std::span<const char> allowed, const PricerEffort& effort,
                        const Wanted& wanted, const Found& found) {
  const std::size_t m = problem_.schools.size();
  const int seats = problem_.schools[school].seats;
  home_ = problem_.schools[school].unit;
  for (UnitIndex u = 0; u < worth_.size(); ++u) {
    worth_[u] = allowed[u * m + school] ? problem_.cost_of(u, school) - prices[u] : kNever;
  }
  for (const UnitIndex u : members_) place_[u] = kOutside;
  members_.clear();
  int children = 0;
  double value = 0;
  std::uint64_t hash = keys.school_key(school);
  for (const UnitIndex u : start) {
    enter(u);
    children += problem_.units[u].children;
    value += worth_[u];
    hash ^= keys.unit_key(u);
  }
  double heat = effort.hot;
  for (int k = 0; k < effort.proposals; ++k) {
    if (k % 256 == 0) heat = effort.hot * std::pow(effort.cold / effort.hot, static_cast<double>(k) / effort.proposals);
    const std::uint64_t dice = random_.next();
    const UnitIndex u = members_[(dice >> 32) * members_.size() >> 32];
    const auto near = graph_.neighbours(u);
    if (near.empty()) return;
    const UnitIndex w = near[(dice >> 12 & 0xfffff) * near.size() >> 20];
    const bool grows = place_[w] == kOutside;
    if (grows ? worth_[w] == kNever : u == home_) continue;
    const double most = heat * log_table()[dice % kLogs];
    double change = 0;
    int more = 0;
    removed_.clear();
    const auto drop_branch = [&] {
      for (const UnitIndex y : out_) {
        leave(y);
        removed_.push_back(y);
        change -= worth_[y];
        more -= problem_.units[y].children;
      }
    };
    if (grows) {
      change = worth_[w];
      more = problem_.units[w].children;
      enter(w);
      for (int t = 0; t < 8 && children + more > seats; ++t) {
        const UnitIndex x = members_[random_.below(static_cast<std::uint32_t>(members_.size()))];
        if (x == home_ || x == w) continue;
        take_branch(x);
        if (std::ranges::find(out_, w) == out_.end()) drop_branch();
      }
    } else {
      take_branch(u);
      drop_branch();
    }
    if (children + more > seats || change > most) {
      if (grows) leave(w);
      for (const UnitIndex y : removed_) enter(y);
      continue;
    }
    children += more;
    value += change;
    if (grows) hash ^= keys.unit_key(w);
    for (const UnitIndex y : removed_) hash ^= keys.unit_key(y);
    if (wanted(value, hash)) found(members_, value, hash);
  }
}

}  // namespace catchment::engine::planning
