// Simulated annealing over plans whose zones are always connected; seats may be exceeded on the way.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/planning/optimiser/zone_pool.hpp"
#include "engine/planning/optimiser/zone_tracker.hpp"
#include "engine/planning/plan_graph.hpp"
#include "engine/planning/plan_problem.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::engine::planning {

inline constexpr UnitIndex kNoUnit = UINT32_MAX;

// One cooling. Temperatures and penalties are in the units of the costs, or of costs a child, times the problem's mean.
struct Cooling {
  std::uint64_t proposals = 0;
  double hot = 0.3, cold = 0.02;  // temperature at the start and the end, in mean costs of a unit
  double soft = 0.2, hard = 6;    // penalty of a child without a seat, in mean costs of a child
};

// A move takes a unit, and whatever would be cut off from its school without it, over a border to the neighbour's zone;
// every other move brings a unit back in exchange. Each school's seats have a price besides the penalty, which follows
// how often the school is too full: so zones hover around their seats and large units pass between full schools.
class PlanSearch {
 public:
  // All must outlive it.
  PlanSearch(const PlanProblem& problem, const PlanGraph& graph, const std::vector<char>& allowed, ZonePool& pool,
             std::uint64_t seed);

  // Starts from zones grown around the schools by cost and price of seats (per child). The seat prices become the
  // search's own. noise: each is multiplied by a random factor of 1 - noise to 1 + noise.
  void grow(std::span<const double> seat_price, double noise);
  // The same by shares ([unit * schools + school], 0-1), the greatest first; noise is added to each.
  void grow_by_shares(std::span<const double> seat_price, std::span<const double> shares, double noise);
  void start(const Assignment& plan);

  // Until told otherwise, moves are judged as if a unit cost up to `weight` more (in mean costs: half by the unit, half
  // by its children) at a school the less the school's share of it. No shares: as it is. Plans' costs stay the true
  // ones.
  void guide(std::span<const double> shares, double weight);

  // Cools once; false if stop() asked to leave. Zones with seats go to the pool if they are good.
  bool cool(const Cooling& cooling, const std::function<bool()>& stop);

  const Assignment& best() const { return best_; }  // the cheapest legal plan seen; empty if none was
  double best_cost() const { return best_cost_; }
  void offer(const Assignment& plan, double cost);  // a legal plan found elsewhere
  std::span<const double> seat_price() const { return {price_.data(), schools_}; }
  std::uint64_t proposals() const { return proposals_; }

 private:
  struct Zone {
    int children = 0;
    int forbidden = 0;  // units that may not be here
    double cost = 0;    // sums only steer; costs of plans are summed afresh
    double value = 0;   // cost less unit prices
    std::uint64_t hash = 0;
  };
  // What leaves and enters a zone.
  struct Part {
    std::vector<UnitIndex> units;
    double cost_change = 0;
    int children = 0, moved_change = 0, units_change = 0;
  };

  void grow_by(const std::function<double(UnitIndex, SchoolIndex)>& entry);
  void propose(double heat);
  void push(SchoolIndex a, SchoolIndex b, double most);
  void exchange(SchoolIndex a, SchoolIndex b, UnitIndex near, double most);
  void take_branch(UnitIndex u, SchoolIndex to, Part& part);
  bool joined_locally(UnitIndex u) const;
  UnitIndex pick_return(SchoolIndex from, SchoolIndex to, UnitIndex near);
  double penalty(std::size_t side, int load, int change) const {
    return price_[side] * change +
           weight_ * (std::max(0, load + change - limit_[side]) - std::max(0, load - limit_[side]));
  }
  double budget_penalty(int moved_change, int units_change) const {
    return penalty(schools_, moved_, moved_change) + unit_children_ * penalty(schools_ + 1, moved_units_, units_change);
  }
  void assign(const Part& part, SchoolIndex from, SchoolIndex to);
  void carry_out(const Part& part, SchoolIndex from, SchoolIndex to);
  bool holds_fixed(const Part& part) const;
  double zone_change() const { return tracker_->change() + weight_ * static_cast<double>(tracker_->short_change()); }
  void settle_zones();
  void undo(const Part& part, SchoolIndex from);
  void take_zone_change();
  void join_schools();
  std::vector<UnitIndex> find_way(UnitIndex from, UnitIndex to, SchoolIndex s);
  void count_over(std::size_t side, int load, int change) {
    over_ += std::max(0, load + change - limit_[side]) - std::max(0, load - limit_[side]);
  }
  void after_start();
  void keep_if_best();
  void after_move(SchoolIndex a, SchoolIndex b);
  void give_to_pool(SchoolIndex s);
  void adapt_prices();
  void recount();

  const PlanProblem& problem_;
  const PlanGraph& graph_;
  const std::vector<char>& allowed_;
  ZonePool& pool_;
  PlanRandom random_;
  std::size_t schools_;
  std::vector<double> cost_;           // forbidden pairs have a high finite cost
  std::vector<double> felt_;           // what moves are judged by: cost_, or what guide() made of it
  std::vector<int> children_, limit_;  // limit_: seats by school, then the budgets of moved children and units
  std::vector<char> fixed_;
  std::vector<std::uint64_t> key_, school_key_;
  std::vector<float> log_table_;
  double unit_scale_ = 1, child_scale_ = 1;

  Assignment plan_;
  std::vector<Zone> zones_;
  int moved_ = 0, moved_units_ = 0;
  long over_ = 0;
  int forbidden_ = 0;
  double weight_ = 0;
  std::vector<double> price_;  // per child, by school, then of a moved child and a moved unit
  std::vector<int> times_over_;
  Assignment best_;
  double best_cost_ = kNever;
  double plan_cost_ = 0;
  std::uint64_t proposals_ = 0;
  Part out_, back_;
  mutable std::vector<std::uint32_t> mark_;
  std::uint32_t stamp_ = 0;
  std::vector<UnitIndex> queue_, before_;

  // What few problems need; last, so that the others find theirs close together.
  std::unique_ptr<ZoneTracker> tracker_;   // where whole zones cost something
  bool shared_zones_ = false;              // some schools share a zone
  double unit_children_ = 1;               // a unit of the budget's weight in children: prices are of a child
  bool scaled_ = false;                    // whole zones' costs are in the scales
  double total_ = 0, total_children_ = 0;  // of the least costs, and of the units
  int unjoined_ = 0;                       // ways between schools that share a zone which the start lacks
};

}  // namespace catchment::engine::planning
