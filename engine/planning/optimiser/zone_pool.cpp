#include "engine/planning/optimiser/zone_pool.hpp"

#include <algorithm>
#include <cmath>

#include "engine/planning/plan_random.hpp"

namespace catchment::engine::planning {
namespace {

// Zones a school keeps when it is trimmed; it has at most twice as many.
constexpr std::size_t kKeptInAll = 24000, kKeptLeast = 200, kKeptMost = 1500;
constexpr int kFullLook = 25;
constexpr double kForgetZones = 0.02;

// A zone as the search over partitions sees it.
struct Column {
  const PoolZone* zone = nullptr;
  SchoolIndex school = 0;
  double value = 0;
  std::vector<std::uint64_t> bits;
};

// Some of a school's zones, laid out for many looks at what they are worth.
class WatchedZones {
 public:
  // Those whose value is at most `most`.
  void take(const std::vector<PoolZone>& zones, double most) {
    cost_.clear();
    first_.assign(1, 0);
    units_.clear();
    for (const PoolZone& zone : zones) {
      if (zone.value > most) continue;
      cost_.push_back(zone.cost);
      units_.insert(units_.end(), zone.units.begin(), zone.units.end());
      first_.push_back(static_cast<std::uint32_t>(units_.size()));
    }
  }

  // The least value under the prices, and the units of the first zone that has it.
  std::pair<double, std::span<const UnitIndex>> best(const std::vector<double>& price) const {
    double least = kNever;
    std::size_t pick = 0;
    for (std::size_t z = 0; z < cost_.size(); ++z) {
      double value = cost_[z];
      for (std::uint32_t k = first_[z]; k < first_[z + 1]; ++k) value -= price[units_[k]];
      if (value < least) least = value, pick = z;
    }
    return {least, std::span(units_).subspan(first_[pick], first_[pick + 1] - first_[pick])};
  }

 private:
  std::vector<double> cost_;
  std::vector<std::uint32_t> first_;
  std::vector<UnitIndex> units_;
};

class PartitionSearch {
 public:
  PartitionSearch(const PlanProblem& problem, std::vector<Column> columns, double room, std::uint64_t work,
                  const std::function<bool()>& stop)
      : problem_(problem), columns_(std::move(columns)), room_(room), work_(work), stop_(stop) {
    covering_.assign(problem.units.size(), 0);
    open_.assign(problem.schools.size(), 1);
  }

  // room: what the values may exceed the least of each school by, in all.
  bool run() {
    std::vector<std::uint32_t> all(columns_.size());
    for (std::uint32_t k = 0; k < all.size(); ++k) all[k] = k;
    chosen_.clear();
    descend(std::move(all), 0, 0, 0, problem_.schools.size());
    return spent_ < work_ && !stopped_;
  }

  const std::vector<std::uint32_t>& best() const { return best_; }
  const Column& column(std::uint32_t k) const { return columns_[k]; }

 private:
  void descend(std::vector<std::uint32_t> active, double value, int moved, long moved_units, std::size_t schools_left) {
    if (schools_left == 0) {
      if (value < room_ && covers_all()) {
        room_ = value - 1e-9;
        best_ = chosen_;
      }
      return;
    }
    if (spent_ >= work_ || stopped_) return;
    if (stop_ && (++nodes_ & 63) == 0) stopped_ = stop_();
    if (!narrow(active, value)) return;
    const std::optional<UnitIndex> unit = scarcest(active);
    if (!unit) return;
    std::vector<std::uint32_t> branches;
    for (const std::uint32_t k : active) {
      if (holds(columns_[k], *unit)) branches.push_back(k);
    }
    std::ranges::sort(branches, {}, [&](std::uint32_t k) { return std::pair{columns_[k].value, k}; });
    for (const std::uint32_t pick : branches) {
      const int now_moved = moved + columns_[pick].zone->moved;
      const long now_units = moved_units + columns_[pick].zone->moved_units;
      if (problem_.budget && (now_moved > problem_.budget->children || now_units > problem_.budget->units)) continue;
      std::vector<std::uint32_t> rest;
      for (const std::uint32_t k : active) {
        if (columns_[k].school != columns_[pick].school && apart(columns_[k], columns_[pick])) rest.push_back(k);
      }
      spent_ += active.size();
      chosen_.push_back(pick);
      open_[columns_[pick].school] = 0;
      descend(std::move(rest), value + columns_[pick].value, now_moved, now_units, schools_left - 1);
      open_[columns_[pick].school] = 1;
      chosen_.pop_back();
    }
  }

