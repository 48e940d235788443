// Chains whose step redraws the line between two adjacent zones: ReCom and its reversible variant.
#pragma once

#include "engine/planning/ensemble/pair_tree.hpp"

namespace catchment::engine::planning {

// ReCom (DeFord, Duchin, Solomon 2021), and RevReCom (Cannon, Duchin, Randall, Rule 2022).
//
// `recombine` makes one more legal plan: a random border between zones names a pair, a random spanning tree of the
// merged pair is cut at one of its legal edges, all alike; a tree without one is drawn again, a few times. No closed
// form of its stationary distribution is known; it favours compact zones, roughly by their number of spanning trees.
// Whether it reaches every legal plan is not known either.
//
// `recombine_reversibly` is a step of a chain whose stationary distribution is known: proportional to the product over
// zones of the number of spanning trees each has. Any two zones are proposed alike; the tree is uniform; of its n legal
// cuts each is taken with probability 1 / bound; and the outcome is accepted with 1 / the borders between the new
// zones. Otherwise the plan stays, which is most often. It is exact as long as no tree has more cuts than the bound:
// over_bound counts those.
//
// A cut and which side becomes which zone are told apart, so the plans are those of named zones.
class RecomChain {
 public:
  RecomChain(const ChainGround& ground, const Assignment& start, std::uint64_t seed, TreeKind tree);

  bool recombine();                                // false if a pair's trees had no legal cut: the plan stays
  bool recombine_reversibly(std::uint32_t bound);  // whether the plan was redrawn

  const ChainPlan& plan() const { return plan_; }
  std::uint64_t trees() const { return trees_; }
  std::uint64_t over_bound() const { return over_bound_; }

 private:
  const ChainGround& ground_;
  PlanRandom random_;
  TreeKind kind_;
  ChainPlan plan_;
  std::vector<std::vector<UnitIndex>> units_of_;
  PairTree pair_;
  std::uint64_t trees_ = 0, over_bound_ = 0;
};

// Units of every zone, ascending.
std::vector<std::vector<UnitIndex>> list_units(const Assignment& plan, std::size_t zones);

// A border between two zones, all alike, and its zones; false if the plan has none.
bool pick_pair(const ChainGround& ground, const ChainPlan& plan, PlanRandom& random, SchoolIndex& a, SchoolIndex& b);

}  // namespace catchment::engine::planning
