#include "datasets/synth/dissolve.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

#include "datasets/synth/ring_tests.hpp"

namespace catchment::datasets::synth {
namespace {

using geo::Point;

// The borders around one group, each with the group on its left.
class Outline {
 public:
  Outline(const CellMap& map, std::vector<Side> sides) : map_(map), sides_(std::move(sides)), used_(sides_.size(), 0) {
    for (std::uint32_t i = 0; i < sides_.size(); ++i) outgoing_.emplace_back(tail(sides_[i]), i);
    std::sort(outgoing_.begin(), outgoing_.end());
  }

  geo::MultiPolygon trace() {
    for (std::uint32_t i = 0; i < sides_.size(); ++i) {
      if (!used_[i]) trace_from(i);
    }
    geo::MultiPolygon shape;
    for (geo::Ring& ring : shells_) shape.push_back({std::move(ring), {}});
    for (geo::Ring& hole : holes_) polygon_around(shape, hole).holes.push_back(std::move(hole));
    return shape;
  }

 private:
  std::uint32_t tail(Side s) const { return s.forward ? map_.borders[s.border].from : map_.borders[s.border].to; }
  std::uint32_t head(Side s) const { return s.forward ? map_.borders[s.border].to : map_.borders[s.border].from; }

  // Follows the group's wedge: of the sides leaving the head of `side`, the first clockwise from the way back. Kites
  // are disjoint, so the straight chords have the same order around a vertex as the noisy lines.
  std::uint32_t next(std::uint32_t side) const {
    const std::uint32_t at = head(sides_[side]);
    const Point centre = map_.vertices[at];
    const Point back = map_.vertices[tail(sides_[side])];
    std::optional<std::uint32_t> best;
    const auto first = std::lower_bound(outgoing_.begin(), outgoing_.end(), std::pair(at, 0u));
    for (auto it = first; it != outgoing_.end() && it->first == at; ++it) {
      if (!best || turns_further(centre, back, target(it->second), target(*best))) best = it->second;
    }
    assert(best);
    return *best;
  }
  Point target(std::uint32_t side) const { return map_.vertices[head(sides_[side])]; }

  // True if the counter-clockwise angle from `back` to a is larger than to b, all seen from the centre.
  static bool turns_further(Point centre, Point back, Point a, Point b) {
    const bool a_past_half = geo::cross(centre, back, a) < 0;
    const bool b_past_half = geo::cross(centre, back, b) < 0;
    if (a_past_half != b_past_half) return a_past_half;
    return geo::cross(centre, b, a) > 0;
  }

  // A walk that comes back to a vertex it has passed has closed a ring of its own there.
  void trace_from(std::uint32_t start) {
    std::vector<std::uint32_t> walk;
    std::uint32_t side = start;
    do {
      used_[side] = 1;
      walk.push_back(side);
      const std::uint32_t at = head(sides_[side]);
      const auto again =
          std::find_if(walk.begin(), walk.end(), [&](std::uint32_t other) { return tail(sides_[other]) == at; });
      if (again != walk.end()) {
        add_ring({again, walk.end()});
        walk.erase(again, walk.end());
      }
      side = next(side);
    } while (!used_[side]);
    assert(walk.empty());
  }

  void add_ring(const std::vector<std::uint32_t>& walk) {
    geo::Ring ring;
    for (const std::uint32_t i : walk) {
      const geo::Polyline& line = map_.borders[sides_[i].border].line;
      if (sides_[i].forward) {
        ring.insert(ring.end(), line.begin(), line.end() - 1);
      } else {
        ring.insert(ring.end(), line.rbegin(), line.rend() - 1);
      }
    }
    (geo::signed_area_twice(ring) > 0 ? shells_ : holes_).push_back(std::move(ring));
  }

  static bool surrounds(const geo::Ring& shell, const geo::Ring& hole) {
    for (const Point p : hole) {
      const RingSide side = locate(shell, p);
      if (side != RingSide::on_line) return side == RingSide::inside;
    }
    return false;
  }

  // The smallest shell around the hole.
  static geo::Polygon& polygon_around(geo::MultiPolygon& shape, const geo::Ring& hole) {
    geo::Polygon* best = nullptr;
    for (geo::Polygon& polygon : shape) {
      if (!surrounds(polygon.shell, hole)) continue;
      if (best == nullptr || geo::signed_area_twice(polygon.shell) < geo::signed_area_twice(best->shell))
        best = &polygon;
    }
    assert(best != nullptr);
    return *best;
  }

  const CellMap& map_;
  std::vector<Side> sides_;
  std::vector<char> used_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> outgoing_;  // vertex, side
  std::vector<geo::Ring> shells_;
  std::vector<geo::Ring> holes_;
};

}  // namespace

std::vector<geo::MultiPolygon> dissolve(const CellMap& map, std::span<const std::int32_t> group_of_cell,
                                        std::int32_t group_count) {
  std::vector<std::vector<Side>> sides(static_cast<std::size_t>(group_count));
  const auto group = [&](std::int32_t cell) {
    return cell == kOutside ? kOutside : group_of_cell[static_cast<std::size_t>(cell)];
  };
  for (std::uint32_t i = 0; i < map.borders.size(); ++i) {
    const std::int32_t left = group(map.borders[i].left);
    const std::int32_t right = group(map.borders[i].right);
    if (left == right) continue;
    if (left != kOutside) sides[static_cast<std::size_t>(left)].push_back({i, true});
    if (right != kOutside) sides[static_cast<std::size_t>(right)].push_back({i, false});
  }
  std::vector<geo::MultiPolygon> shapes;
  shapes.reserve(sides.size());
  for (auto& around : sides) shapes.push_back(Outline(map, std::move(around)).trace());
  return shapes;
}

}  // namespace catchment::datasets::synth
