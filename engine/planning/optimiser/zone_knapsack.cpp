#include "engine/planning/optimiser/zone_knapsack.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace catchment::engine::planning {
namespace {

constexpr long kMaxRows = 6000;
constexpr std::size_t kFirstPrices = 9;

}  // namespace

double ZoneKnapsack::fill(const std::vector<KnapsackItem>& items, long base, long room, const Price& price_from) {
  long all = 0;
  for (const KnapsackItem& item : items) all += item.weight;
  room = std::max(0L, std::min(room, all));
  const long grain = room / kMaxRows + 1;
  const auto rows = static_cast<std::size_t>(room / grain) + 1;
  const std::size_t words = (rows + 63) / 64;
  table_.assign(rows, -kNever);
  table_[0] = 0;
  took_.assign(items.size() * words, 0);
  for (std::size_t k = 0; k < items.size(); ++k) {
    const auto weight = static_cast<std::size_t>(items[k].weight / grain);
    if (weight >= rows) continue;
    std::uint64_t* mark = took_.data() + k * words;
    const double gain = items[k].gain;
    if (weight == 0) {
      if (gain <= 0) continue;
      for (std::size_t row = 0; row < rows; ++row) table_[row] += gain;
      std::fill(mark, mark + words, ~std::uint64_t{0});
      continue;
    }
    for (std::size_t row = rows; row-- > weight;) {
      const double with = table_[row - weight] + gain;
      const bool better = with > table_[row];
      mark[row / 64] |= static_cast<std::uint64_t>(better) << (row % 64);
      table_[row] = better ? with : table_[row];
    }
  }
  // A row of coarse grain stands for loads up to one grain less a child more for each item, and for no more than room.
  const long slack = (grain - 1) * static_cast<long>(items.size());
  double best = -kNever;
  std::size_t at = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (table_[row] == -kNever) continue;
    const long load = static_cast<long>(row) * grain;
    const double value = table_[row] - price_from(base + load, std::min(slack, room - load));
    if (value > best) best = value, at = row;
  }
  chosen_.clear();
  for (std::size_t k = items.size(); k-- > 0;) {
    if ((took_[k * words + at / 64] >> (at % 64) & 1) == 0) continue;
    chosen_.push_back(items[k].unit);
    at -= static_cast<std::size_t>(items[k].weight / grain);
  }
  return best;
}

double least_price(const LoadCost& cost, long load, long slack) {
  if (slack <= 0) return cost.at(load);
  // The balance is least at the target; the others only grow.
  LoadCost growing = cost;
  growing.balance = 0;
  const double low = static_cast<double>(load), high = static_cast<double>(load + slack);
  return growing.at(load) + cost.balance * std::abs(std::clamp(cost.target, low, high) - cost.target) / cost.scale;
}

LoadSlopes find_slopes(const LoadCost& cost) {
  LoadSlopes slopes;
  slopes.down = cost.balance / cost.scale;
  slopes.up = slopes.down + cost.seat;
  if (cost.balance > 0) slopes.bend = static_cast<long>(std::ceil(cost.target));
  if (cost.seat > 0) slopes.bend = std::max(slopes.bend, static_cast<long>(cost.seats));
  return slopes;
}

std::vector<double> first_prices(const std::vector<LoadCost>& costs) {
  if (costs.empty()) return {};
  std::vector<double> slopes{0};
  for (const LoadCost& c : costs) {
    const LoadSlopes s = find_slopes(c);
    slopes.insert(slopes.end(), {-s.down, s.up});
  }
  std::ranges::sort(slopes);
  // Nought and its neighbours, where the bound is best if seats are plenty, and some of all.
  std::vector<double> few{0};
  const auto above = std::ranges::upper_bound(slopes, 0.0);
  const auto below = std::ranges::lower_bound(slopes, 0.0);
  if (above != slopes.end()) few.push_back(*above);
  if (below != slopes.begin()) few.push_back(*std::prev(below));
  for (std::size_t k = 0; k < kFirstPrices; ++k) few.push_back(slopes[k * (slopes.size() - 1) / (kFirstPrices - 1)]);
  return few;
}

}  // namespace catchment::engine::planning
