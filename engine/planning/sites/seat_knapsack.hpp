// What units one site takes when each is worth something to it and its seats are few.
#pragma once

#include <cstdint>
#include <vector>

namespace catchment::engine::planning {

struct SeatItem {
  double gain = 0;  // > 0
  int seats = 0;    // >= 0
  std::uint32_t unit = 0;
  double rate = 0;  // gain per seat, set by sort_items
};

// Most gain per seat first; equal ones by unit.
void sort_items(std::vector<SeatItem>& items);

// At least the best gain within the seats: items may be cut. `without` is left out.
double fill_bound(const std::vector<SeatItem>& sorted, long seats, std::size_t without = SIZE_MAX);

// The best gain within the seats (Horowitz and Sahni's branch and bound), and what gives it. After a fixed number of
// steps the search ends: then the gain returned is that of fill_bound, and `taken` what was best so far.
class SeatKnapsack {
 public:
  double fill(const std::vector<SeatItem>& sorted, long seats);
  const std::vector<std::uint32_t>& taken() const { return taken_; }  // units, in the order of the items

 private:
  void search(std::size_t from, long seats, double gain);

  const std::vector<SeatItem>* items_ = nullptr;
  std::vector<std::uint32_t> path_, taken_;
  double best_ = 0;
  long steps_ = 0;
};

}  // namespace catchment::engine::planning
