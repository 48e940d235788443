#include "engine/planning/city/unit_borders.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "geo/projection.hpp"
#include "geo/segment_grid.hpp"

namespace catchment::engine::planning {
namespace {

using geo::Point;
using geo::Segment;

// Vertices that an overlay rounded to whole units lie this near the edge they were on, in units.
constexpr double kOnEdge = 0.75;
// A border runs along barriers if this share of it does: its ends turn off at the corners of units.
constexpr double kWhole = 0.95;
constexpr double kStep_m = 20;        // a border is looked at this often
constexpr double kAlongCosine = 0.7;  // and runs along a barrier within 45 degrees of its direction

// Place of p along a -> b, 0 to 1, and how far off it is; in whatever units the scale makes of them.
struct Foot {
  double along = 0, distance = 0;
};
Foot foot_on(Point a, Point b, Point p, double lon_scale, double lat_scale) {
  const double bx = (static_cast<double>(b.lon) - a.lon) * lon_scale;
  const double by = (static_cast<double>(b.lat) - a.lat) * lat_scale;
  const double px = (static_cast<double>(p.lon) - a.lon) * lon_scale;
  const double py = (static_cast<double>(p.lat) - a.lat) * lat_scale;
  const double length2 = bx * bx + by * by;
  const double t = length2 > 0 ? std::clamp((px * bx + py * by) / length2, 0.0, 1.0) : 0;
  return {t, std::hypot(px - t * bx, py - t * by)};
}

int sign_of(std::int64_t x) { return (x > 0) - (x < 0); }

// The grid answers only within the box of what it holds: two more pieces make room for the reach. Their numbers come
// last.
geo::SegmentGrid make_grid(std::vector<Segment> segments, double reach) {
  geo::Box box;
  for (const Segment& s : segments) box.extend(s.a), box.extend(s.b);
  if (!box.empty()) {
    const auto far = static_cast<std::int32_t>(std::ceil(reach)) + 1;
    const Point low{box.min.lon - far, box.min.lat - far}, high{box.max.lon + far, box.max.lat + far};
    segments.push_back({low, low});
    segments.push_back({high, high});
  }
  return {segments, reach};
}

// A piece of a unit's edge between two vertices of whatever unit.
struct EdgePiece {
  Point low, high;
  UnitIndex unit = 0;
};

std::vector<EdgePiece> cut_edges(std::span<const geo::MultiPolygon* const> shapes) {
  std::vector<Segment> edges;
  std::vector<UnitIndex> unit_of;
  std::vector<Point> vertices;
  for (UnitIndex u = 0; u < shapes.size(); ++u) {
    if (shapes[u] == nullptr) continue;
    geo::for_each_ring(*shapes[u], [&](const geo::Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point next = ring[i + 1 == ring.size() ? 0 : i + 1];
        if (ring[i] == next) continue;
        edges.push_back({ring[i], next});
        unit_of.push_back(u);
        vertices.push_back(ring[i]);
      }
    });
  }
  std::ranges::sort(vertices);
  vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
  const geo::SegmentGrid grid(edges, 1);
  std::vector<std::vector<Point>> inner(edges.size());
  for (const Point v : vertices) {
    for (const std::uint32_t e : grid.near(v)) {
      if (v != edges[e].a && v != edges[e].b && foot_on(edges[e].a, edges[e].b, v, 1, 1).distance <= kOnEdge) {
        inner[e].push_back(v);
      }
    }
  }
  std::vector<EdgePiece> pieces;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const Point a = edges[e].a;
    const Point b = edges[e].b;
    std::ranges::sort(inner[e], {}, [&](Point p) { return std::pair(foot_on(a, b, p, 1, 1).along, p); });
    inner[e].push_back(b);
    Point from = a;
    for (const Point to : inner[e]) {
      if (from != to) pieces.push_back({std::min(from, to), std::max(from, to), unit_of[e]});
      from = to;
    }
  }
  return pieces;
}

}  // namespace

