#include "engine/planning/optimiser/seat_choice.hpp"

#include <algorithm>
#include <cmath>

namespace catchment::engine::planning {

double SeatChoice::fill(const std::vector<KnapsackItem>& items, int room) {
  chosen_.clear();
  rated_.clear();
  double value = 0;
  long weight = 0;
  for (const KnapsackItem& item : items) {
    if (!(item.gain > 0) || item.weight > room) continue;
    rated_.push_back({item, item.weight > 0 ? item.gain / item.weight : kNever});
    weight += item.weight;
  }
  if (weight <= room) {
    for (const Rated& r : rated_) chosen_.push_back(r.item.unit), value += r.item.gain;
    return value;
  }
  std::ranges::sort(rated_, [](const Rated& a, const Rated& b) {
    return a.rate != b.rate ? a.rate > b.rate : a.item.unit < b.item.unit;
  });
  std::size_t split = 0;
  for (int left = room; rated_[split].item.weight <= left; ++split) {
    left -= rated_[split].item.weight;
    value += rated_[split].item.gain;
  }
  return settle(split, room, value) + decide(room);
}

// Chooses what every best choice has, leaves to `between_` what only some have, and to `room` what seats remain. The
// first `split` items fit, with `value`; the next does not. Returns the gain chosen.
double SeatChoice::settle(std::size_t split, int& room, double value) {
  const double rate = rated_[split].rate;
  int left = room;
  for (std::size_t k = 0; k < split; ++k) left -= rated_[k].item.weight;
  const double roof = value + rate * left;  // were the next item cut to fit
  double floor = value;
  for (std::size_t k = split; k < rated_.size(); ++k) {
    if (rated_[k].item.weight > left) continue;
    left -= rated_[k].item.weight;
    floor += rated_[k].item.gain;
  }
  floor -= 1e-10 * (1 + std::abs(floor));
  between_.clear();
  double gain = 0;
  for (std::size_t k = 0; k < rated_.size(); ++k) {
    const KnapsackItem& item = rated_[k].item;
    const double lost = std::abs(item.gain - rate * item.weight);  // by deciding against the gain per weight
    if (roof - lost >= floor) {
      between_.push_back(item);
    } else if (k < split) {
      chosen_.push_back(item.unit);
      gain += item.gain;
      room -= item.weight;
    }
  }
  return gain;
}

double SeatChoice::decide(int room) {
  const auto rows = static_cast<std::size_t>(room) + 1;
  table_.assign(rows, 0);
  took_.assign(between_.size() * rows, 0);
  for (std::size_t k = 0; k < between_.size(); ++k) {
    const auto weight = static_cast<std::size_t>(between_[k].weight);
    const double gain = between_[k].gain;
    char* mark = took_.data() + k * rows;
    for (std::size_t row = rows; row-- > weight;) {
      const double with = table_[row - weight] + gain;
      const bool better = with > table_[row];
      mark[row] = better;
      table_[row] = better ? with : table_[row];
    }
  }
  std::size_t row = rows - 1;
  for (std::size_t k = between_.size(); k-- > 0;) {
    if (!took_[k * rows + row]) continue;
    chosen_.push_back(between_[k].unit);
    row -= static_cast<std::size_t>(between_[k].weight);
  }
  return table_[rows - 1];
}

}  // namespace catchment::engine::planning
