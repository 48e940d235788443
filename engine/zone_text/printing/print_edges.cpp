#include "engine/zone_text/printing/print_edges.hpp"

#include <algorithm>
#include <cmath>

#include "geo/segment_grid.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::Point;

constexpr double kStep_m = 40;     // long edges are looked at in steps
constexpr double kExact_m = 0.5;   // nearer than this is on the line
constexpr double kNear = 0.3;      // a metre beside a line costs this and its share of the tolerance
constexpr double kNameless = 2.0;  // a metre along nothing
constexpr double kBorder = 0.05;   // a metre of the outline: a line that runs along it is named rather

struct Near {
  std::size_t line = kUnnamed;
  double off_m = 0;
};

double distance_m(Point p, const geo::Segment& s, const geo::LocalScale& scale) {
  const double bx = (static_cast<double>(s.b.lon) - s.a.lon) * scale.lon_m;
  const double by = (static_cast<double>(s.b.lat) - s.a.lat) * scale.lat_m;
  const double px = (static_cast<double>(p.lon) - s.a.lon) * scale.lon_m;
  const double py = (static_cast<double>(p.lat) - s.a.lat) * scale.lat_m;
  const double square = bx * bx + by * by;
  const double t = square == 0 ? 0 : std::clamp((px * bx + py * by) / square, 0.0, 1.0);
  return std::hypot(px - t * bx, py - t * by);
}

// Clockwise, without repeated points, long edges cut.
geo::Ring prepared(geo::Ring ring) {
  if (geo::signed_area_twice(ring) > 0) std::reverse(ring.begin(), ring.end());
  geo::Ring out;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point a = ring[i];
    const Point b = ring[(i + 1) % ring.size()];
    if (a == b) continue;
    const int steps = std::max(1, static_cast<int>(geo::flat_distance_m(a, b) / kStep_m));
    for (int k = 0; k < steps; ++k) {
      out.push_back({a.lon + static_cast<std::int32_t>((std::int64_t{b.lon} - a.lon) * k / steps),
                     a.lat + static_cast<std::int32_t>((std::int64_t{b.lat} - a.lat) * k / steps)});
    }
  }
  return out;
}

Point middle(Point a, Point b) {
  return {static_cast<std::int32_t>((std::int64_t{a.lon} + b.lon) / 2),
          static_cast<std::int32_t>((std::int64_t{a.lat} + b.lat) / 2)};
}

// Lines near all of the edge's points, with the farthest distance.
std::vector<Near> near_all(std::span<const std::vector<Near>* const> points) {
  std::vector<Near> result = *points.front();
  for (const std::vector<Near>* other : points.subspan(1)) {
    std::erase_if(result, [&](Near& n) {
      const auto at = std::find_if(other->begin(), other->end(), [&](const Near& o) { return o.line == n.line; });
      if (at == other->end()) return true;
      n.off_m = std::max(n.off_m, at->off_m);
      return false;
    });
  }
  return result;
}

bool share_exact(const std::vector<Near>& a, const std::vector<Near>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Near& x) {
    return x.line != kUnnamed && x.off_m <= kExact_m &&
           std::any_of(b.begin(), b.end(), [&](const Near& y) { return y.line == x.line && y.off_m <= kExact_m; });
  });
}

}  // namespace

Offset offset_m(Point from, Point to) {
  const geo::LocalScale scale = geo::local_scale(from.lat);
  return {(static_cast<double>(to.lon) - from.lon) * scale.lon_m,
          (static_cast<double>(to.lat) - from.lat) * scale.lat_m};
}

double length_m(const geo::Polyline& line) {
  double sum = 0;
  for (std::size_t i = 1; i < line.size(); ++i) sum += geo::flat_distance_m(line[i - 1], line[i]);
  return sum;
}

struct EdgeNamer::Index {
  EdgeOptions options;
  std::vector<geo::Segment> segments;
  std::vector<std::size_t> line_of;
  std::unique_ptr<geo::SegmentGrid> grid;
  geo::LocalScale scale;

  void add(const geo::Polyline& line, std::size_t number) {
    for (std::size_t i = 1; i < line.size(); ++i) {
      segments.push_back({line[i - 1], line[i]});
      line_of.push_back(number);
    }
  }

  std::vector<Near> near(Point p) const {
    std::vector<Near> result;
    for (const std::uint32_t s : grid->near(p)) {
      const double off = distance_m(p, segments[s], scale);
      if (off > options.tolerance_m) continue;
      const auto at = std::find_if(result.begin(), result.end(), [&](const Near& n) { return n.line == line_of[s]; });
      if (at == result.end())
        result.push_back({line_of[s], off});
      else
        at->off_m = std::min(at->off_m, off);
    }
    std::sort(result.begin(), result.end(), [](const Near& a, const Near& b) { return a.line < b.line; });
    return result;
  }

  double cost(const Near& n, double length) const {
    if (n.line == kUnnamed) return length * kNameless;
    const double stray = n.off_m <= kExact_m ? 0 : kNear + n.off_m / options.tolerance_m;
    return length * (stray + (n.line == kOutline ? kBorder : 0));
  }
};