  // Drops what no plan within the room can use; false if nothing is left for a school.
  bool narrow(std::vector<std::uint32_t>& active, double value) {
    for (bool again = true; again;) {
      least_.assign(open_.size(), kNever);
      for (const std::uint32_t k : active) {
        least_[columns_[k].school] = std::min(least_[columns_[k].school], columns_[k].value);
      }
      double floor = value;
      for (std::size_t s = 0; s < open_.size(); ++s) {
        if (open_[s]) floor += least_[s];
      }
      if (!(floor < room_)) return false;
      const std::size_t before = active.size();
      std::erase_if(active,
                    [&](std::uint32_t k) { return floor - least_[columns_[k].school] + columns_[k].value >= room_; });
      spent_ += before;
      again = active.size() < before && active.size() * 10 < before * 9;
    }
    return true;
  }

  // The unit not covered yet that the fewest zones could cover; nothing if there is one that none can.
  std::optional<UnitIndex> scarcest(const std::vector<std::uint32_t>& active) {
    std::ranges::fill(covering_, 0);
    for (const std::uint32_t k : chosen_) {
      for (const UnitIndex u : columns_[k].zone->units) covering_[u] = UINT32_MAX;
    }
    for (const std::uint32_t k : active) {
      for (const UnitIndex u : columns_[k].zone->units) ++covering_[u];
      spent_ += columns_[k].zone->units.size() / 8 + 1;
    }
    const auto least = std::ranges::min_element(covering_);
    if (*least == 0 || *least == UINT32_MAX) return std::nullopt;
    return static_cast<UnitIndex>(least - covering_.begin());
  }

  bool covers_all() const {
    std::size_t units = 0;
    for (const std::uint32_t k : chosen_) units += columns_[k].zone->units.size();
    return units == problem_.units.size();
  }

  static bool holds(const Column& c, UnitIndex u) { return (c.bits[u / 64] >> (u % 64) & 1) != 0; }
  static bool apart(const Column& a, const Column& b) {
    for (std::size_t w = 0; w < a.bits.size(); ++w) {
      if ((a.bits[w] & b.bits[w]) != 0) return false;
    }
    return true;
  }

