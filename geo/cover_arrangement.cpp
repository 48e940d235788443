#include "geo/cover_arrangement.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "geo/cover_split.hpp"

namespace catchment::geo {
namespace {

// A piece before equal ones are merged.
struct Part {
  std::uint32_t from;
  std::uint32_t to;
  std::uint32_t edge;
};

struct Builder {
  CoverArrangement out;
  std::vector<Unmatched> edges;
  std::vector<EdgeUse> edge_uses;
  std::vector<std::uint32_t> edge_of_piece;  // any unmatched edge a piece lies on: its direction, exactly

  std::span<const EdgeUse> uses_of_edge(std::uint32_t e) const {
    return std::span(edge_uses).subspan(edges[e].first_use, edges[e].use_count);
  }

  void find_loose(const std::vector<Stop>& stops, const std::vector<Part>& parts);
  void merge_parts(const std::vector<Part>& parts);
  void link();
  void trace();
  void nest();

  std::vector<std::uint32_t> cycle_of;  // of a half-edge
  std::vector<HalfEdge> cycle_start;
  std::vector<std::uint32_t> component_of;  // of a node
};

void Builder::find_loose(const std::vector<Stop>& stops, const std::vector<Part>& parts) {
  std::vector<std::pair<std::uint32_t, ZoneNumber>> corners;  // (node, zone with a vertex there)
  for (std::size_t i = 0; i < stops.size(); ++i) {
    const bool end =
        i == 0 || stops[i - 1].edge != stops[i].edge || i + 1 == stops.size() || stops[i + 1].edge != stops[i].edge;
    if (!end) continue;
    for (const EdgeUse use : uses_of_edge(stops[i].edge)) corners.emplace_back(stops[i].node, use.zone);
  }
  std::sort(corners.begin(), corners.end());
  corners.erase(std::unique(corners.begin(), corners.end()), corners.end());

  // Parts are sorted by (from, to): does some other edge run along this one the other way?
  const auto runs_opposite = [&](const Part& part, ZoneNumber zone, ZoneNumber other) {
    const auto less = [](const Part& p, const Part& q) { return std::tie(p.from, p.to) < std::tie(q.from, q.to); };
    const auto [lo, hi] = std::equal_range(parts.begin(), parts.end(), part, less);
    int side = 0;
    int other_side = 0;
    for (auto it = lo; it != hi; ++it) {
      for (const EdgeUse use : uses_of_edge(it->edge)) {
        if (use.zone == zone) side = use.side;
        if (use.zone == other) other_side = use.side;
      }
    }
    return side * other_side < 0;
  };

  std::unordered_map<std::uint32_t, LooseVertex> found;
  for (std::size_t i = 1; i + 1 < stops.size(); ++i) {
    const std::uint32_t node = stops[i].node;
    if (stops[i - 1].edge != stops[i].edge || stops[i + 1].edge != stops[i].edge) continue;
    for (auto it = std::lower_bound(corners.begin(), corners.end(), std::pair{node, ZoneNumber{0}});
         it != corners.end() && it->first == node; ++it) {
      for (const EdgeUse use : uses_of_edge(stops[i].edge)) {
        if (use.zone == it->second) continue;
        LooseVertex& vertex = found[node];
        vertex.place = out.nodes[node].point;
        vertex.with.push_back(it->second);
        vertex.without.push_back(use.zone);
        vertex.opposite = vertex.opposite || runs_opposite({stops[i - 1].node, node, 0}, use.zone, it->second) ||
                          runs_opposite({node, stops[i + 1].node, 0}, use.zone, it->second);
      }
    }
  }
  const auto tidy = [](std::vector<ZoneNumber>& zones) {
    std::sort(zones.begin(), zones.end());
    zones.erase(std::unique(zones.begin(), zones.end()), zones.end());
  };
  for (auto& [node, vertex] : found) {
    tidy(vertex.with);
    tidy(vertex.without);
    out.loose.push_back(std::move(vertex));
  }
  std::sort(out.loose.begin(), out.loose.end(),
            [](const LooseVertex& p, const LooseVertex& q) { return p.place < q.place; });
}

void Builder::merge_parts(const std::vector<Part>& parts) {
  for (std::size_t i = 0; i < parts.size();) {
    std::vector<EdgeUse> uses;
    std::size_t j = i;
    for (; j < parts.size() && parts[j].from == parts[i].from && parts[j].to == parts[i].to; ++j) {
      const auto of_edge = uses_of_edge(parts[j].edge);
      uses.insert(uses.end(), of_edge.begin(), of_edge.end());
    }
    std::stable_sort(uses.begin(), uses.end(), [](EdgeUse p, EdgeUse q) { return p.zone < q.zone; });
    std::vector<EdgeUse> merged;
    int net = 0;
    for (const EdgeUse use : uses) {
      net += use.side;
      if (!merged.empty() && merged.back().zone == use.zone) {
        merged.back().side += use.side;
      } else {
        merged.push_back(use);
      }
    }
    if (net != 0) {
      std::erase_if(merged, [](EdgeUse use) { return use.side == 0; });
      out.pieces.push_back({parts[i].from, parts[i].to, static_cast<std::uint32_t>(out.uses.size()),
                            static_cast<std::uint32_t>(merged.size()), net});
      out.uses.insert(out.uses.end(), merged.begin(), merged.end());
      edge_of_piece.push_back(parts[i].edge);
    }
    i = j;
  }
}

// next[]: at the end of a half-edge, the first way out clockwise from the way back.
void Builder::link() {
  const std::size_t half_edges = 2 * out.pieces.size();
  std::vector<HalfEdge> by_start(half_edges);
  std::iota(by_start.begin(), by_start.end(), 0u);
  struct Way {
    std::int64_t x;
    std::int64_t y;
  };
  const auto way = [&](HalfEdge h) {
    const Unmatched& e = edges[edge_of_piece[h / 2]];
    const std::int64_t sign = (h & 1) == 0 ? 1 : -1;
    return Way{sign * (std::int64_t{e.b.lon} - e.a.lon), sign * (std::int64_t{e.b.lat} - e.a.lat)};
  };
  std::sort(by_start.begin(), by_start.end(), [&](HalfEdge g, HalfEdge h) {
    if (out.start(g) != out.start(h)) return out.start(g) < out.start(h);
    const Way p = way(g);
    const Way q = way(h);
    // From just after south, counter-clockwise: ways east of the north-south line first.
    const bool p_west = p.x < 0 || (p.x == 0 && p.y < 0);
    const bool q_west = q.x < 0 || (q.x == 0 && q.y < 0);
    if (p_west != q_west) return q_west;
    return Wide{p.x} * q.y - Wide{p.y} * q.x > 0;
  });
  out.next.resize(half_edges);
  for (std::size_t i = 0; i < half_edges;) {
    std::size_t j = i;
    while (j < half_edges && out.start(by_start[j]) == out.start(by_start[i])) ++j;
    for (std::size_t k = i; k < j; ++k) {
      const HalfEdge clockwise = by_start[k == i ? j - 1 : k - 1];
      out.next[by_start[k] ^ 1u] = clockwise;
    }
    i = j;
  }
}

void Builder::trace() {
  constexpr std::uint32_t kNone = ~0u;
  cycle_of.assign(out.next.size(), kNone);
  for (HalfEdge h = 0; h < out.next.size(); ++h) {
    if (cycle_of[h] != kNone) continue;
    const auto id = static_cast<std::uint32_t>(cycle_start.size());
    cycle_start.push_back(h);
    for (HalfEdge g = h; cycle_of[g] == kNone; g = out.next[g]) cycle_of[g] = id;
  }
  component_of.resize(out.nodes.size());
  std::iota(component_of.begin(), component_of.end(), 0u);
  const auto root = [&](std::uint32_t n) {
    while (component_of[n] != n) n = component_of[n] = component_of[component_of[n]];
    return n;
  };
  for (const CoverPiece& piece : out.pieces) component_of[root(piece.from)] = root(piece.to);
  for (std::uint32_t n = 0; n < component_of.size(); ++n) component_of[n] = root(n);
}

// The piece straight below a point, by (x, y + infinitesimal east).
class BelowFinder {
 public:
  BelowFinder(const Builder& builder) : b_(builder) {
    double total = 0;
    for (const CoverNode& node : b_.out.nodes) span_ = std::max(span_, node.x);
    for (const CoverPiece& p : b_.out.pieces) total += b_.out.nodes[p.to].x - b_.out.nodes[p.from].x;
    const auto count = static_cast<double>(b_.out.pieces.size());
    width_ = std::max({1.0, total / (count + 1), span_ / (count + 1)});
    columns_.resize(static_cast<std::size_t>(span_ / width_) + 2);
    for (std::uint32_t i = 0; i < b_.out.pieces.size(); ++i) {
      const double lo = b_.out.nodes[b_.out.pieces[i].from].x - 1;
      const double hi = b_.out.nodes[b_.out.pieces[i].to].x + 1;
      for (std::size_t c = column(lo); c <= column(hi); ++c) columns_[c].push_back(i);
    }
  }