EdgeNamer::EdgeNamer(const Ground& ground, const EdgeOptions& options) : index_(std::make_unique<Index>()) {
  index_->options = options;
  for (std::size_t i = 0; i < ground.lines().size(); ++i) {
    for (const geo::Polyline& piece : ground.lines()[i].pieces) index_->add(piece, i);
  }
  geo::for_each_ring(ground.outline(), [&](geo::Ring ring) {
    if (ring.empty()) return;
    ring.push_back(ring.front());
    index_->add(ring, kOutline);
  });
  const std::int32_t lat = index_->segments.empty() ? 0 : index_->segments.front().a.lat;
  index_->scale = geo::local_scale(lat);
  const double reach = options.tolerance_m / std::min(index_->scale.lon_m, index_->scale.lat_m);
  index_->grid = std::make_unique<geo::SegmentGrid>(index_->segments, reach);
}
EdgeNamer::~EdgeNamer() = default;
EdgeNamer::EdgeNamer(EdgeNamer&&) noexcept = default;

namespace {

struct Edge {
  Point a;
  Point b;
  double length_m = 0;
  std::vector<Near> lines;  // and kUnnamed, last
};

struct Cheapest {
  double cost = 0;
  std::size_t from = 0;  // choice of the edge before
};

// The choice for each edge, by dynamic programming along the chain.
template <class Cost>
std::vector<std::size_t> choose(const std::vector<Edge>& edges, double switch_m, const Cost& cost) {
  std::vector<std::vector<Cheapest>> table(edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    for (const Near& n : edges[i].lines) {
      Cheapest best;
      if (i > 0) {
        best.cost = std::numeric_limits<double>::infinity();
        for (std::size_t k = 0; k < table[i - 1].size(); ++k) {
          const double sum = table[i - 1][k].cost + (edges[i - 1].lines[k].line == n.line ? 0 : switch_m);
          if (sum < best.cost) best = {sum, k};
        }
      }
      best.cost += cost(n, edges[i].length_m);
      table[i].push_back(best);
    }
  }
  std::vector<std::size_t> chosen(edges.size());
  const auto& last = table.back();
  std::size_t at = static_cast<std::size_t>(
      std::min_element(last.begin(), last.end(), [](const auto& x, const auto& y) { return x.cost < y.cost; }) -
      last.begin());
  for (std::size_t i = edges.size(); i-- > 0;) {
    chosen[i] = at;
    at = table[i][at].from;
  }
  return chosen;
}

// Rotates the chain to begin at its north-western corner.
void start_north_west(std::vector<Stretch>& chain) {
  const Point origin = chain.front().path.front();
  const auto reach = [&](const Stretch& s) {
    const Offset o = offset_m(origin, s.path.front());
    return o.north_m - o.east_m;
  };
  const auto first = std::max_element(chain.begin(), chain.end(), [&](const Stretch& a, const Stretch& b) {
    return reach(a) != reach(b) ? reach(a) < reach(b) : b.path.front() < a.path.front();
  });
  std::rotate(chain.begin(), first, chain.end());
}

void append(Stretch& to, const Stretch& more) {
  to.path.insert(to.path.end(), more.path.begin() + 1, more.path.end());
  to.length_m += more.length_m;
  to.off_m = std::max(to.off_m, more.off_m);
  to.beside_m += more.beside_m;
}

}  // namespace

std::vector<Stretch> EdgeNamer::name(const geo::Ring& ring) const {
  const geo::Ring points = prepared(ring);
  if (points.size() < 3) return {};
  std::vector<std::vector<Near>> at_point;
  for (const Point p : points) at_point.push_back(index_->near(p));
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t j = (i + 1) % points.size();
    const std::vector<Near> half_way = index_->near(middle(points[i], points[j]));
    const std::vector<Near>* const three[] = {&at_point[i], &half_way, &at_point[j]};
    Edge edge{points[i], points[j], geo::flat_distance_m(points[i], points[j]), near_all(three)};
    edge.lines.push_back({kUnnamed, 0});
    edges.push_back(std::move(edge));
  }
  // A corner where no line goes on is a safe place to cut the ring open.
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (share_exact(edges[(i + edges.size() - 1) % edges.size()].lines, edges[i].lines)) continue;
    std::rotate(edges.begin(), edges.begin() + static_cast<std::ptrdiff_t>(i), edges.end());
    break;
  }
  const std::vector<std::size_t> chosen =
      choose(edges, index_->options.switch_m, [&](const Near& n, double length) { return index_->cost(n, length); });
  std::vector<Stretch> chain;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Near& n = edges[i].lines[chosen[i]];
    const double beside_m = n.off_m > kExact_m ? edges[i].length_m : 0;
    Stretch one{n.line, {edges[i].a, edges[i].b}, edges[i].length_m, n.off_m, beside_m};
    if (!chain.empty() && chain.back().line == n.line)
      append(chain.back(), one);
    else
      chain.push_back(std::move(one));
  }
  if (chain.size() > 1 && chain.front().line == chain.back().line) {
    append(chain.back(), chain.front());
    chain.erase(chain.begin());
  }
  start_north_west(chain);
  return chain;
}

}  // namespace catchment::engine::zone_text
