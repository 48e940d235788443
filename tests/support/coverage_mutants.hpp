// Breaks a sound coverage in one known way at one known place.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "geo/soundness.hpp"
#include "tests/support/random.hpp"

namespace catchment::test {

enum class MutantKind { shift, gap, overlap, t_junction, duplicate_node, reversed_ring, spike, hole_touches_shell };
inline constexpr std::array kMutantKinds{
    MutantKind::shift,          MutantKind::gap,           MutantKind::overlap, MutantKind::t_junction,
    MutantKind::duplicate_node, MutantKind::reversed_ring, MutantKind::spike,   MutantKind::hole_touches_shell};
inline std::string_view to_word(MutantKind kind) {
  constexpr std::array<std::string_view, 8> kWords{"shift",          "gap",           "overlap", "t_junction",
                                                   "duplicate_node", "reversed_ring", "spike",   "hole_touches_shell"};
  return kWords[static_cast<std::size_t>(kind)];
}

struct Mutant {
  std::vector<geo::MultiPolygon> zones;
  MutantKind kind = MutantKind::shift;
  geo::ZoneNumber zone = 0;
  std::vector<geo::FindingKind> expected;  // any one of these counts as found
  geo::Polyline truth;                     // where the defect is; one point or a line
  geo::Box reach;                          // findings may lie in here and nowhere else
};

class MutantMaker {
 public:
  explicit MutantMaker(std::vector<geo::MultiPolygon> zones) : zones_(std::move(zones)) {
    for (geo::ZoneNumber z = 0; z < zones_.size(); ++z) {
      geo::for_each_ring(zones_[z], [&](const geo::Ring& ring) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
          const geo::Point next = ring[(i + 1) % ring.size()];
          vertices_[ring[i]].push_back(z);
          ++edges_[std::minmax(ring[i], next)];
        }
      });
    }
  }

  // Empty if the dice fell on a place where this kind cannot be made.
  std::optional<Mutant> make(MutantKind kind, Random& random) const {
    Mutant m;
    m.zones = zones_;
    m.kind = kind;
    m.zone = static_cast<geo::ZoneNumber>(pick(random, zones_.size()));
    if (m.zones[m.zone].empty()) return std::nullopt;
    geo::Polygon& part = m.zones[m.zone][pick(random, m.zones[m.zone].size())];
    geo::Ring& ring = part.shell;
    if (ring.size() < 4) return std::nullopt;
    const std::size_t i = pick(random, ring.size());
    const geo::Point v = ring[i];
    const geo::Point before = ring[(i + ring.size() - 1) % ring.size()];
    const geo::Point after = ring[(i + 1) % ring.size()];
    m.truth = {v};
    for (const geo::Point p : {before, v, after}) m.reach.extend(p);
    using enum geo::FindingKind;
    switch (kind) {
      case MutantKind::shift: {
        if (vertices_.at(v).size() < 2) return std::nullopt;
        const int step = random.between(0, 7);
        ring[i] = {v.lon + std::array{-1, 0, 1, -1, 1, -1, 0, 1}[static_cast<std::size_t>(step)],
                   v.lat + std::array{-1, -1, -1, 0, 0, 1, 1, 1}[static_cast<std::size_t>(step)]};
        m.expected = {gap, sliver_gap, overlap, sliver_overlap, t_junction};
        break;
      }
      case MutantKind::gap:
      case MutantKind::overlap:
        if (!move_chain(m, ring, i, random)) return std::nullopt;
        break;
      case MutantKind::t_junction: {
        if (!shared(v, after) || geo::flat_distance_m(v, after) < 1) return std::nullopt;
        const geo::Point middle{static_cast<std::int32_t>((std::int64_t{v.lon} + after.lon) / 2),
                                static_cast<std::int32_t>((std::int64_t{v.lat} + after.lat) / 2)};
        ring.insert(ring.begin() + static_cast<std::ptrdiff_t>(i) + 1, middle);
        m.truth = {middle};
        m.expected = {geo::FindingKind::t_junction};
        break;
      }
      case MutantKind::duplicate_node:
        if (v == before || v == after) return std::nullopt;  // it is one already
        ring.insert(ring.begin() + static_cast<std::ptrdiff_t>(i), v);
        m.expected = {geo::FindingKind::duplicate_node};
        break;
      case MutantKind::reversed_ring:
        std::reverse(ring.begin(), ring.end());
        m.truth = ring;
        m.truth.push_back(ring.front());
        for (const geo::Point p : ring) m.reach.extend(p);
        m.expected = {geo::FindingKind::reversed_ring};
        break;
      case MutantKind::spike: {
        const int length = random.between(50, 500);
        const double angle = random.between(0, 6283) / 1000.0;
        const geo::Point tip{v.lon + static_cast<std::int32_t>(length * std::cos(angle)),
                             v.lat + static_cast<std::int32_t>(length * std::sin(angle))};
        const bool exact = random.between(0, 1) == 0;
        const geo::Point back = exact ? v : geo::Point{v.lon + 1, v.lat};
        ring.insert(ring.begin() + static_cast<std::ptrdiff_t>(i) + 1, {tip, back});
        m.truth = {v, tip};
        m.reach.extend(tip);
        m.expected = {geo::FindingKind::spike};
        break;
      }
      case MutantKind::hole_touches_shell: {
        const auto toward = [&](double b, double a) {
          return geo::Point{static_cast<std::int32_t>(v.lon + (before.lon - static_cast<double>(v.lon)) * b +
                                                      (after.lon - static_cast<double>(v.lon)) * a),
                            static_cast<std::int32_t>(v.lat + (before.lat - static_cast<double>(v.lat)) * b +
                                                      (after.lat - static_cast<double>(v.lat)) * a)};
        };
        if (geo::cross(before, v, after) == 0) return std::nullopt;
        part.holes.push_back({v, toward(0.3, 0.15), toward(0.15, 0.3)});
        m.expected = {geo::FindingKind::hole_touches_shell};
        break;
      }
    }
    return m;
  }

 private:
  static std::size_t pick(Random& random, std::size_t count) {
    return static_cast<std::size_t>(random.between(0, static_cast<std::int32_t>(count) - 1));
  }
  bool shared(geo::Point a, geo::Point b) const { return edges_.at(std::minmax(a, b)) == 2; }

  // Moves up to eight vertices of a shared border, 5 cm to 2 m, into the zone (gap) or out of it (overlap).
  bool move_chain(Mutant& m, geo::Ring& ring, std::size_t i, Random& random) const {
    const geo::Ring old = ring;
    const std::size_t n = old.size();
    const std::size_t count = 1 + pick(random, 8);
    if (count + 2 > n) return false;
    for (std::size_t k = 0; k + 1 < count; ++k) {
      if (!shared(old[(i + k) % n], old[(i + k + 1) % n])) return false;
    }
    if (count == 1 && !shared(old[i], old[(i + 1) % n])) return false;
    const geo::Point first = old[i];
    const geo::Point last = old[(i + std::max<std::size_t>(count, 2) - 1) % n];
    const geo::LocalScale scale = geo::local_scale(first.lat);
    const double dx = (static_cast<double>(last.lon) - first.lon) * scale.lon_m;
    const double dy = (static_cast<double>(last.lat) - first.lat) * scale.lat_m;
    const double length = std::hypot(dx, dy);
    if (length < 1e-3) return false;
    const double distance = 0.05 * std::pow(40.0, random.between(0, 1000) / 1000.0);
    const double inward = (geo::signed_area_twice(old) > 0 ? 1 : -1) * (m.kind == MutantKind::gap ? 1 : -1);
    const double east = -dy / length * distance * inward;
    const double north = dx / length * distance * inward;
    m.truth.clear();
    for (std::size_t k = 0; k < count; ++k) {
      geo::Point& p = ring[(i + k) % n];
      m.truth.push_back(p);
      p.lon += static_cast<std::int32_t>(std::lround(east / scale.lon_m));
      p.lat += static_cast<std::int32_t>(std::lround(north / scale.lat_m));
      m.reach.extend(p);
    }
    for (std::size_t k = 0; k < count; ++k) m.truth.push_back(ring[(i + count - 1 - k) % n]);
    m.truth.insert(m.truth.begin(), old[(i + n - 1) % n]);
    m.truth.push_back(old[(i + n - 1) % n]);
    m.truth.push_back(old[(i + count) % n]);
    for (const geo::Point p : m.truth) m.reach.extend(p);
    using enum geo::FindingKind;
    // A border is not straight: moving it into the zone may carry parts of it over the old line, or a vertex along it.
    m.expected = {gap, sliver_gap, overlap, sliver_overlap, t_junction};
    return true;
  }

  std::vector<geo::MultiPolygon> zones_;
  std::map<geo::Point, std::vector<geo::ZoneNumber>> vertices_;
  std::map<std::pair<geo::Point, geo::Point>, int> edges_;
};

inline double distance_m(geo::Point p, const geo::Polyline& line) {
  const geo::LocalScale scale = geo::local_scale(p.lat);
  const auto at = [&](geo::Point q) {
    return std::pair{(static_cast<double>(q.lon) - p.lon) * scale.lon_m,
                     (static_cast<double>(q.lat) - p.lat) * scale.lat_m};
  };
  double best = 1e300;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto [ax, ay] = at(line[i]);
    const auto [bx, by] = at(line[std::min(i + 1, line.size() - 1)]);
    const double square = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
    const double t = square == 0 ? 0 : std::clamp(-(ax * (bx - ax) + ay * (by - ay)) / square, 0.0, 1.0);
    best = std::min(best, std::hypot(ax + t * (bx - ax), ay + t * (by - ay)));
  }
  return best;
}

}  // namespace catchment::test
