#include "server/tiles/simplify.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

namespace catchment::tiles {
namespace {

constexpr double kVerticesPerCell = 2;

double triangle_area(WorldPoint a, WorldPoint b, WorldPoint c) {
  return std::fabs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) / 2;
}

bool same_place(WorldPoint a, WorldPoint b) { return a.x == b.x && a.y == b.y; }

// Closed triangle, either orientation.
bool in_triangle(WorldPoint p, WorldPoint a, WorldPoint b, WorldPoint c) {
  const auto side = [](WorldPoint u, WorldPoint v, WorldPoint w) {
    return (v.x - u.x) * (w.y - u.y) - (v.y - u.y) * (w.x - u.x);
  };
  const double ab = side(a, b, p), bc = side(b, c, p), ca = side(c, a, p);
  return (ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0);
}

// All vertices in a uniform grid over their bounding box.
class VertexGrid {
 public:
  explicit VertexGrid(const std::vector<WorldPoint>& vertices) {
    double x1 = 0, y1 = 0;
    x0_ = y0_ = 1;
    for (const WorldPoint v : vertices) {
      x0_ = std::min(x0_, v.x), x1 = std::max(x1, v.x);
      y0_ = std::min(y0_, v.y), y1 = std::max(y1, v.y);
    }
    const double width = std::max(x1 - x0_, 1e-12), height = std::max(y1 - y0_, 1e-12);
    cell_ = std::max(std::sqrt(width * height * kVerticesPerCell / static_cast<double>(vertices.size() + 1)),
                     std::max(width, height) / 8192);
    columns_ = static_cast<std::size_t>(width / cell_) + 1;
    rows_ = static_cast<std::size_t>(height / cell_) + 1;
    starts_.assign(columns_ * rows_ + 1, 0);
    for (const WorldPoint v : vertices) ++starts_[cell_of(v) + 1];
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    items_.resize(vertices.size());
    std::vector<std::uint32_t> fill(starts_.begin(), starts_.end() - 1);
    for (std::uint32_t i = 0; i < vertices.size(); ++i) items_[fill[cell_of(vertices[i])]++] = i;
  }

  template <class Test>
  bool any_in_box(WorldPoint lo, WorldPoint hi, const Test& test) const {
    for (std::size_t r = row(lo.y); r <= row(hi.y); ++r) {
      for (std::size_t k = starts_[r * columns_ + column(lo.x)]; k < starts_[r * columns_ + column(hi.x) + 1]; ++k) {
        if (test(items_[k])) return true;
      }
    }
    return false;
  }

 private:
  std::size_t column(double x) const { return std::min(static_cast<std::size_t>((x - x0_) / cell_), columns_ - 1); }
  std::size_t row(double y) const { return std::min(static_cast<std::size_t>((y - y0_) / cell_), rows_ - 1); }
  std::size_t cell_of(WorldPoint v) const { return row(v.y) * columns_ + column(v.x); }

  double x0_ = 0, y0_ = 0, cell_ = 1;
  std::size_t columns_ = 1, rows_ = 1;
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> items_;
};

class Ranking {
 public:
  explicit Ranking(BorderNetwork& network)
      : network_(network),
        v_(network.vertices),
        grid_(v_),
        previous_(v_.size()),
        next_(v_.size()),
        area_(v_.size(), kKept),
        left_(network.arcs.size()),
        arc_(v_.size()) {
    network.importance.assign(v_.size(), kKept);
    for (std::uint32_t a = 0; a < network.arcs.size(); ++a) {
      const Arc& arc = network.arcs[a];
      left_[a] = arc.end - arc.begin;
      for (std::uint32_t i = arc.begin; i < arc.end; ++i) {
        previous_[i] = i - 1;
        next_[i] = i + 1;
        arc_[i] = a;
      }
      for (std::uint32_t i = arc.begin + 1; i + 1 < arc.end; ++i) weigh(i);
    }
  }

  void run() {
    double reached = 0;
    while (!queue_.empty()) {
      const auto [area, i] = queue_.top();
      queue_.pop();
      if (area != area_[i] || removed(i)) continue;  // weighed anew since
      const Arc& arc = network_.arcs[arc_[i]];
      if (left_[arc_[i]] <= (arc.loop ? 4u : 2u)) continue;
      if (blocked(i)) continue;  // comes back when a neighbour of it goes
      reached = std::max(reached, area);
      network_.importance[i] = reached;
      --left_[arc_[i]];
      const std::uint32_t before = previous_[i], after = next_[i];
      next_[before] = after;
      previous_[after] = before;
      if (before != arc.begin) weigh(before);
      if (after + 1 != arc.end) weigh(after);
    }
  }

 private:
  static constexpr double kKept = std::numeric_limits<double>::infinity();
  using Entry = std::pair<double, std::uint32_t>;

  bool removed(std::uint32_t i) const { return network_.importance[i] != kKept; }

  void weigh(std::uint32_t i) {
    area_[i] = triangle_area(v_[previous_[i]], v_[i], v_[next_[i]]);
    queue_.emplace(area_[i], i);
  }

  bool blocked(std::uint32_t i) const {
    const WorldPoint a = v_[previous_[i]], b = v_[i], c = v_[next_[i]];
    const WorldPoint lo{std::min({a.x, b.x, c.x}), std::min({a.y, b.y, c.y})};
    const WorldPoint hi{std::max({a.x, b.x, c.x}), std::max({a.y, b.y, c.y})};
    return grid_.any_in_box(lo, hi, [&](std::uint32_t k) {
      if (removed(k)) return false;
      const WorldPoint p = v_[k];
      if (same_place(p, a) || same_place(p, b) || same_place(p, c)) return false;
      return in_triangle(p, a, b, c);
    });
  }

  BorderNetwork& network_;
  const std::vector<WorldPoint>& v_;
  VertexGrid grid_;
  std::vector<std::uint32_t> previous_, next_;
  std::vector<double> area_;
  std::vector<std::uint32_t> left_;  // vertices an arc still has
  std::vector<std::uint32_t> arc_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

}  // namespace

void rank_vertices(BorderNetwork& network) { Ranking(network).run(); }

}  // namespace catchment::tiles
