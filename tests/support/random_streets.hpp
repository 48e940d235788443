// Random streets and barriers, and how far one walks on them by the plainest means: no noding, no chains, no bounds.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "geo/projection.hpp"
#include "tests/support/random.hpp"
#include "tests/support/street_world.hpp"

namespace catchment::test {

// A bent grid of streets with gaps, 100 m wide, and barriers across it that avoid every street vertex. Some of its
// streets lie apart.
inline StreetWorld random_streets(std::uint64_t seed, int size = 9, int barriers = 3) {
  Random random(seed);
  StreetWorld world("");
  const auto jitter = [&](int metres) { return random.between(-1000 * metres, 1000 * metres) / 1000.0; };
  std::map<std::pair<int, int>, geo::Point> nodes;
  for (int x = 0; x <= size; ++x) {
    for (int y = 0; y <= size; ++y) nodes[{x, y}] = street_place(100 * x + jitter(30), 100 * y + jitter(30));
  }
  const auto street = [&](geo::Point a, geo::Point b) {
    if (random.between(0, 99) < 18) return;
    geo::Polyline line{a};
    const geo::Point middle{a.lon + (b.lon - a.lon) / 2, a.lat + (b.lat - a.lat) / 2};
    if (random.between(0, 1) == 0)
      line.push_back({middle.lon + random.between(-900, 900), middle.lat + random.between(-900, 900)});
    line.push_back(b);
    if (random.between(0, 1) == 0) std::reverse(line.begin(), line.end());
    world.add_street(line);
  };
  for (int x = 0; x <= size; ++x) {
    for (int y = 0; y <= size; ++y) {
      if (x < size) street(nodes[{x, y}], nodes[{x + 1, y}]);
      if (y < size) street(nodes[{x, y}], nodes[{x, y + 1}]);
    }
  }
  for (int b = 0; b < barriers; ++b) {
    geo::Polyline line;
    const bool upright = b % 2 == 0;
    const double offset = random.between(50, 100 * size - 50);
    for (int k = -1; k <= size; k += 2) {
      const double wide = offset + jitter(40);
      line.push_back(upright ? street_place(wide, 100 * k + 50) : street_place(100 * k + 50, wide));
    }
    world.add_barrier(line, static_cast<geo::BarrierKind>(b % 3));
  }
  return world;
}

// Within 5 cm of a barrier: a rounded place there may lie on either side of it.
inline bool near_barrier(const StreetWorld& world, geo::Point p) {
  for (const geo::Polyline& line : world.barrier_shapes()) {
    for (std::size_t k = 1; k < line.size(); ++k) {
      const double detour = geo::geodesic_length_m(p, line[k - 1]) + geo::geodesic_length_m(p, line[k]) -
                            geo::geodesic_length_m(line[k - 1], line[k]);
      if (detour < 1e-4) return true;  // 5 cm beside the middle of 50 m
    }
  }
  return false;
}

class PlainStreets {
 public:
  struct Label {
    double metres = std::numeric_limits<double>::infinity();
    geo::Crossings crossings;
  };

  explicit PlainStreets(const StreetWorld& world) : world_(world) {
    for (const geo::Polyline& line : world.street_shapes()) {
      for (std::size_t k = 1; k < line.size(); ++k) join(line[k - 1], line[k]);
    }
  }

  // The foot of a snap becomes a vertex, and the place one behind it.
  void add(const geo::Snap& snap) {
    for (const geo::Polyline& line : world_.street_shapes()) {
      for (std::size_t k = 1; k < line.size(); ++k) {
        const double detour = geo::geodesic_length_m(line[k - 1], snap.at) + geo::geodesic_length_m(snap.at, line[k]) -
                              geo::geodesic_length_m(line[k - 1], line[k]);
        if (detour > 1e-4) continue;
        feet_[{line[k - 1], line[k]}].insert(snap.at);
      }
    }
    for (const auto& [stretch, feet] : feet_) {
      for (const geo::Point foot : feet) {
        join(stretch.first, foot);
        join(foot, stretch.second);
        for (const geo::Point other : feet) {
          if (foot < other) join(foot, other);
        }
      }
    }
    join(snap.from, snap.at);
  }

  std::map<geo::Point, Label> from(geo::Point start) const {
    std::map<geo::Point, Label> labels;
    std::set<std::pair<double, geo::Point>> queue{{0.0, start}};
    labels[start].metres = 0;
    while (!queue.empty()) {
      const geo::Point here = queue.begin()->second;
      queue.erase(queue.begin());
      const auto found = edges_.find(here);
      if (found == edges_.end()) continue;
      const Label label = labels[here];
      for (const auto& [there, edge] : found->second) {
        Label& next = labels[there];
        const double metres = label.metres + edge.metres;
        if (metres >= next.metres) continue;
        queue.erase({next.metres, there});
        next.metres = metres;
        next.crossings = {label.crossings.trunk_road + edge.crossings.trunk_road,
                          label.crossings.rail + edge.crossings.rail, label.crossings.river + edge.crossings.river};
        queue.insert({metres, there});
      }
    }
    return labels;
  }

 private:
  void join(geo::Point a, geo::Point b) {
    if (a == b) return;
    Label edge{geo::geodesic_length_m(a, b), {}};
    const auto opposite = [](std::int64_t x, std::int64_t y) { return (x > 0 && y < 0) || (x < 0 && y > 0); };
    for (std::size_t i = 0; i < world_.barrier_shapes().size(); ++i) {
      const geo::Polyline& line = world_.barrier_shapes()[i];
      for (std::size_t k = 1; k < line.size(); ++k) {
        if (!opposite(geo::cross(a, b, line[k - 1]), geo::cross(a, b, line[k])) ||
            !opposite(geo::cross(line[k - 1], line[k], a), geo::cross(line[k - 1], line[k], b))) {
          continue;
        }
        switch (world_.barrier_kinds()[i]) {
          case geo::BarrierKind::trunk_road:
            ++edge.crossings.trunk_road;
            break;
          case geo::BarrierKind::rail:
            ++edge.crossings.rail;
            break;
          case geo::BarrierKind::river:
            ++edge.crossings.river;
            break;
        }
      }
    }
    edges_[a][b] = edge;
    edges_[b][a] = edge;
  }

  const StreetWorld& world_;
  std::map<geo::Point, std::map<geo::Point, Label>> edges_;
  std::map<std::pair<geo::Point, geo::Point>, std::set<geo::Point>> feet_;
};

}  // namespace catchment::test
