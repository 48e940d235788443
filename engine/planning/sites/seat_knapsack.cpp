#include "engine/planning/sites/seat_knapsack.hpp"

#include <algorithm>
#include <limits>

namespace catchment::engine::planning {
namespace {

constexpr long kMostSteps = 50'000;  // items looked at in one knapsack

double bound_from(const std::vector<SeatItem>& items, std::size_t from, long seats, long& steps) {
  double gain = 0;
  for (std::size_t k = from; k < items.size(); ++k) {
    ++steps;
    if (items[k].seats > seats) return gain + items[k].gain * static_cast<double>(seats) / items[k].seats;
    seats -= items[k].seats;
    gain += items[k].gain;
  }
  return gain;
}

}  // namespace

void sort_items(std::vector<SeatItem>& items) {
  for (SeatItem& item : items) {
    item.rate = item.seats > 0 ? item.gain / item.seats : std::numeric_limits<double>::infinity();
  }
  std::ranges::sort(
      items, [](const SeatItem& a, const SeatItem& b) { return a.rate != b.rate ? a.rate > b.rate : a.unit < b.unit; });
}

double fill_bound(const std::vector<SeatItem>& sorted, long seats, std::size_t without) {
  double gain = 0;
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    if (k == without) continue;
    if (sorted[k].seats > seats) return gain + sorted[k].gain * static_cast<double>(seats) / sorted[k].seats;
    seats -= sorted[k].seats;
    gain += sorted[k].gain;
  }
  return gain;
}

double SeatKnapsack::fill(const std::vector<SeatItem>& sorted, long seats) {
  items_ = &sorted;
  path_.clear();
  taken_.clear();
  best_ = 0;
  steps_ = 0;
  long left = seats;
  for (const SeatItem& item : sorted) {  // first whatever fits, the best per seat first
    if (item.seats > left) continue;
    left -= item.seats;
    best_ += item.gain;
    taken_.push_back(item.unit);
  }
  search(0, seats, 0);
  return steps_ > kMostSteps ? fill_bound(sorted, seats) : best_;
}

void SeatKnapsack::search(std::size_t from, long seats, double gain) {
  const std::vector<SeatItem>& items = *items_;
  if (gain > best_) {
    best_ = gain;
    taken_ = path_;
  }
  for (std::size_t k = from; k < items.size() && steps_ <= kMostSteps; ++k) {
    if (gain + bound_from(items, k, seats, steps_) <= best_ * (1 + 1e-12)) return;
    if (items[k].seats > seats) continue;
    path_.push_back(items[k].unit);
    search(k + 1, seats - items[k].seats, gain + items[k].gain);
    path_.pop_back();
  }
}

}  // namespace catchment::engine::planning
