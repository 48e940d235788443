// The units a school gains most from within its seats, where nothing but seats limits it: one knapsack.
#pragma once

#include <vector>

#include "engine/planning/optimiser/zone_knapsack.hpp"

namespace catchment::engine::planning {

// Exact up to rounding. What every best choice has or lacks is told by the gain per weight (Dembo and Hammer 1980);
// rows of a table decide on the few items between. O(items log items + items between x room).
class SeatChoice {
 public:
  // The best gain of items that weigh at most `room` (>= 0) together. Weights >= 0; items without gain are left out.
  double fill(const std::vector<KnapsackItem>& items, int room);
  const std::vector<UnitIndex>& chosen() const { return chosen_; }

 private:
  struct Rated {
    KnapsackItem item;
    double rate = 0;  // gain per weight
  };

  double settle(std::size_t split, int& room, double value);
  double decide(int room);

  std::vector<Rated> rated_;
  std::vector<KnapsackItem> between_;
  std::vector<double> table_;
  std::vector<char> took_;
  std::vector<UnitIndex> chosen_;
};

}  // namespace catchment::engine::planning
