// The units a school gains most from where a zone's load has a price of its own, or demand is drawn: one knapsack.
#pragma once

#include <functional>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

// A unit a school could have.
struct KnapsackItem {
  UnitIndex unit = 0;
  int weight = 0;
  double gain = 0;  // may be negative: it pays where the load does
};

// Chooses items to maximise their gains less the price of the load they make with `base`, of which at most `room` is
// left. price_from(load): a lower bound of the price of that load or, where rows are coarser than 1, of all loads in
// [load, load + slack]. Exact at a grain of 1; else an upper bound of the gain, and the choice is near it.
// O(items x room / grain), memory the same in bits.
class ZoneKnapsack {
 public:
  using Price = std::function<double(long load, long slack)>;

  double fill(const std::vector<KnapsackItem>& items, long base, long room, const Price& price_from);
  const std::vector<UnitIndex>& chosen() const { return chosen_; }

 private:
  std::vector<double> table_;
  std::vector<std::uint64_t> took_;
  std::vector<UnitIndex> chosen_;
};

// What a price list asks for least over the loads in [load, load + slack].
double least_price(const LoadCost& cost, long load, long slack);

// From which load on every child more costs at least `slope`, and what a child less of a small load may cost at most.
struct LoadSlopes {
  long bend = 0;
  double up = 0, down = 0;
};
LoadSlopes find_slopes(const LoadCost& cost);

// A few prices of a child that the slopes suggest; none without load costs.
std::vector<double> first_prices(const std::vector<LoadCost>& costs);

}  // namespace catchment::engine::planning
