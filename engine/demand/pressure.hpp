// Probabilities of pressure, of draws against seats: what warnings and their reliefs evaluate, again and again.
#pragma once

#include <optional>
#include <vector>

#include "engine/demand/seats.hpp"
#include "engine/demand/sorted_draws.hpp"

namespace catchment::engine::demand {

// Probability that demand, `part` of it, is at least `pressure` times the seats. Any child is too many for no seats.
double reaching(const Draws& draws, double pressure, int seats, double part = 1);
// Probability that demand is below `pressure` times the seats.
double staying_below(const Draws& draws, double pressure, int seats);
// The most severe level reached, by place in rules.shortage.
std::optional<std::size_t> level_of(const Draws& draws, int seats, const DemandRules& rules, double part = 1);

// See spare_seats().
int spare_seats_of(const Draws& draws, int seats, const DemandRules& rules);

// Least amount in [0, most] for which `cleared(amount)` holds, if it holds for `most`; it must not cease to hold with
// larger amounts.
template <class Cleared>
std::optional<int> least(int most, const Cleared& cleared) {
  if (!cleared(most)) return std::nullopt;
  int low = 0;
  while (low < most) {
    const int middle = low + (most - low) / 2;
    if (cleared(middle)) {
      most = middle;
    } else {
      low = middle + 1;
    }
  }
  return most;
}

}  // namespace catchment::engine::demand
