#include "datasets/synth/barriers.hpp"

#include <algorithm>
#include <optional>
#include <queue>

#include "datasets/synth/names.hpp"

namespace catchment::datasets::synth {
namespace {

constexpr std::uint64_t kNameStream = 201;

struct Course {
  const char* kind;
  double from_x, from_y;  // the outermost vertex of the city in this direction, to the outermost in the other
  double to_x, to_y;
  double winding;  // how much noise adds to the cost of a metre
  double shy;      // how much the middle of the city adds
};
constexpr Course kCourses[] = {{"river", -1.0, 0.25, 1.0, -0.1, 3.0, 0.0},
                               {"rail", -0.7, -1.0, 0.8, 0.6, 0.3, 4.0},
                               {"river", 0.5, 1.0, 0.9, -0.9, 3.0, 1.0}};

class Surveyor {
 public:
  Surveyor(const Layout& layout, const std::vector<char>& closed)
      : layout_(layout), at_vertex_(layout.map.vertices.size()), rim_(layout.map.vertices.size(), 0) {
    const CellMap& map = layout.map;
    for (std::uint32_t i = 0; i < map.borders.size(); ++i) {
      const Border& b = map.borders[i];
      if (b.right == kOutside) {
        rim_[b.from] = rim_[b.to] = 1;
      } else if (!closed[i]) {
        at_vertex_[b.from].push_back(i);
        at_vertex_[b.to].push_back(i);
      }
    }
  }

  std::vector<Side> survey(const Course& course, std::uint64_t seed) const {
    const auto from = outermost(course.from_x, course.from_y);
    const auto to = outermost(course.to_x, course.to_y);
    if (!from || !to || *from == *to) return {};
    return cheapest(*from, *to, course, seed);
  }

 private:
  std::optional<std::uint32_t> outermost(double x, double y) const {
    std::optional<std::uint32_t> best;
    double best_reach = 0;
    for (std::uint32_t v = 0; v < rim_.size(); ++v) {
      if (!rim_[v] || at_vertex_[v].empty()) continue;
      const geo::Point p = layout_.map.vertices[v];
      const double reach = layout_.metric.x_m(layout_.centre, p) * x + layout_.metric.y_m(layout_.centre, p) * y;
      if (!best || reach > best_reach) {
        best = v;
        best_reach = reach;
      }
    }
    return best;
  }

  std::int64_t cost(const Border& b, const Course& course, std::uint64_t seed) const {
    const geo::Point p = layout_.map.vertices[b.from];
    const double x = layout_.metric.x_m(layout_.centre, p);
    const double y = layout_.metric.y_m(layout_.centre, p);
    const double from_middle = std::sqrt(x * x + y * y);
    double factor = 1 + course.winding * value_noise(x / 1500, y / 1500, seed);
    if (from_middle < 3000) factor += course.shy * (1 - from_middle / 3000);
    return 1 + static_cast<std::int64_t>(100 * factor * layout_.metric.distance_m(p, layout_.map.vertices[b.to]));
  }

  // Dijkstra; the rim is only touched at the two ends.
  std::vector<Side> cheapest(std::uint32_t from, std::uint32_t to, const Course& course, std::uint64_t seed) const {
    constexpr std::int64_t kFar = INT64_MAX;
    const CellMap& map = layout_.map;
    std::vector<std::int64_t> best(map.vertices.size(), kFar);
    std::vector<Side> via(map.vertices.size());
    using Item = std::pair<std::int64_t, std::uint32_t>;
    std::priority_queue<Item, std::vector<Item>, std::greater<>> queue;
    best[from] = 0;
    queue.emplace(0, from);
    while (!queue.empty()) {
      const auto [reached, here] = queue.top();
      queue.pop();
      if (reached != best[here] || (rim_[here] && here != from)) continue;
      for (const std::uint32_t i : at_vertex_[here]) {
        const Border& b = map.borders[i];
        const std::uint32_t there = b.from == here ? b.to : b.from;
        const std::int64_t total = reached + cost(b, course, seed);
        if (total >= best[there]) continue;
        best[there] = total;
        via[there] = {i, b.from == here};
        queue.emplace(total, there);
      }
    }
    std::vector<Side> way;
    if (best[to] == kFar) return way;
    for (std::uint32_t here = to; here != from;) {
      way.push_back(via[here]);
      const Border& b = map.borders[via[here].border];
      here = via[here].forward ? b.from : b.to;
    }
    std::reverse(way.begin(), way.end());
    return way;
  }

  const Layout& layout_;
  std::vector<std::vector<std::uint32_t>> at_vertex_;  // open inner borders
  std::vector<char> rim_;
};

}  // namespace

geo::Polyline join(const CellMap& map, const std::vector<Side>& sides) {
  geo::Polyline out;
  for (const Side side : sides) {
    const geo::Polyline& line = map.borders[side.border].line;
    if (!out.empty()) out.pop_back();
    if (side.forward) {
      out.insert(out.end(), line.begin(), line.end());
    } else {
      out.insert(out.end(), line.rbegin(), line.rend());
    }
  }
  return out;
}

Barriers make_barriers(const Layout& layout, std::uint64_t seed) {
  Barriers barriers;
  barriers.closed.assign(layout.map.borders.size(), 0);
  barriers.at_vertex.assign(layout.map.vertices.size(), 0);
  Stems stems(seed, kNameStream);
  std::uint64_t number = 0;
  for (const Course& course : kCourses) {
    if (++number == 3 && layout.map.cells.size() < 3000) break;
    const std::vector<Side> way = Surveyor(layout, barriers.closed).survey(course, seed + number);
    if (way.empty()) continue;
    for (const Side side : way) {
      const Border& b = layout.map.borders[side.border];
      barriers.closed[side.border] = 1;
      barriers.at_vertex[b.from] = barriers.at_vertex[b.to] = 1;
    }
    const std::string kind = course.kind;
    barriers.list.push_back({stems.next() + (kind == "river" ? "河" : "铁路"), kind, way, join(layout.map, way)});
  }
  return barriers;
}

}  // namespace catchment::datasets::synth
