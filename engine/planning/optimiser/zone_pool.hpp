// Good zones seen by the search, and the cheapest plan that can be put together from them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "engine/planning/zone_costs.hpp"

namespace catchment::engine::planning {

// A connected zone of a school that has seats for its children.
struct PoolZone {
  std::vector<UnitIndex> units;
  double cost = 0;
  double value = 0;  // cost less the prices of its units
  int moved = 0;     // children who change school under the problem's budget
  long moved_units = 0;
  std::uint64_t hash = 0;
};

// The zones of several plans may fit together to a better one: a set partition, with one zone a school. It is solved by
// Lagrangian prices, which rule most zones out, and a depth-first search over what they leave.
class ZonePool {
 public:
  explicit ZonePool(const PlanProblem& problem);

  // Zones are worth keeping by their value under these prices; what is in the pool is valued anew.
  void set_prices(std::span<const double> unit_price);
  std::span<const double> prices() const { return price_; }

  bool wants(SchoolIndex school, double value) const { return value < limit_[school]; }
  bool knows(std::uint64_t hash) const { return known_.contains(hash); }
  // A zone's hash is its school's key and its units' keys, combined by exclusive or.
  std::uint64_t unit_key(UnitIndex unit) const { return unit_key_[unit]; }
  std::uint64_t school_key(SchoolIndex school) const { return school_key_[school]; }
  void add(SchoolIndex school, std::span<const UnitIndex> units, std::uint64_t hash);
  const PoolZone* best_zone(SchoolIndex school) const;  // by value; valid until the next add
  std::size_t size() const;
  std::span<const PoolZone> zones(SchoolIndex school) const { return zones_[school]; }
  std::span<const double> shares() const { return shares_; }

  // Moves the prices towards those under which the zones of the pool bound its plans best. below: cost of a known plan.
  void improve_prices(int steps, double below, const std::function<bool()>& stop = {});
  double bound() const { return bound_; }  // of the plans the pool holds, since improve_prices

  // The cheapest plan of zones of the pool that costs less than `below`; nothing if there is none or `work` steps did
  // not suffice to find one. proved: nothing in the pool is cheaper than what is returned, or than `below`.
  struct Partition {
    std::optional<Assignment> plan;
    double cost = 0;
    bool proved = false;
  };
  Partition partition(double below, std::uint64_t work, const std::function<bool()>& stop);

 private:
  void trim(SchoolIndex school);
  double look_at_all(const std::vector<double>& price);

  const PlanProblem& problem_;
  ZoneMeter meter_;
  std::vector<double> price_;
  std::vector<double> shares_;
  std::vector<double> least_;  // value of the best zone, by school
  double bound_ = -kNever;
  std::vector<std::uint64_t> unit_key_, school_key_;
  std::size_t kept_;                          // zones a school keeps when it is trimmed
  std::vector<std::vector<PoolZone>> zones_;  // by school
  std::vector<double> limit_;                 // a zone of this value or more is not kept
  std::unordered_set<std::uint64_t> known_;
};

}  // namespace catchment::engine::planning