  // The half-edge that has p on its left, below p and outside p's component; false if there is none.
  bool find(std::uint32_t node, HalfEdge& found) const {
    const Point p = b_.out.nodes[node].point;
    const double x = b_.out.nodes[node].x;
    bool any = false;
    std::uint32_t best = 0;
    for (const std::uint32_t i : columns_[column(x)]) {
      const CoverPiece& piece = b_.out.pieces[i];
      if (b_.component_of[piece.from] == b_.component_of[node]) continue;
      // Node positions are right to 1e-6 unit and p is whole: a node that is not whole is never exactly above or below.
      if (b_.out.nodes[piece.from].x > x || b_.out.nodes[piece.to].x <= x) continue;
      const Unmatched& e = b_.edges[b_.edge_of_piece[i]];
      if (cross(e.a, e.b, p) <= 0) continue;
      if (!any || higher(e, b_.edges[b_.edge_of_piece[best]], p.lon)) best = i;
      any = true;
    }
    found = 2 * best;
    return any;
  }

 private:
  std::size_t column(double x) const {
    return static_cast<std::size_t>(std::clamp(x / width_, 0.0, static_cast<double>(columns_.size() - 1)));
  }
  // Is p above q at this longitude, or level there and steeper?
  static bool higher(const Unmatched& p, const Unmatched& q, std::int32_t lon) {
    const Wide pw = std::int64_t{p.b.lon} - p.a.lon;
    const Wide qw = std::int64_t{q.b.lon} - q.a.lon;
    const Wide ph = std::int64_t{p.b.lat} - p.a.lat;
    const Wide qh = std::int64_t{q.b.lat} - q.a.lat;
    const Wide py = p.a.lat * pw + ph * (std::int64_t{lon} - p.a.lon);
    const Wide qy = q.a.lat * qw + qh * (std::int64_t{lon} - q.a.lon);
    return py * qw != qy * pw ? py * qw > qy * pw : ph * qw > qh * pw;
  }