std::vector<CityBorder> find_borders(std::span<const geo::MultiPolygon* const> shapes, const BorderGround* ground) {
  std::vector<EdgePiece> pieces = cut_edges(shapes);
  const auto key = [](const EdgePiece& p) { return std::tuple(p.low, p.high, p.unit); };
  std::ranges::sort(pieces, {}, key);
  std::map<std::pair<UnitIndex, UnitIndex>, std::vector<BorderGround::Piece>> shared;
  for (std::size_t i = 0; i < pieces.size();) {
    std::size_t end = i;
    while (end < pieces.size() && pieces[end].low == pieces[i].low && pieces[end].high == pieces[i].high) ++end;
    for (std::size_t a = i; a < end; ++a) {
      if (a > i && pieces[a].unit == pieces[a - 1].unit) continue;
      for (std::size_t b = a + 1; b < end; ++b) {
        if (pieces[b].unit == pieces[a].unit || pieces[b].unit == pieces[b - 1].unit) continue;
        shared[{pieces[a].unit, pieces[b].unit}].push_back({pieces[i].low, pieces[i].high});
      }
    }
    i = end;
  }
  std::vector<CityBorder> borders;
  for (const auto& [units, border] : shared) {
    double length_m = 0;
    for (const auto& piece : border) length_m += geo::geodesic_length_m(piece.from, piece.to);
    borders.push_back({units.first, units.second, length_m, ground == nullptr || ground->passable(border)});
  }
  return borders;
}

struct BorderGround::Impl {
  BorderOptions options;
  std::vector<Segment> segments;       // of barriers
  std::vector<std::uint32_t> line_of;  // their barriers
  std::vector<Point> crossings;        // sorted
  std::vector<std::uint32_t> crossed;  // the barrier each leads over
  std::unique_ptr<geo::SegmentGrid> near_barriers;
  std::unique_ptr<geo::SegmentGrid> near_crossings;

  void add_crossings(std::span<const geo::StreetLine> streets, std::span<const geo::BarrierLine> barriers);
  void look(Point p, Point from, Point to, std::vector<std::uint32_t>& beside) const;
};

namespace {

// On which sides of a barrier streets leave a place on it.
enum Side : unsigned { kLeft = 1, kRight = 2 };

class CrossingFinder {
 public:
  explicit CrossingFinder(std::span<const geo::BarrierLine> barriers) : barriers_(barriers) {}

  // Segment i of a barrier, and a street's p -> q.
  void meet(std::uint32_t barrier, std::size_t i, Point p, Point q) {
    const auto shape = barriers_[barrier].shape;
    const Point a = shape[i];
    const Point b = shape[i + 1];
    const int side_p = sign_of(geo::cross(a, b, p)), side_q = sign_of(geo::cross(a, b, q));
    const int side_a = sign_of(geo::cross(p, q, a)), side_b = sign_of(geo::cross(p, q, b));
    if (side_p * side_q < 0 && side_a * side_b < 0) {
      sides_[{barrier, meeting(a, b, p, q)}] = kLeft | kRight;
      return;
    }
    if (side_p == 0 && geo::on_segment(a, b, p)) add_arm(barrier, i, p, q);
    if (side_q == 0 && geo::on_segment(a, b, q)) add_arm(barrier, i, q, p);
    for (const Point v : {a, b}) {  // a vertex of the barrier within the street
      if (v == p || v == q || !geo::on_segment(p, q, v)) continue;
      add_arm(barrier, i, v, p);
      add_arm(barrier, i, v, q);
    }
  }

  template <class Visit>
  void for_each_crossing(Visit&& visit) const {
    for (const auto& [place, sides] : sides_) {
      if (sides == (kLeft | kRight)) visit(place.first, place.second);
    }
  }

