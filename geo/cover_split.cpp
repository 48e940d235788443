#include "geo/cover_split.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "geo/segment_grid.hpp"

namespace catchment::geo {
namespace {

// A place as x / d, y / d in lowest terms, relative to the origin.
struct Place {
  Wide x;
  Wide y;
  Wide d;
  friend bool operator==(const Place&, const Place&) = default;
};
struct PlaceHash {
  std::size_t operator()(const Place& p) const {
    std::uint64_t h = 0;
    for (const Wide v : {p.x, p.y, p.d}) {
      for (const std::uint64_t part : {static_cast<std::uint64_t>(v), static_cast<std::uint64_t>(v >> 64)}) {
        h = (h ^ part) * 0x9E3779B97F4A7C15u;
        h ^= h >> 29;
      }
    }
    return h;
  }
};

Wide greatest_common_divisor(Wide a, Wide b) {
  if (a < 0) a = -a;
  while (b != 0) {
    const Wide r = a % b;
    a = b;
    b = r;
  }
  return a;
}

std::int64_t magnitude(std::int64_t v) { return v < 0 ? -v : v; }

class Splitter {
 public:
  Splitter(std::span<const Unmatched> edges, Point origin) : edges_(edges), origin_(origin) {}

  SplitEdges out;

  std::uint32_t node_at(Point p) {
    return node_at({std::int64_t{p.lon} - origin_.lon, std::int64_t{p.lat} - origin_.lat, 1});
  }

  void split_all() {
    std::vector<Segment> segments;
    for (const Unmatched& e : edges_) segments.push_back({e.a, e.b});
    for (std::uint32_t i = 0; i < edges_.size(); ++i) {
      out.stops.push_back({i, node_at(edges_[i].a), 0, 1});
      out.stops.push_back({i, node_at(edges_[i].b), 1, 1});
    }
    const SegmentGrid grid(segments, 0);
    for (std::size_t c = 0; c < grid.cell_count(); ++c) {
      const auto members = grid.cell(c);
      for (std::size_t i = 0; i < members.size(); ++i) {
        for (std::size_t j = i + 1; j < members.size(); ++j) meet(members[i], members[j]);
      }
    }
    // A pair that shares several cells was met several times.
    std::sort(out.stops.begin(), out.stops.end(), [](const Stop& p, const Stop& q) {
      if (p.edge != q.edge) return p.edge < q.edge;
      const Wide l = static_cast<Wide>(p.numerator) * q.denominator;
      const Wide r = static_cast<Wide>(q.numerator) * p.denominator;
      return l != r ? l < r : p.node < q.node;
    });
    const auto same = [](const Stop& p, const Stop& q) { return p.edge == q.edge && p.node == q.node; };
    out.stops.erase(std::unique(out.stops.begin(), out.stops.end(), same), out.stops.end());
  }

 private:
  std::uint32_t node_at(const Place& place) {
    const auto [it, fresh] = ids_.try_emplace(place, static_cast<std::uint32_t>(out.nodes.size()));
    if (fresh) {
      const auto exact = [&](Wide v) {
        return static_cast<double>(v / place.d) + static_cast<double>(v % place.d) / static_cast<double>(place.d);
      };
      CoverNode node{exact(place.x), exact(place.y), place.d == 1, {}};
      node.point = {static_cast<std::int32_t>(origin_.lon + std::int64_t(std::nearbyint(node.x))),
                    static_cast<std::int32_t>(origin_.lat + std::int64_t(std::nearbyint(node.y)))};
      out.nodes.push_back(node);
    }
    return it->second;
  }

  void touch(std::uint32_t on, Point end, std::int64_t side) {
    const Unmatched& e = edges_[on];
    if (side != 0 || end == e.a || end == e.b || !on_segment(e.a, e.b, end)) return;
    const bool by_lon = magnitude(std::int64_t{e.b.lon} - e.a.lon) >= magnitude(std::int64_t{e.b.lat} - e.a.lat);
    const std::int64_t part = by_lon ? std::int64_t{end.lon} - e.a.lon : std::int64_t{end.lat} - e.a.lat;
    const std::int64_t whole = by_lon ? std::int64_t{e.b.lon} - e.a.lon : std::int64_t{e.b.lat} - e.a.lat;
    out.stops.push_back({on, node_at(end), magnitude(part), magnitude(whole)});
  }

