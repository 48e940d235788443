#include "server/tiles/border_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <unordered_map>

#include "server/tiles/simplify.hpp"

namespace catchment::tiles {
namespace {

using geo::Border;
using geo::Point;
using VertexId = std::uint32_t;

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// Borders as edges between numbered points.
class Graph {
 public:
  explicit Graph(std::span<const Border> borders) : borders_(borders) {
    for (const Border& b : borders) {
      points_.push_back(b.a);
      points_.push_back(b.b);
    }
    std::sort(points_.begin(), points_.end());
    points_.erase(std::unique(points_.begin(), points_.end()), points_.end());
    starts_.assign(points_.size() + 1, 0);
    for (const Border& b : borders) {
      ends_.push_back({number(b.a), number(b.b)});
      ++starts_[ends_.back().first + 1];
      ++starts_[ends_.back().second + 1];
    }
    for (std::size_t v = 1; v < starts_.size(); ++v) starts_[v] += starts_[v - 1];
    edges_.resize(borders.size() * 2);
    std::vector<std::uint32_t> fill(starts_.begin(), starts_.end() - 1);
    for (std::uint32_t e = 0; e < ends_.size(); ++e) {
      edges_[fill[ends_[e].first]++] = e;
      edges_[fill[ends_[e].second]++] = e;
    }
  }

  std::size_t vertex_count() const { return points_.size(); }
  Point point(VertexId v) const { return points_[v]; }
  std::span<const std::uint32_t> edges_at(VertexId v) const {
    return {edges_.data() + starts_[v], starts_[v + 1] - starts_[v]};
  }
  VertexId other_end(std::uint32_t edge, VertexId v) const {
    return ends_[edge].first == v ? ends_[edge].second : ends_[edge].first;
  }
  VertexId first_end(std::uint32_t edge) const { return ends_[edge].first; }

  // Zone sets left and right of an edge when one leaves v along it.
  std::pair<std::uint32_t, std::uint32_t> sides(std::uint32_t edge, VertexId v) const {
    const Border& b = borders_[edge];
    return ends_[edge].first == v ? std::pair{b.left, b.right} : std::pair{b.right, b.left};
  }

  // Arcs end where lines meet, or where one line begins to divide other zones.
  bool is_junction(VertexId v) const {
    const auto edges = edges_at(v);
    if (edges.size() != 2) return true;
    return sides(edges[0], other_end(edges[0], v)) != sides(edges[1], v);
  }

 private:
  VertexId number(Point p) const {
    return static_cast<VertexId>(std::lower_bound(points_.begin(), points_.end(), p) - points_.begin());
  }
  std::span<const Border> borders_;
  std::vector<Point> points_;
  std::vector<std::pair<VertexId, VertexId>> ends_;
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> edges_;
};

class ArcTracer {
 public:
  ArcTracer(const Graph& graph, std::size_t edge_count, BorderNetwork& out)
      : graph_(graph), used_(edge_count, false), out_(out) {}

  void trace_all() {
    for (VertexId v = 0; v < graph_.vertex_count(); ++v) {
      if (!graph_.is_junction(v)) continue;
      for (const std::uint32_t edge : graph_.edges_at(v)) trace(v, edge);
    }
    for (std::uint32_t edge = 0; edge < used_.size(); ++edge) trace(graph_.first_end(edge), edge);  // free rings
  }

 private:
  void trace(VertexId from, std::uint32_t edge) {
    if (used_[edge]) return;
    Arc arc;
    arc.begin = static_cast<std::uint32_t>(out_.points.size());
    std::tie(arc.left, arc.right) = graph_.sides(edge, from);
    out_.points.push_back(graph_.point(from));
    VertexId at = from;
    for (;;) {
      used_[edge] = true;
      at = graph_.other_end(edge, at);
      out_.points.push_back(graph_.point(at));
      if (at == from || graph_.is_junction(at)) break;
      const auto edges = graph_.edges_at(at);
      edge = edges[0] == edge ? edges[1] : edges[0];
    }
    arc.end = static_cast<std::uint32_t>(out_.points.size());
    arc.loop = at == from;
    out_.arcs.push_back(arc);
  }

  const Graph& graph_;
  std::vector<bool> used_;
  BorderNetwork& out_;
};

// Joins the arcs around one zone into simple rings. Every arc has the zone on its left.
class RingJoiner {
 public:
  RingJoiner(const BorderNetwork& network, std::span<const DirectedArc> arcs)
      : network_(network), arcs_(arcs), used_(arcs.size(), false) {
    for (std::uint32_t i = 0; i < arcs.size(); ++i) leaving_.emplace(key(start(arcs[i])), i);
  }

  std::vector<std::vector<DirectedArc>> join() {
    std::vector<std::vector<DirectedArc>> rings;
    for (std::uint32_t i = 0; i < arcs_.size(); ++i) {
      std::vector<std::uint32_t> path;
      for (std::uint32_t next = used_[i] ? kNone : i; next != kNone;) {
        used_[next] = true;
        path.push_back(next);
        const Point at = end(arcs_[next]);
        // A ring is cut off at every place passed twice: what remains touches itself nowhere.
        const auto back =
            std::find_if(path.begin(), path.end(), [&](std::uint32_t k) { return start(arcs_[k]) == at; });
        if (back != path.end()) {
          rings.emplace_back();
          for (auto k = back; k != path.end(); ++k) rings.back().push_back(arcs_[*k]);
          path.erase(back, path.end());
          if (path.empty()) break;
          next = pick(at, arcs_[path.back()]);
        } else {
          next = pick(at, arcs_[next]);
        }
      }
    }
    return rings;
  }