 private:
  static Point meeting(Point a, Point b, Point p, Point q) {
    const auto from_line = static_cast<double>(geo::cross(a, b, p));
    const double t = from_line / (from_line - static_cast<double>(geo::cross(a, b, q)));
    return {static_cast<std::int32_t>(std::lround(p.lon + t * (static_cast<double>(q.lon) - p.lon))),
            static_cast<std::int32_t>(std::lround(p.lat + t * (static_cast<double>(q.lat) - p.lat)))};
  }

  // A street leaves `at`, on segment i of the barrier, towards `to`.
  void add_arm(std::uint32_t barrier, std::size_t i, Point at, Point to) {
    const auto shape = barriers_[barrier].shape;
    const std::size_t vertex = at == shape[i] ? i : at == shape[i + 1] ? i + 1 : 0;
    int side = sign_of(geo::cross(shape[i], shape[i + 1], to));
    if (vertex > 0 && vertex + 1 < shape.size()) {
      const Point before = shape[vertex - 1];
      const Point after = shape[vertex + 1];
      const int first = sign_of(geo::cross(before, at, to)), second = sign_of(geo::cross(at, after, to));
      const int turn = sign_of(geo::cross(before, at, after));
      const auto along = [&](Point end) { return geo::cross(at, end, to) == 0 && ahead(at, end, to); };
      if (along(before) || along(after)) {
        side = 0;
      } else if (turn > 0) {
        side = first > 0 && second > 0 ? 1 : -1;
      } else if (turn < 0) {
        side = first < 0 && second < 0 ? -1 : 1;
      } else {
        side = first;
      }
    }
    if (side != 0) sides_[{barrier, at}] |= side > 0 ? kLeft : kRight;
  }

  static bool ahead(Point at, Point end, Point to) {
    const auto dot = (std::int64_t{end.lon} - at.lon) * (std::int64_t{to.lon} - at.lon) +
                     (std::int64_t{end.lat} - at.lat) * (std::int64_t{to.lat} - at.lat);
    return dot > 0;
  }

  std::span<const geo::BarrierLine> barriers_;
  std::map<std::pair<std::uint32_t, Point>, unsigned> sides_;
};

}  // namespace

void BorderGround::Impl::add_crossings(std::span<const geo::StreetLine> streets,
                                       std::span<const geo::BarrierLine> barriers) {
  std::vector<Segment> all;
  struct Origin {
    std::uint32_t line = 0, place = 0;
    bool barrier = false;
  };
  std::vector<Origin> origins;
  const auto add_all = [&](const auto& lines, bool barrier) {
    for (std::uint32_t l = 0; l < lines.size(); ++l) {
      for (std::uint32_t i = 0; i + 1 < lines[l].shape.size(); ++i) {
        if (lines[l].shape[i] == lines[l].shape[i + 1]) continue;
        all.push_back({lines[l].shape[i], lines[l].shape[i + 1]});
        origins.push_back({l, i, barrier});
      }
    }
  };
  add_all(barriers, true);
  const std::size_t first_street = all.size();
  add_all(streets, false);
  const geo::SegmentGrid grid(all, 0);
  CrossingFinder finder(barriers);
  for (std::size_t c = 0; c < grid.cell_count(); ++c) {
    const auto members = grid.cell(c);  // ascending: barriers first
    for (std::size_t i = 0; i < members.size() && members[i] < first_street; ++i) {
      for (std::size_t j = members.size(); j-- > 0 && members[j] >= first_street;) {
        finder.meet(origins[members[i]].line, origins[members[i]].place, all[members[j]].a, all[members[j]].b);
      }
    }
  }
  finder.for_each_crossing([&](std::uint32_t barrier, Point at) {
    crossings.push_back(at);
    crossed.push_back(barrier);
  });
}

