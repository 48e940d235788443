// Looks for zones of one school that are worth more than those of the pool: annealing over connected sets of units.
#pragma once

#include <vector>

#include "engine/planning/optimiser/zone_pool.hpp"
#include "engine/planning/plan_graph.hpp"
#include "engine/planning/plan_problem.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::engine::planning {

class ZonePricer {
 public:
  ZonePricer(const PlanProblem& problem, const PlanGraph& graph, const std::vector<char>& allowed, std::uint64_t seed);

  // Starts from the pool's best zone of the school under the pool's prices and cools from hot to cold; what is good
  // enough goes to the pool.
  void search(SchoolIndex school, ZonePool& pool, int proposals, double hot, double cold);

 private:
  void take_branch(UnitIndex u);  // into out_: u and the members that need it to reach the school
  bool joined_locally(UnitIndex u) const;
  void enter(UnitIndex u);
  void leave(UnitIndex u);

  const PlanProblem& problem_;
  const PlanGraph& graph_;
  ZoneMeter meter_;
  std::vector<char> fixed_;  // units where schools that share a zone stand
  const std::vector<char>& allowed_;
  PlanRandom random_;
  std::vector<std::uint32_t> place_;  // place in members_, or UINT32_MAX
  std::vector<UnitIndex> members_, out_, queue_;
  std::vector<std::uint32_t> mark_;
  std::uint32_t stamp_ = 0;
  UnitIndex home_ = 0;
};

}  // namespace catchment::engine::planning
