// A chain whose step moves one unit over a border.
#pragma once

#include <array>

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
  static constexpr std::uint32_t kSlots = 8;

  // A border between two zones, as it is drawn.
  struct CutEdge {
    UnitIndex a = 0, b = 0;
    std::uint32_t edge = 0;
  };

  // A unit's neighbours in the order of the ring they form around it, with a bit of `links` where one borders the next,
  // the last one the first: so those of one zone hang together if they are one run. Unused slots name a unit of no
  // zone.
  struct Ring {
    std::array<UnitIndex, kSlots> near;
    std::array<std::uint32_t, kSlots> edge;
    std::uint32_t count = 0, links = 0;
    bool whole = false;  // `links` is all they have of borders, so bits decide; else the graph is asked
    bool wide = false;   // more neighbours than slots, none of them here
  };

  // A unit's neighbours in the zone it leaves and in the one it joins: of all, and as bits by slot unless it is wide.
  struct Sides {
    std::uint32_t stay_bits = 0, join_bits = 0;
    int stay = 0, join = 0;
  };

  void lay_rings();
  static void order_ring(const PlanGraph& graph, UnitIndex u, std::array<std::uint32_t, kSlots>& order, Ring& ring);
  void propose();
  Sides look_around(UnitIndex u, SchoolIndex from, SchoolIndex to) const;
  double weigh(UnitIndex u, SchoolIndex from, SchoolIndex to, const Sides& sides) const;
  bool joined_without(UnitIndex u, SchoolIndex z, const Sides& sides);
  bool search_without(UnitIndex u, SchoolIndex z, std::uint32_t run_starts);
  std::uint32_t begin_searches(UnitIndex u, SchoolIndex z, std::uint32_t run_starts);
  void begin_search(std::uint32_t number);
  void seed(std::uint32_t number, UnitIndex w);
  bool all_open(std::uint32_t count);
  std::uint32_t search_on(std::uint32_t number, UnitIndex u, SchoolIndex z);
  void move(UnitIndex u, SchoolIndex to, const Sides& sides);
  void count_figures(UnitIndex u, SchoolIndex from, SchoolIndex to);
  void change_cuts(UnitIndex u, SchoolIndex from, SchoolIndex to, const Sides& sides);
  void cut(std::uint32_t edge, UnitIndex a, UnitIndex b);
  void uncut(std::uint32_t edge);

  const ChainGround& ground_;
  PlanRandom random_;
  FlipEnergy energy_;
  bool has_energy_, has_costs_ = false, has_seats_ = false, forbids_ = false;
  std::array<double, 2 * kSlots + 1> cut_weight_;  // exp(-energy) of borders between zones, by how many more there are
  ChainPlan plan_;
  std::vector<SchoolIndex> zone_;  // by unit, and behind them that of no zone
  std::vector<Ring> rings_;
  std::vector<std::uint32_t> edge_of_arc_;
  std::vector<CutEdge> cut_;
  std::vector<std::uint32_t> place_;  // by edge, where it stands in cut_ if it does
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
