// A chain whose step moves one unit over a border.
#pragma once

#include "engine/planning/ensemble/chain_plan.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::engine::planning {

// The energy of a plan is the weighted sum of these figures.
struct FlipEnergy {
  double distance = 0;    // a unit of cost
  double over_seats = 0;  // a child
  double cut_edges = 0;   // a border between zones
};

// Metropolis-Hastings: a border between zones and one of its two units are drawn, all alike; the unit is to join the
// zone on the other side. The proposal is refused if the plan would be illegal, else accepted with probability min(1,
// exp(energy now - energy then) * q), q the ratio of the probabilities of proposing back and forth. So the stationary
// distribution over the legal plans that single flips lead to is proportional to exp(-energy), uniform without energy.
// Zones in a bottleneck of limits may keep a chain from parts of the legal plans: look at R-hat.
class FlipChain {
 public:
  FlipChain(const ChainGround& ground, const Assignment& start, std::uint64_t seed, const FlipEnergy& energy);

  // O(1) a proposal where the unit's neighbours in its zone touch one another; else a search as long as the smallest
  // part the unit would cut off.
  void advance(std::uint64_t proposals);

  const ChainPlan& plan() const { return plan_; }
  std::uint64_t proposals() const { return proposals_; }
  std::uint64_t accepted() const { return accepted_; }
  std::uint64_t searches() const { return searches_; }

 private:
  struct Edge {
    UnitIndex a = 0, b = 0;
  };

  // A unit's neighbours in the zone it leaves and in the one it joins: of all, and as bits for the first 64.
  struct Sides {
    std::uint64_t stay_bits = 0, join_bits = 0;
    int stay = 0, join = 0;
  };

  void propose();
  Sides look_around(UnitIndex u, SchoolIndex from, SchoolIndex to) const;
  bool joined_without(UnitIndex u, SchoolIndex z, const Sides& sides);
  bool search_without(UnitIndex u, SchoolIndex z);
  std::uint32_t search_on(std::uint32_t number, UnitIndex u, SchoolIndex z);
  void move(UnitIndex u, SchoolIndex to, const Sides& sides);
  void set_cut(std::uint32_t edge, bool cut);

  const ChainGround& ground_;
  PlanRandom random_;
  FlipEnergy energy_;
  bool has_energy_;
  ChainPlan plan_;
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> edge_of_arc_;
  std::vector<std::uint32_t> cut_, place_;  // edges between zones; by edge, where it stands there if it does
  // Searches from a unit's neighbours that go on in turn until they have all met or one has nowhere to go.
  struct Search {
    std::vector<UnitIndex> queue;
    std::size_t next = 0;
    std::uint32_t joined = 0;  // the search it has met, in the end itself
    bool open = true;          // whether any that it has met can go on
  };
  std::uint32_t root_of(std::uint32_t search) const;
  std::vector<std::uint32_t> mark_;  // stamp_ + the search that has seen a unit
  std::uint32_t stamp_ = 1;
  std::vector<Search> searches_of_;
  std::uint64_t proposals_ = 0, accepted_ = 0, searches_ = 0;
};

}  // namespace catchment::engine::planning
