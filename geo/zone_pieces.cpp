#include "geo/zone_pieces.hpp"

#include "geo/radix_sort.hpp"

namespace catchment::geo {
namespace {

struct RawEdge {
  Point a;  // lower end by (lat, lon)
  Point b;
  ZoneNumber zone = 0;
};

bool is_lower(Point p, Point q) { return p.lat != q.lat ? p.lat < q.lat : p.lon < q.lon; }

std::uint64_t order_key(Point p) {  // orders as is_lower does
  const auto biased = [](std::int32_t v) { return static_cast<std::uint32_t>(v) ^ 0x80000000u; };
  return (std::uint64_t{biased(p.lat)} << 32) | biased(p.lon);
}

std::vector<RawEdge> collect_edges(std::span<const MultiPolygon> zones) {
  std::vector<RawEdge> edges;
  for (std::size_t z = 0; z < zones.size(); ++z) {
    for_each_ring(zones[z], [&](const Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point p = ring[i];
        const Point q = ring[i + 1 == ring.size() ? 0 : i + 1];
        if (p == q) continue;
        const bool up = is_lower(p, q);
        edges.push_back({up ? p : q, up ? q : p, static_cast<ZoneNumber>(z)});
      }
    });
  }
  return edges;
}

// Sorted by a, then b, then zone. Few edges begin at one point, so the inner sorts are short.
void sort_edges(std::vector<RawEdge>& edges) {
  radix_sort(edges, [](const RawEdge& e) { return order_key(e.a); });
  for (auto first = edges.begin(); first != edges.end();) {
    auto last = first;
    while (last != edges.end() && last->a == first->a) ++last;
    std::sort(first, last,
              [](const RawEdge& p, const RawEdge& q) { return p.b != q.b ? is_lower(p.b, q.b) : p.zone < q.zone; });
    first = last;
  }
}

}  // namespace

ZonePieces collect_pieces(std::span<const MultiPolygon> zones, ZoneSets& sets) {
  std::vector<RawEdge> edges = collect_edges(zones);
  sort_edges(edges);
  ZonePieces pieces;
  std::vector<ZoneNumber> odd;
  for (std::size_t i = 0; i < edges.size();) {
    const RawEdge first = edges[i];
    odd.clear();
    for (; i < edges.size() && edges[i].a == first.a && edges[i].b == first.b; ++i) {
      if (!odd.empty() && odd.back() == edges[i].zone) {
        odd.pop_back();
      } else {
        odd.push_back(edges[i].zone);
      }
    }
    if (odd.empty()) continue;
    pieces.borders.push_back({first.a, first.b, 0, 0});
    pieces.toggles.push_back(sets.intern(odd));
  }
  return pieces;
}

}  // namespace catchment::geo
