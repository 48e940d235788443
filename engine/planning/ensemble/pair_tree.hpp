// Two adjacent zones merged, a random spanning tree over them, and the tree's edges that cut them into two again.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/planning/ensemble/chain_plan.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::engine::planning {

enum class TreeKind {
  uniform,        // every spanning tree alike: Wilson's algorithm (1996)
  random_weight,  // the minimum spanning tree of independent random weights; not uniform
};

class PairTree {
 public:
  // A tree edge taken out: the subtree below `top` goes to one zone, the rest to the other.
  struct Cut {
    std::uint32_t top = 0;       // a unit's place in the merged pair
    bool below_is_first = true;  // whether the subtree becomes zone a, else b
  };

  explicit PairTree(const ChainGround& ground);  // which must outlive it

  // Merges zones a and b; false if no border joins them, and then nothing can be drawn. units: all of both zones.
  bool merge(const ChainPlan& plan, SchoolIndex a, SchoolIndex b, std::span<const UnitIndex> units_a,
             std::span<const UnitIndex> units_b);
  // Random weights: near-linear in the pair's borders. Uniform: the mean hitting time of a random walk over the pair.
  void draw(TreeKind kind, PlanRandom& random);

  // The drawn tree's cuts whose two zones are legal.
  std::span<const Cut> find_cuts();
  // The cut that locks and homes permit with the fewest children outside the limits, and their number; -1 if none.
  long find_least_breach(Cut& cut);

  // Takes a cut: sides are settled, nothing is written. Returns the borders between the new zones.
  int take(const Cut& cut);
  // Writes the zones of the cut taken into the plan with loads and figures; units_a and units_b become theirs.
  void commit(ChainPlan& plan, std::vector<UnitIndex>& units_a, std::vector<UnitIndex>& units_b) const;

  std::size_t size() const { return units_.size(); }

 private:
  struct Node {
    std::uint32_t first = 0, degree = 0;
  };

  void draw_uniform(PlanRandom& random);
  void draw_random_weight(PlanRandom& random);
  void orient(std::uint32_t root);
  void sum_up();

  const ChainGround& ground_;
  SchoolIndex a_ = 0, b_ = 0;
  std::vector<UnitIndex> units_;      // of the pair; a place in it is a unit's number below
  std::vector<std::uint32_t> local_;  // by unit: its number, valid only for units of the pair
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> near_;  // neighbours within the pair
  // By number: children << 34 | units that only zone a may have << 17 | units that only zone b may have; of the unit,
  // and of the subtree below it.
  std::vector<std::uint64_t> weight_, sum_;
  std::uint64_t total_ = 0;
  int borders_ = 0;        // between a and b as they were
  std::uint32_t hub_ = 0;  // a unit with the most neighbours in the pair

  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> order_;  // parents before children; the root first
  std::vector<char> in_tree_;
  std::vector<Cut> cuts_;
  std::vector<char> below_;  // by number: whether below the cut taken
  Cut taken_;
  int taken_borders_ = 0;

  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges_, tree_;  // for random weights
  std::vector<std::uint32_t> root_of_, tree_first_, tree_near_, fill_;
};

}  // namespace catchment::engine::planning