  const PlanProblem& problem_;
  std::vector<Column> columns_;
  double room_;
  std::uint64_t work_, spent_ = 0, nodes_ = 0;
  const std::function<bool()>& stop_;
  bool stopped_ = false;
  std::vector<std::uint32_t> chosen_, best_, covering_;
  std::vector<char> open_;
  std::vector<double> least_;
};

}  // namespace

ZonePool::ZonePool(const PlanProblem& problem)
    : problem_(problem),
      meter_(problem),
      price_(problem.units.size(), 0),
      kept_(std::clamp(kKeptInAll / std::max<std::size_t>(1, problem.schools.size()), kKeptLeast, kKeptMost)),
      zones_(problem.schools.size()),
      limit_(problem.schools.size(), kNever) {
  PlanRandom random(0x706f6f6c);
  for (std::size_t u = 0; u < problem.units.size(); ++u) unit_key_.push_back(random.next());
  for (std::size_t s = 0; s < problem.schools.size(); ++s) school_key_.push_back(random.next());
}

void ZonePool::set_prices(std::span<const double> unit_price) {
  price_.assign(unit_price.begin(), unit_price.end());
  least_.assign(zones_.size(), kNever);
  look_at_all(price_);
  for (std::size_t s = 0; s < zones_.size(); ++s) {
    limit_[s] = kNever;
    if (zones_[s].size() > kept_) trim(static_cast<SchoolIndex>(s));
  }
}

void ZonePool::add(SchoolIndex school, std::span<const UnitIndex> units, std::uint64_t hash) {
  if (!known_.insert(hash).second) return;
  PoolZone zone;
  zone.hash = hash;
  zone.units.assign(units.begin(), units.end());
  std::ranges::sort(zone.units);
  for (const UnitIndex u : zone.units) {
    zone.cost += problem_.cost_of(u, school);
    zone.value += problem_.cost_of(u, school) - price_[u];
    if (!problem_.budget || problem_.budget->current[u] == school) continue;
    zone.moved += problem_.units[u].children;
    zone.moved_units += problem_.budget->weight_of(u);
  }
  if (problem_.has_zone_costs()) {
    const double whole = meter_.whole_cost(school, zone.units);
    zone.cost += whole;
    zone.value += whole;
  }
  zones_[school].push_back(std::move(zone));
  if (zones_[school].size() >= 2 * kept_) trim(school);
}

const PoolZone* ZonePool::best_zone(SchoolIndex school) const {
  const PoolZone* best = nullptr;
  for (const PoolZone& z : zones_[school]) {
    if (best == nullptr || z.value < best->value) best = &z;
  }
  return best;
}

void ZonePool::trim(SchoolIndex school) {
  std::vector<PoolZone>& zones = zones_[school];
  const auto cheaper = [](const PoolZone& a, const PoolZone& b) {
    return std::pair{a.value, a.hash} < std::pair{b.value, b.hash};
  };
  std::nth_element(zones.begin(), zones.begin() + static_cast<std::ptrdiff_t>(kept_), zones.end(), cheaper);
  limit_[school] = zones[kept_].value;
  for (std::size_t k = kept_; k < zones.size(); ++k) known_.erase(zones[k].hash);
  zones.resize(kept_);
}

std::size_t ZonePool::size() const {
  std::size_t total = 0;
  for (const auto& zones : zones_) total += zones.size();
  return total;
}

// Every zone's value under the prices; returns the sum of the schools' least.
double ZonePool::look_at_all(const std::vector<double>& price) {
  double total = 0;
  for (std::size_t s = 0; s < zones_.size(); ++s) {
    least_[s] = kNever;
    for (PoolZone& zone : zones_[s]) {
      zone.value = zone.cost;
      for (const UnitIndex u : zone.units) zone.value -= price[u];
      least_[s] = std::min(least_[s], zone.value);
    }
    total += least_[s];
  }
  return total;
}

// Prices by subgradients. Between full looks at the pool only the zones close to the best of their school are watched.
void ZonePool::improve_prices(int steps, double below, const std::function<bool()>& stop) {
  const std::size_t n = problem_.units.size(), m = zones_.size();
  shares_.assign(n * m, 0);
  least_.assign(m, kNever);
  bound_ = -kNever;
  if (std::ranges::any_of(zones_, [](const auto& zones) { return zones.empty(); })) return;
  std::vector<double> price = price_, best_price = price_, slope(n);
  std::vector<WatchedZones> watched(m);
  double length = 1, top_seen = -kNever;
  int stalled = 0;
  for (int step = 0; step <= steps; ++step) {
    const bool full = step % kFullLook == 0 || step == steps;
    double total = 0;
    if (full) {
      total = look_at_all(price);
      for (const double p : price) total += p;
      if (total > bound_) bound_ = total, best_price = price;
      const double window = 0.15 * std::max(below - bound_, 1e-4 * std::abs(below));
      for (std::size_t s = 0; s < m; ++s) watched[s].take(zones_[s], least_[s] + window);
    } else {
      for (const double p : price) total += p;
    }
    std::ranges::fill(slope, 1.0);
    for (double& x : shares_) x *= 1 - kForgetZones;
    for (std::size_t s = 0; s < m; ++s) {
      const auto [least, units] = watched[s].best(price);
      if (!full) total += least;
      for (const UnitIndex u : units) slope[u] -= 1, shares_[u * m + s] += kForgetZones;
    }
    if (total > top_seen + 1e-6 * std::abs(below)) stalled = 0;
    top_seen = std::max(top_seen, total);
    if (++stalled > 12) length *= 0.75, stalled = 0;
    double norm = 0;
    for (const double g : slope) norm += g * g;
    if (norm == 0 || bound_ >= below || (full && stop && stop())) break;
    const double stride = length * std::max(below - total, 1e-5 * std::abs(below)) / norm;
    for (std::size_t u = 0; u < n; ++u) price[u] += stride * slope[u];
  }
  price_ = best_price;
  look_at_all(price_);
  for (std::size_t s = 0; s < m; ++s) {
    limit_[s] = kNever;
    if (zones_[s].size() > kept_) trim(static_cast<SchoolIndex>(s));
    limit_[s] = std::min(limit_[s], least_[s] + 0.35 * std::max(below - bound_, 1e-4 * std::abs(below)));
  }
}

ZonePool::Partition ZonePool::partition(double below, std::uint64_t work, const std::function<bool()>& stop) {
  Partition result;
  const std::size_t n = problem_.units.size(), m = zones_.size();
  for (const auto& zones : zones_) {
    if (zones.empty()) return result;
  }
  if (bound_ >= below) {
    result.proved = true;
    return result;
  }
  const double floor = bound_;
  double sum = 0;
  for (const double p : price_) sum += p;
  // Near the bound few zones are left and the search ends soon; so the room grows until it holds a plan.
  for (const double share : {0.02, 0.06, 0.15, 0.35, 1.0}) {
    const double roof = floor + share * (below - floor);
    std::vector<Column> columns;
    for (std::size_t s = 0; s < m; ++s) {
      for (const PoolZone& z : zones_[s]) {
        if (floor + z.value - least_[s] >= roof) continue;
        Column c{&z, static_cast<SchoolIndex>(s), z.value, std::vector<std::uint64_t>((n + 63) / 64)};
        for (const UnitIndex u : z.units) c.bits[u / 64] |= std::uint64_t{1} << (u % 64);
        columns.push_back(std::move(c));
      }
    }
    PartitionSearch search(problem_, std::move(columns), roof - sum - 1e-9, work, stop);
    const bool ended = search.run();
    if (!search.best().empty()) {
      Assignment plan(n, 0);
      for (const std::uint32_t k : search.best()) {
        const Column& c = search.column(k);
        result.cost += c.zone->cost;
        for (const UnitIndex u : c.zone->units) plan[u] = c.school;
      }
      result.plan = std::move(plan);
    }
    result.proved = ended && (result.plan || share == 1.0);
    if (!ended || result.plan) break;
  }
  return result;
}

}  // namespace catchment::engine::planning
