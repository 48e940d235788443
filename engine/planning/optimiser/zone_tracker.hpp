// What whole zones cost while units move between them: the search's hook for everything that is no sum over units.
#pragma once

#include <span>
#include <vector>

#include "engine/planning/zone_costs.hpp"

namespace catchment::engine::planning {

// Moves are tried between two zones at a time: move() as often as it takes, then keep() or drop(). A move costs
// O(neighbours of its units + draws x years).
class ZoneTracker {
 public:
  explicit ZoneTracker(const PlanProblem& problem);  // must outlive it

  // Whether there is anything to track; all else may only be called then.
  static bool needed(const PlanProblem& problem) { return problem.has_zone_costs() || problem.draws.has_value(); }

  void start(const Assignment& plan);

  // Gives units of `from` to `to`, in the plan as well. Moves tried together are between the same two zones.
  void move(std::span<const UnitIndex> units, SchoolIndex from, SchoolIndex to, Assignment& plan);
  double change() const { return change_; }            // in cost, of the moves tried
  long short_change() const { return short_change_; }  // in children beyond the seats in the draws
  void keep();
  void drop() { tried_ = 0; }  // the plan the caller puts back

  double cost(SchoolIndex s) const { return zones_[s].cost; }
  long shortage(SchoolIndex s) const { return zones_[s].shortage; }  // at least 0

 private:
  struct Zone {
    long children = 0;
    double area = 0, perimeter = 0;
    std::vector<long> load;  // [draw * years + year]
    double cost = 0;
    long shortage = 0;
  };

  void add(Zone& zone, UnitIndex u, int sign) const;
  void measure(SchoolIndex s, Zone& zone);

  const PlanProblem& problem_;
  ZoneMeter meter_;
  std::vector<int> draw_children_;  // [unit * draws * years + draw * years + year]
  std::size_t loads_ = 0;           // draws x years
  std::vector<Zone> zones_;
  Zone next_[2];
  SchoolIndex pair_[2] = {};
  int tried_ = 0;
  double change_ = 0;
  long short_change_ = 0;
  std::vector<long> scratch_;
};

}  // namespace catchment::engine::planning
