#include "datasets/synth/cell_map.hpp"

#include <algorithm>
#include <boost/polygon/voronoi.hpp>
#include <cassert>
#include <cmath>
#include <numeric>

namespace catchment::datasets::synth {
namespace {

using geo::Point;

// A straight border between two sites, before noise.
struct Edge {
  std::uint32_t left_site = 0;  // left_site < right_site
  std::uint32_t right_site = 0;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

struct Skeleton {
  std::vector<Point> vertices;
  std::vector<Edge> edges;
};

Point rounded(const boost::polygon::voronoi_vertex<double>& v) {
  return {static_cast<std::int32_t>(std::nearbyint(v.x())), static_cast<std::int32_t>(std::nearbyint(v.y()))};
}

// Borders of cells only. Sorted by sites, vertices numbered by position: nothing depends on the order Boost works in.
Skeleton make_skeleton(std::span<const Point> sites, std::span<const std::int32_t> cell_of_site) {
  std::vector<boost::polygon::point_data<int>> input;
  input.reserve(sites.size());
  for (const Point p : sites) input.emplace_back(p.lon, p.lat);
  boost::polygon::voronoi_diagram<double> diagram;
  boost::polygon::construct_voronoi(input.begin(), input.end(), &diagram);

  struct RawEdge {
    std::uint32_t left_site, right_site;
    Point from, to;
  };
  std::vector<RawEdge> raw;
  Skeleton result;
  for (const auto& edge : diagram.edges()) {
    const auto left = static_cast<std::uint32_t>(edge.cell()->source_index());
    const auto right = static_cast<std::uint32_t>(edge.twin()->cell()->source_index());
    if (left > right || (cell_of_site[left] == kOutside && cell_of_site[right] == kOutside)) continue;
    assert(edge.is_finite());
    const Point from = rounded(*edge.vertex0());
    const Point to = rounded(*edge.vertex1());
    if (from == to) continue;
    raw.push_back({left, right, from, to});
    result.vertices.push_back(from);
    result.vertices.push_back(to);
  }
  std::sort(result.vertices.begin(), result.vertices.end());
  result.vertices.erase(std::unique(result.vertices.begin(), result.vertices.end()), result.vertices.end());
  const auto number = [&](Point p) {
    return static_cast<std::uint32_t>(std::lower_bound(result.vertices.begin(), result.vertices.end(), p) -
                                      result.vertices.begin());
  };
  for (const RawEdge& e : raw) result.edges.push_back({e.left_site, e.right_site, number(e.from), number(e.to)});
  std::sort(result.edges.begin(), result.edges.end(), [](const Edge& a, const Edge& b) {
    return std::pair(a.left_site, a.right_site) < std::pair(b.left_site, b.right_site);
  });
  return result;
}

Kite kite_of(const Skeleton& map, const Edge& e, std::span<const Point> sites) {
  return {map.vertices[e.from], map.vertices[e.to], sites[e.left_site], sites[e.right_site]};
}

std::int64_t length_squared(Point a, Point b) {
  const auto dx = std::int64_t{a.lon} - b.lon;
  const auto dy = std::int64_t{a.lat} - b.lat;
  return dx * dx + dy * dy;
}

// Shrinks short edges to a point, shortest first, each vertex at most once, only where all kites around stay proper.
void merge_short_edges(Skeleton& map, std::span<const Point> sites, double merge_below) {
  std::vector<std::vector<std::uint32_t>> at_vertex(map.vertices.size());
  std::vector<std::pair<std::int64_t, std::uint32_t>> candidates;
  const auto limit = static_cast<std::int64_t>(merge_below * merge_below);
  for (std::uint32_t i = 0; i < map.edges.size(); ++i) {
    const Edge& e = map.edges[i];
    at_vertex[e.from].push_back(i);
    at_vertex[e.to].push_back(i);
    const std::int64_t length = length_squared(map.vertices[e.from], map.vertices[e.to]);
    if (length < limit) candidates.emplace_back(length, i);
  }
  std::sort(candidates.begin(), candidates.end());
  std::vector<char> touched(map.vertices.size(), 0);
  for (const auto& candidate : candidates) {
    const std::uint32_t i = candidate.second;
    const Edge gone = map.edges[i];
    if (touched[gone.from] || touched[gone.to]) continue;
    const Point a = map.vertices[gone.from];
    const Point b = map.vertices[gone.to];
    map.vertices[gone.from] = map.vertices[gone.to] = {std::midpoint(a.lon, b.lon), std::midpoint(a.lat, b.lat)};
    const auto sound = [&](std::uint32_t vertex) {
      return std::all_of(at_vertex[vertex].begin(), at_vertex[vertex].end(), [&](std::uint32_t other) {
        return other == i || is_proper(kite_of(map, map.edges[other], sites));
      });
    };
    if (sound(gone.from) && sound(gone.to)) {
      touched[gone.from] = touched[gone.to] = 1;
      for (const std::uint32_t other : at_vertex[gone.to]) {
        Edge& e = map.edges[other];
        (e.from == gone.to ? e.from : e.to) = gone.from;
      }
    } else {
      map.vertices[gone.from] = a;
      map.vertices[gone.to] = b;
    }
  }
  std::erase_if(map.edges, [](const Edge& e) { return e.from == e.to; });
}

// Chains each cell's borders head to tail.
void link_cells(CellMap& map) {
  for (std::uint32_t i = 0; i < map.borders.size(); ++i) {
    const Border& b = map.borders[i];
    map.cells[static_cast<std::size_t>(b.left)].push_back({i, true});
    if (b.right != kOutside) map.cells[static_cast<std::size_t>(b.right)].push_back({i, false});
  }
  const auto tail = [&](Side s) { return s.forward ? map.borders[s.border].from : map.borders[s.border].to; };
  const auto head = [&](Side s) { return s.forward ? map.borders[s.border].to : map.borders[s.border].from; };
  for (auto& sides : map.cells) {
    for (std::size_t i = 0; i + 1 < sides.size(); ++i) {
      const auto next = std::find_if(sides.begin() + static_cast<std::ptrdiff_t>(i) + 1, sides.end(),
                                     [&](Side s) { return tail(s) == head(sides[i]); });
      assert(next != sides.end());
      std::swap(sides[i + 1], *next);
    }
  }
}

}  // namespace

geo::Ring CellMap::ring(std::int32_t cell) const {
  geo::Ring out;
  for (const Side side : cells[static_cast<std::size_t>(cell)]) {
    const geo::Polyline& line = borders[side.border].line;
    if (side.forward) {
      out.insert(out.end(), line.begin(), line.end() - 1);
    } else {
      out.insert(out.end(), line.rbegin(), line.rend() - 1);
    }
  }
  return out;
}

CellMap make_cell_map(std::span<const Point> sites, std::span<const std::int32_t> cell_of_site, std::uint64_t seed,
                      const CellMapOptions& options) {
  Skeleton skeleton = make_skeleton(sites, cell_of_site);
  merge_short_edges(skeleton, sites, options.merge_below);
  CellMap map;
  map.vertices = skeleton.vertices;
  std::int32_t cell_count = 0;
  for (const std::int32_t cell : cell_of_site) cell_count = std::max(cell_count, cell + 1);
  map.cells.resize(static_cast<std::size_t>(cell_count));
  map.sites.resize(static_cast<std::size_t>(cell_count));
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (cell_of_site[i] != kOutside) map.sites[static_cast<std::size_t>(cell_of_site[i])] = sites[i];
  }
  map.borders.reserve(skeleton.edges.size());
  for (const Edge& e : skeleton.edges) {
    const Kite kite = kite_of(skeleton, e, sites);
    if (!is_proper(kite)) return {};
    Random random(seed, e.left_site, e.right_site);
    Border border{e.from, e.to, cell_of_site[e.left_site], cell_of_site[e.right_site],
                  noisy_line(kite, options.noise, random)};
    if (border.left == kOutside) {
      std::swap(border.left, border.right);
      std::swap(border.from, border.to);
      std::reverse(border.line.begin(), border.line.end());
    }
    map.borders.push_back(std::move(border));
  }
  link_cells(map);
  return map;
}

}  // namespace catchment::datasets::synth