 private:
  static std::uint64_t key(Point p) {
    return std::uint64_t{static_cast<std::uint32_t>(p.lon)} << 32 | static_cast<std::uint32_t>(p.lat);
  }
  Point at(DirectedArc d, std::uint32_t from_start) const {
    const Arc& arc = network_.arcs[d.arc];
    return network_.points[d.forward ? arc.begin + from_start : arc.end - 1 - from_start];
  }
  std::uint32_t last(DirectedArc d) const { return network_.arcs[d.arc].end - network_.arcs[d.arc].begin - 1; }
  Point start(DirectedArc d) const { return at(d, 0); }
  Point end(DirectedArc d) const { return at(d, last(d)); }
  static double heading(Point from, Point to) {
    return std::atan2(static_cast<double>(to.lat) - from.lat, static_cast<double>(to.lon) - from.lon);
  }

  // Of the unused arcs that leave a place, the first one clockwise of the way back: the far side of the same corner.
  std::uint32_t pick(Point place, DirectedArc arriving) const {
    const double back = heading(place, at(arriving, last(arriving) - 1));
    std::uint32_t best = kNone;
    double best_turn = 0;
    for (auto [it, stop] = leaving_.equal_range(key(place)); it != stop; ++it) {
      if (used_[it->second]) continue;
      double turn = back - heading(place, at(arcs_[it->second], 1));
      if (turn <= 0) turn += 2 * std::numbers::pi;
      if (best == kNone || turn < best_turn) {
        best = it->second;
        best_turn = turn;
      }
    }
    return best;
  }

  const BorderNetwork& network_;
  std::span<const DirectedArc> arcs_;
  std::vector<bool> used_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> leaving_;
};

geo::Ring to_ring(const BorderNetwork& network, std::span<const DirectedArc> arcs) {
  geo::Ring ring;
  for (const DirectedArc d : arcs) {
    const Arc& arc = network.arcs[d.arc];
    for (std::uint32_t i = arc.begin; i + 1 < arc.end; ++i) {
      ring.push_back(network.points[d.forward ? i : arc.end - 1 - (i - arc.begin)]);
    }
  }
  return ring;
}

// Even-odd, half open; the caller asks about a point that is not on the ring.
bool encloses(const geo::Ring& ring, Point p) {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    if ((ring[i].lat > p.lat) == (ring[j].lat > p.lat)) continue;
    const bool up = ring[j].lat < ring[i].lat;
    if ((geo::cross(ring[j], ring[i], p) > 0) == up) inside = !inside;
  }
  return inside;
}

std::vector<ArcPolygon> to_polygons(const BorderNetwork& network, std::vector<std::vector<DirectedArc>> rings) {
  struct Shell {
    geo::Ring ring;
    geo::Box box;
    __int128 area;
  };
  std::vector<ArcPolygon> polygons;
  std::vector<Shell> shells;
  std::vector<std::pair<geo::Ring, std::vector<DirectedArc>>> holes;
  for (auto& arcs : rings) {
    geo::Ring ring = to_ring(network, arcs);
    const __int128 area = geo::signed_area_twice(ring);
    if (area > 0) {
      geo::Box box;
      for (const Point p : ring) box.extend(p);
      shells.push_back({std::move(ring), box, area});
      polygons.push_back({std::move(arcs), {}});
    } else if (area < 0) {
      holes.emplace_back(std::move(ring), std::move(arcs));
    }
  }
  for (auto& [ring, arcs] : holes) {
    std::size_t owner = shells.size();
    for (std::size_t s = 0; s < shells.size(); ++s) {
      if (owner != shells.size() && shells[s].area >= shells[owner].area) continue;
      const auto off = std::find_if(ring.begin(), ring.end(), [&](Point p) {
        return std::ranges::find(shells[s].ring, p) == shells[s].ring.end();
      });
      if (off != ring.end() && shells[s].box.contains(*off) && encloses(shells[s].ring, *off)) owner = s;
    }
    if (owner != shells.size()) polygons[owner].holes.push_back(std::move(arcs));
  }
  return polygons;
}

}  // namespace

WorldPoint to_world(Point p) {
  constexpr double kMaxLatitude = 85.05112877980659;
  const geo::Degrees d = geo::to_degrees(p);
  const double lat = std::clamp(d.lat, -kMaxLatitude, kMaxLatitude) * std::numbers::pi / 180;
  return {(d.lon + 180) / 360, (1 - std::asinh(std::tan(lat)) / std::numbers::pi) / 2};
}

BorderNetwork build_network(const geo::ZoneIndex& index) {
  BorderNetwork network;
  const auto borders = index.borders();
  ArcTracer(Graph(borders), borders.size(), network).trace_all();
  std::vector<std::vector<DirectedArc>> around(index.zone_count());
  for (std::uint32_t a = 0; a < network.arcs.size(); ++a) {
    for (const geo::ZoneNumber zone : index.zone_set(network.arcs[a].left)) around[zone].push_back({a, true});
    for (const geo::ZoneNumber zone : index.zone_set(network.arcs[a].right)) around[zone].push_back({a, false});
  }
  for (const auto& arcs : around) network.zones.push_back(to_polygons(network, RingJoiner(network, arcs).join()));
  network.vertices.reserve(network.points.size());
  for (const Point p : network.points) network.vertices.push_back(to_world(p));
  rank_vertices(network);
  return network;
}

}  // namespace catchment::tiles
