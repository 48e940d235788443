// Random seat flows: blocks and schools in a square, denser toward the middle, each block with its nearest schools.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/planning/plan_random.hpp"
#include "engine/planning/seat_flow.hpp"
#include "tests/support/lemon_flow.hpp"

namespace catchment::testing {

struct SeatWorld {
  int units = 100, schools = 10, near = 4;
  double children = 20;  // a unit, on average
  double seats = 1.03;   // a child
  double square_m = 20'000;
  std::uint64_t seed = 1;
};

inline engine::planning::SeatFlowInput make_seat_flow(const SeatWorld& world) {
  engine::planning::PlanRandom random(world.seed);
  const auto coordinate = [&](double clustered) {
    if (random.unit() >= clustered) return random.unit() * world.square_m;
    double sum = 0;  // of twelve: nearly normal
    for (int i = 0; i < 12; ++i) sum += random.unit();
    return (0.5 + 0.12 * (sum - 6)) * world.square_m;
  };
  std::vector<std::pair<double, double>> blocks, schools;
  for (int u = 0; u < world.units; ++u) blocks.emplace_back(coordinate(0.6), coordinate(0.6));
  for (int s = 0; s < world.schools; ++s) schools.emplace_back(coordinate(0.45), coordinate(0.45));
  engine::planning::SeatFlowInput in;
  double all = 0;
  for (int u = 0; u < world.units; ++u) {
    in.children.push_back(static_cast<int>(-world.children * std::log(1 - random.unit())) +
                          (world.children > 1 ? 0 : 1));
    all += in.children.back();
  }
  for (int s = 0; s < world.schools; ++s)
    in.seats.push_back(static_cast<int>(all * world.seats / world.schools * (0.6 + 0.8 * random.unit())));
  for (std::uint32_t u = 0; u < blocks.size(); ++u) {
    std::vector<std::pair<double, std::uint32_t>> ways;
    for (std::uint32_t s = 0; s < schools.size(); ++s)
      ways.emplace_back(std::hypot(blocks[u].first - schools[s].first, blocks[u].second - schools[s].second), s);
    const auto near = std::min<std::size_t>(static_cast<std::size_t>(world.near), ways.size());
    std::partial_sort(ways.begin(), ways.begin() + static_cast<std::ptrdiff_t>(near), ways.end());
    ways.resize(near);
    std::sort(ways.begin(), ways.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    for (const auto& [metres, s] : ways) in.arcs.push_back({u, s, static_cast<int>(metres)});
  }
  return in;
}

inline std::int64_t lemon_cost(const engine::planning::SeatFlowInput& in) {
  std::vector<LemonArc> arcs;
  for (const auto& a : in.arcs) arcs.push_back({static_cast<int>(a.unit), static_cast<int>(a.school), a.metres});
  return lemon_seat_cost(in.children, in.seats, arcs, in.unplaced_metres);
}

// One random change of any kind: seats by up to `most`, a unit's children gone, come or moved to another unit, a walk.
inline void change_at_random(engine::planning::SeatFlow& flow, engine::planning::PlanRandom& random, int most) {
  const engine::planning::SeatFlowInput& in = flow.input();
  const auto any = [&](std::size_t count) { return random.below(static_cast<std::uint32_t>(count)); };
  const int by = static_cast<int>(any(static_cast<std::size_t>(2 * most + 1))) - most;
  switch (any(5)) {
    case 0: {
      const std::uint32_t s = any(in.seats.size());
      return flow.set_seats(s, std::max(0, in.seats[s] + by));
    }
    case 1: {
      const std::uint32_t u = any(in.children.size());
      return flow.set_children(u, std::max(0, in.children[u] + by));
    }
    case 2: {
      const std::uint32_t u = any(in.children.size()), v = any(in.children.size());
      const int moved = std::min(in.children[u], most);
      flow.set_children(u, in.children[u] - moved);
      return flow.set_children(v, in.children[v] + moved);
    }
    default: {
      const engine::planning::SeatArc arc = in.arcs[any(in.arcs.size())];
      return flow.set_metres(arc.unit, arc.school, static_cast<int>(any(static_cast<std::size_t>(2 * arc.metres + 2))));
    }
  }
}

}  // namespace catchment::testing
