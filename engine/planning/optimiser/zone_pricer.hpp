// Looks for zones of one school that are worth more than those known: annealing over connected sets of units.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/planning/optimiser/zone_pool.hpp"
#include "engine/planning/plan_graph.hpp"
#include "engine/planning/plan_problem.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::engine::planning {

// One cooling from hot to cold, in costs.
struct PricerEffort {
  int proposals = 0;
  double hot = 0, cold = 0;
};

class ZonePricer {
 public:
  ZonePricer(const PlanProblem& problem, const PlanGraph& graph, const std::vector<char>& allowed, std::uint64_t seed);

  // Starts from the pool's best zone of the school under the pool's prices; what is good enough goes to the pool.
  void search(SchoolIndex school, ZonePool& pool, const PricerEffort& effort);

  // Starts from `start`, a connected zone of the school. Every zone passed whose value (cost less `prices` of its
  // units) wanted(value, hash) accepts goes to found. allowed: as find_allowed gives it, or less.
  using Wanted = std::function<bool(double value, std::uint64_t hash)>;
  using Found = std::function<void(std::span<const UnitIndex> units, double value, std::uint64_t hash)>;
  void search(SchoolIndex school, std::span<const UnitIndex> start, const ZonePool& keys,
              std::span<const double> prices, std::span<const char> allowed, const PricerEffort& effort,
              const Wanted& wanted, const Found& found);

 private:
  void take_branch(UnitIndex u);  // into out_: u and the members that need it to reach the school
  bool joined_locally(UnitIndex u) const;
  void enter(UnitIndex u);
  void leave(UnitIndex u);

  const PlanProblem& problem_;
  const PlanGraph& graph_;
  const std::vector<char>& allowed_;
  PlanRandom random_;
  std::vector<std::uint32_t> place_;  // place in members_, or UINT32_MAX
  std::vector<UnitIndex> members_, out_, queue_, removed_;
  std::vector<double> worth_;  // cost less price at the school, or kNever
  std::vector<std::uint32_t> mark_;
  std::uint32_t stamp_ = 0;
  UnitIndex home_ = 0;
};

}  // namespace catchment::engine::planning
