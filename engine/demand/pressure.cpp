#include "engine/demand/pressure.hpp"

namespace catchment::engine::demand {

double reaching(const Draws& draws, double pressure, int seats, double part) {
  return part <= 0 ? 0 : draws.share_from(pressure * seats / part);
}

double staying_below(const Draws& draws, double pressure, int seats) { return draws.share_below(pressure * seats); }

std::optional<std::size_t> level_of(const Draws& draws, int seats, const DemandRules& rules, double part) {
  for (std::size_t i = 0; i < rules.shortage.size(); ++i) {
    const WarningLevel& level = rules.shortage[i];
    if (reaching(draws, level.pressure, seats, part) >= level.probability) return i;
  }
  return std::nullopt;
}

int spare_seats_of(const Draws& draws, int seats, const DemandRules& rules) {
  const auto kept = least(seats, [&](int left) { return !level_of(draws, left, rules); });
  return kept ? seats - *kept : 0;
}

}  // namespace catchment::engine::demand