BorderGround::BorderGround(std::span<const geo::StreetLine> streets, std::span<const geo::BarrierLine> barriers,
                           const BorderOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  for (std::uint32_t l = 0; l < barriers.size(); ++l) {
    for (std::size_t i = 0; i + 1 < barriers[l].shape.size(); ++i) {
      impl->segments.push_back({barriers[l].shape[i], barriers[l].shape[i + 1]});
      impl->line_of.push_back(l);
    }
  }
  impl->add_crossings(streets, barriers);
  std::vector<Segment> places;
  for (const Point p : impl->crossings) places.push_back({p, p});
  // The finest scale a reach can have in units: of longitude, as far north or south as the city goes.
  double unit_m = geo::local_scale(0).lat_m;
  for (const Segment& s : impl->segments) unit_m = std::min(unit_m, geo::local_scale(s.a.lat).lon_m);
  unit_m = std::max(unit_m, 1e-4);
  impl->near_barriers = std::make_unique<geo::SegmentGrid>(make_grid(impl->segments, options.beside_m / unit_m));
  impl->near_crossings =
      std::make_unique<geo::SegmentGrid>(make_grid(std::move(places), (options.reach_m + kStep_m) / unit_m));
  impl_ = std::move(impl);
}

BorderGround::~BorderGround() = default;

// Adds the barriers that p, amid from -> to, runs along.
void BorderGround::Impl::look(Point p, Point from, Point to, std::vector<std::uint32_t>& beside) const {
  const geo::LocalScale scale = geo::local_scale(p.lat);
  const auto direction = [&](Point a, Point b) {
    const double x = (static_cast<double>(b.lon) - a.lon) * scale.lon_m;
    const double y = (static_cast<double>(b.lat) - a.lat) * scale.lat_m;
    const double length = std::hypot(x, y);
    return length > 0 ? std::pair(x / length, y / length) : std::pair(0.0, 0.0);
  };
  const auto [px, py] = direction(from, to);
  for (const std::uint32_t s : near_barriers->near(p)) {
    if (s >= segments.size()) continue;
    if (foot_on(segments[s].a, segments[s].b, p, scale.lon_m, scale.lat_m).distance > options.beside_m) continue;
    const auto [bx, by] = direction(segments[s].a, segments[s].b);
    if (std::fabs(px * bx + py * by) >= kAlongCosine) beside.push_back(line_of[s]);
  }
}

bool BorderGround::passable(std::span<const Piece> border) const {
  double all_m = 0, beside_m = 0;
  std::vector<std::uint32_t> found, barriers;
  struct Sample {
    Point at;
    double length_m = 0;
  };
  std::vector<Sample> samples;
  for (const Piece& piece : border) {
    const double length_m = geo::flat_distance_m(piece.from, piece.to);
    const int steps = std::max(1, static_cast<int>(std::ceil(length_m / kStep_m)));
    for (int i = 0; i < steps; ++i) {
      const double t = (i + 0.5) / steps;
      const Point at{static_cast<std::int32_t>(
                         std::lround(piece.from.lon + t * (static_cast<double>(piece.to.lon) - piece.from.lon))),
                     static_cast<std::int32_t>(
                         std::lround(piece.from.lat + t * (static_cast<double>(piece.to.lat) - piece.from.lat)))};
      found.clear();
      impl_->look(at, piece.from, piece.to, found);
      all_m += length_m / steps;
      if (!found.empty()) beside_m += length_m / steps;
      barriers.insert(barriers.end(), found.begin(), found.end());
      samples.push_back({at, length_m / steps});
    }
  }
  if (beside_m < kWhole * all_m) return true;
  std::ranges::sort(barriers);
  for (const Sample& sample : samples) {
    for (const std::uint32_t c : impl_->near_crossings->near(sample.at)) {
      if (c >= impl_->crossed.size()) continue;
      if (!std::binary_search(barriers.begin(), barriers.end(), impl_->crossed[c])) continue;
      const double reach = impl_->options.reach_m + sample.length_m / 2;
      if (geo::flat_distance_m(sample.at, impl_->crossings[c]) <= reach) return true;
    }
  }
  return false;
}

}  // namespace catchment::engine::planning