  const Builder& b_;
  double span_ = 0;
  double width_ = 1;
  std::vector<std::vector<std::uint32_t>> columns_;
};

// Faces, which cycles each has, and their counts: components from west to east, each placed in the face it lies in.
void Builder::nest() {
  constexpr std::uint32_t kNone = ~0u;
  const auto before = [&](std::uint32_t m, std::uint32_t n) {
    const CoverNode& p = out.nodes[m];
    const CoverNode& q = out.nodes[n];
    return std::tie(p.x, p.y) < std::tie(q.x, q.y);
  };
  std::vector<HalfEdge> west(out.nodes.size(), kNone);  // per component, the topmost way out of its least node
  for (HalfEdge h = 0; h < out.next.size(); ++h) {
    HalfEdge& best = west[component_of[out.start(h)]];
    // The least node is a vertex of some zone: whole, so that comparing doubles is exact.
    if (out.nodes[out.start(h)].whole && (best == kNone || before(out.start(h), out.start(best)))) best = h;
  }
  std::vector<HalfEdge> order;
  for (const HalfEdge h : west) {
    if (h == kNone) continue;
    // All ways out of the least node go east; the outside of the component is on the left of the topmost. next of its
    // twin is the one clockwise from it, so the topmost is the twin's predecessor; walk clockwise until it wraps.
    HalfEdge top = h;
    for (HalfEdge g = out.next[h ^ 1u]; g != h; g = out.next[g ^ 1u]) {
      const Unmatched& p = edges[edge_of_piece[g / 2]];
      const Unmatched& q = edges[edge_of_piece[top / 2]];
      const Wide turn =
          (Wide{q.b.lon} - q.a.lon) * (Wide{p.b.lat} - p.a.lat) - (Wide{q.b.lat} - q.a.lat) * (Wide{p.b.lon} - p.a.lon);
      if (turn > 0) top = g;
    }
    order.push_back(top);
  }
  std::sort(order.begin(), order.end(), [&](HalfEdge g, HalfEdge h) { return before(out.start(g), out.start(h)); });

  const BelowFinder below(*this);
  std::vector<std::uint32_t> face_of_cycle(cycle_start.size(), kNone);
  out.faces.push_back({});
  for (const HalfEdge outer : order) {
    HalfEdge under = 0;
    const std::uint32_t parent = below.find(out.start(outer), under) ? face_of_cycle[cycle_of[under]] : 0;
    face_of_cycle[cycle_of[outer]] = parent;
    out.faces[parent].cycles.push_back(outer);
    std::vector<HalfEdge> reached{outer};  // one half-edge of each cycle whose face is known
    while (!reached.empty()) {
      const HalfEdge first = reached.back();
      reached.pop_back();
      const int count = out.faces[face_of_cycle[cycle_of[first]]].count;
      HalfEdge h = first;
      do {
        const HalfEdge twin = h ^ 1u;
        if (face_of_cycle[cycle_of[twin]] == kNone) {
          const int net = out.pieces[h / 2].net;
          face_of_cycle[cycle_of[twin]] = static_cast<std::uint32_t>(out.faces.size());
          out.faces.push_back({count + ((twin & 1) == 0 ? net : -net), {cycle_start[cycle_of[twin]]}});
          reached.push_back(twin);
        }
        h = out.next[h];
      } while (h != first);
    }
  }
  out.face_of.resize(out.next.size());
  for (HalfEdge h = 0; h < out.next.size(); ++h) out.face_of[h] = face_of_cycle[cycle_of[h]];
}

}  // namespace

void append_zone_edges(const MultiPolygon& zone, ZoneNumber number, std::vector<ZoneEdge>& edges) {
  const auto append = [&](const Ring& ring, bool zone_inside) {
    const bool forward = (signed_area_twice(ring) > 0) == zone_inside;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point a = ring[i];
      const Point b = ring[i + 1 == ring.size() ? 0 : i + 1];
      edges.push_back(forward ? ZoneEdge{a, b, number} : ZoneEdge{b, a, number});
    }
  };
  for (const Polygon& part : zone) {
    append(part.shell, true);
    for (const Ring& hole : part.holes) append(hole, false);
  }
}

CoverArrangement arrange_unmatched(std::span<const ZoneEdge> edges) {
  Builder builder;
  collect_unmatched(edges, builder.edges, builder.edge_uses);
  Box box;
  for (const Unmatched& e : builder.edges) {
    box.extend(e.a);
    box.extend(e.b);
  }
  builder.out.origin = box.empty() ? Point{} : box.min;
  SplitEdges split = split_unmatched(builder.edges, builder.out.origin);
  builder.out.nodes = std::move(split.nodes);
  std::vector<Part> parts;
  for (std::size_t i = 0; i + 1 < split.stops.size(); ++i) {
    const Stop& s = split.stops[i];
    if (split.stops[i + 1].edge == s.edge) parts.push_back({s.node, split.stops[i + 1].node, s.edge});
  }
  std::sort(parts.begin(), parts.end(), [](const Part& p, const Part& q) {
    return std::tie(p.from, p.to, p.edge) < std::tie(q.from, q.to, q.edge);
  });
  builder.find_loose(split.stops, parts);
  builder.merge_parts(parts);
  builder.link();
  builder.trace();
  builder.nest();
  return std::move(builder.out);
}

}  // namespace catchment::geo