  void meet(std::uint32_t i, std::uint32_t j) {
    const Unmatched& p = edges_[i];
    const Unmatched& q = edges_[j];
    if (p.b.lon < q.a.lon || q.b.lon < p.a.lon) return;
    if (std::max(p.a.lat, p.b.lat) < std::min(q.a.lat, q.b.lat)) return;
    if (std::max(q.a.lat, q.b.lat) < std::min(p.a.lat, p.b.lat)) return;
    const std::int64_t qa = cross(p.a, p.b, q.a);
    const std::int64_t qb = cross(p.a, p.b, q.b);
    const std::int64_t pa = cross(q.a, q.b, p.a);
    const std::int64_t pb = cross(q.a, q.b, p.b);
    const auto opposite = [](std::int64_t s, std::int64_t t) { return (s < 0 && t > 0) || (s > 0 && t < 0); };
    if (opposite(qa, qb) && opposite(pa, pb)) {
      const std::int64_t up = magnitude(pa);
      const std::int64_t down = magnitude(pa) + magnitude(pb);
      const Wide dx = std::int64_t{p.b.lon} - p.a.lon;
      const Wide dy = std::int64_t{p.b.lat} - p.a.lat;
      Place place{(std::int64_t{p.a.lon} - origin_.lon) * Wide{down} + dx * up,
                  (std::int64_t{p.a.lat} - origin_.lat) * Wide{down} + dy * up, down};
      const Wide g = greatest_common_divisor(greatest_common_divisor(place.x, place.d), place.y);
      place = {place.x / g, place.y / g, place.d / g};
      const std::uint32_t node = node_at(place);
      out.stops.push_back({i, node, up, down});
      out.stops.push_back({j, node, magnitude(qa), magnitude(qa) + magnitude(qb)});
      return;
    }
    touch(i, q.a, qa);
    touch(i, q.b, qb);
    touch(j, p.a, pa);
    touch(j, p.b, pb);
  }

  std::span<const Unmatched> edges_;
  Point origin_;
  std::unordered_map<Place, std::uint32_t, PlaceHash> ids_;
};

}  // namespace

void collect_unmatched(std::span<const ZoneEdge> edges, std::vector<Unmatched>& out, std::vector<EdgeUse>& uses) {
  struct Keyed {
    Point a;
    Point b;
    EdgeUse use;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(edges.size());
  for (const ZoneEdge& e : edges) {
    if (e.a == e.b) continue;
    keyed.push_back(e.a < e.b ? Keyed{e.a, e.b, {e.zone, 1}} : Keyed{e.b, e.a, {e.zone, -1}});
  }
  std::sort(keyed.begin(), keyed.end(), [](const Keyed& p, const Keyed& q) {
    return std::tie(p.a, p.b, p.use.zone) < std::tie(q.a, q.b, q.use.zone);
  });
  for (std::size_t i = 0; i < keyed.size();) {
    const auto first_use = static_cast<std::uint32_t>(uses.size());
    int net = 0;
    std::size_t j = i;
    for (; j < keyed.size() && keyed[j].a == keyed[i].a && keyed[j].b == keyed[i].b; ++j) {
      if (uses.size() > first_use && uses.back().zone == keyed[j].use.zone) {
        uses.back().side += keyed[j].use.side;
      } else {
        uses.push_back(keyed[j].use);
      }
      net += keyed[j].use.side;
    }
    if (net == 0) {
      uses.resize(first_use);
    } else {
      std::erase_if(uses, [](EdgeUse use) { return use.side == 0; });
      out.push_back({keyed[i].a, keyed[i].b, first_use, static_cast<std::uint32_t>(uses.size() - first_use)});
    }
    i = j;
  }
}

SplitEdges split_unmatched(std::span<const Unmatched> edges, Point origin) {
  Splitter splitter(edges, origin);
  splitter.split_all();
  return std::move(splitter.out);
}

}  // namespace catchment::geo
