#include "geo/street_network/snap_index.hpp"

#include <algorithm>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <cmath>

namespace catchment::geo {
namespace {

namespace bg = boost::geometry;
using TreePoint = bg::model::point<std::int32_t, 2, bg::cs::cartesian>;
using TreeBox = bg::model::box<TreePoint>;
using Tree = bg::index::rtree<std::pair<TreeBox, std::uint32_t>, bg::index::rstar<16>>;

// Relative to the network's south-western corner: packing the tree adds coordinates two by two, which would overflow.
TreeBox tree_box(const Box& all, const Box& box) {
  const auto clamp = [](std::int32_t v, std::int32_t low, std::int32_t high) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(v, low, high) - low);
  };
  return {{clamp(box.min.lon, all.min.lon, all.max.lon), clamp(box.min.lat, all.min.lat, all.max.lat)},
          {clamp(box.max.lon, all.min.lon, all.max.lon), clamp(box.max.lat, all.min.lat, all.max.lat)}};
}

Box box_of(Point a, Point b) {
  Box box;
  box.extend(a);
  box.extend(b);
  return box;
}

int turn_sign(std::int64_t v) { return (v > 0) - (v < 0); }
int side(Point a, Point b, Point p) { return turn_sign(cross(a, b, p)); }

// Within about a unit of the closed segment c d: where a rounded place counts as on it.
bool touches(Point c, Point d, Point p) {
  if (p.lon < std::min(c.lon, d.lon) - 1 || p.lon > std::max(c.lon, d.lon) + 1) return false;
  if (p.lat < std::min(c.lat, d.lat) - 1 || p.lat > std::max(c.lat, d.lat) + 1) return false;
  const double dx = static_cast<double>(d.lon) - c.lon;
  const double dy = static_cast<double>(d.lat) - c.lat;
  return std::fabs(static_cast<double>(cross(c, d, p))) <= std::sqrt(dx * dx + dy * dy);
}

// The straight way from p to f crosses the barrier c d, which does not touch f. A barrier's vertex on the way counts as
// left of it, so a line of barriers is crossed as often as it changes sides.
bool crosses(Point p, Point f, const BarrierPiece& b) {
  return (cross(p, f, b.a) >= 0) != (cross(p, f, b.b) >= 0) && side(b.a, b.b, p) * side(b.a, b.b, f) < 0;
}

struct ArmAt {
  Point towards;
  WalkKey key;
};

// Directions from o in order, counter-clockwise from east: negative if p's comes before q's.
int half_of(Point o, Point p) { return p.lat > o.lat || (p.lat == o.lat && p.lon > o.lon) ? 0 : 1; }
int compare(Point o, Point p, Point q) {
  const int hp = half_of(o, p);
  const int hq = half_of(o, q);
  if (hp != hq) return hp < hq ? -1 : 1;
  return -turn_sign(cross(o, p, q));
}

// What is crossed between the sectors that hold the directions of p and q; `q_side` says which side of q's direction is
// meant where that is an arm's own. A direction along an arm belongs to both sides otherwise.
WalkKey crossed_at(Point o, std::vector<ArmAt> arms, Point p, Point q, int q_side) {
  const auto order = [&](const ArmAt& x, const ArmAt& y) { return compare(o, x.towards, y.towards); };
  std::sort(arms.begin(), arms.end(), [&](const ArmAt& x, const ArmAt& y) {
    const int c = order(x, y);
    return c != 0 ? c < 0 : x.key < y.key;
  });
  arms.erase(std::unique(arms.begin(), arms.end(),
                         [&](const ArmAt& x, const ArmAt& y) { return order(x, y) == 0 && x.key == y.key; }),
             arms.end());
  if (arms.empty() || order(arms.front(), arms.back()) == 0) return {};
  // Going around from q to p, either way; the smaller sum counts.
  WalkKey counter;
  WalkKey clockwise;
  for (const ArmAt& arm : arms) {
    const int to_q = compare(o, arm.towards, q);
    const int to_p = compare(o, arm.towards, p);
    if (to_p == 0) continue;
    if (to_q == 0 && q_side == 0) continue;
    const bool q_before_p = compare(o, q, p) <= 0;
    const bool after_q = to_q > 0 || (to_q == 0 && q_side < 0);  // an arm right of it is passed going left
    const bool between = q_before_p ? after_q && to_p < 0 : after_q || to_p < 0;
    (between ? counter : clockwise) = (between ? counter : clockwise) + arm.key;
  }
  return std::min(counter, clockwise);
}

}  // namespace

struct SnapIndex::Trees {
  Tree streets;   // by the first vertex of the stretch
  Tree barriers;  // by number
};

SnapIndex::SnapIndex(const Graph& graph) : graph_(graph), trees_(std::make_unique<Trees>()) {
  for (const Point p : graph.vertices) box_.extend(p);
  for (const BarrierPiece& barrier : graph.barriers) box_.extend(box_of(barrier.a, barrier.b));
  std::vector<Tree::value_type> values;
  values.reserve(graph.vertices.size());
  for (std::uint32_t e = 0; e < graph.edges.size(); ++e) {
    for (std::uint32_t v = graph.edges[e].first_vertex; v + 1 < graph.end_vertex(e); ++v) {
      values.emplace_back(tree_box(box_, box_of(graph.vertices[v], graph.vertices[v + 1])), v);
    }
  }
  trees_->streets = Tree(values.begin(), values.end());
  values.clear();
  for (std::uint32_t b = 0; b < graph.barriers.size(); ++b) {
    values.emplace_back(tree_box(box_, box_of(graph.barriers[b].a, graph.barriers[b].b)), b);
  }
  trees_->barriers = Tree(values.begin(), values.end());
}

SnapIndex::~SnapIndex() = default;

std::optional<Foot> SnapIndex::find(Point p, double limit_m, double min_component_m, bool across) const {
  std::optional<Foot> barred;
  for (double radius = std::min(limit_m, 30.0);; radius = std::min(limit_m, radius * 3)) {
    barred.reset();
    for (Foot& foot : feet(p, radius, min_component_m)) {
      const WalkKey over = crossed(p, foot);
      foot.key = WalkKey::of_length(static_cast<std::uint64_t>(std::ceil(foot.distance_m * 1000))) + over;
      if (over == WalkKey()) return foot;
      if (!barred || (foot.distance_m == barred->distance_m && foot.key < barred->key)) barred = foot;
    }
    if (!(radius < limit_m)) break;
  }
  return across ? barred : std::nullopt;
}

// Those within the radius, nearest first.
std::vector<Foot> SnapIndex::feet(Point p, double radius_m, double min_component_m) const {
  const LocalScale scale = local_scale(p.lat);
  const double reach_lon = std::min(radius_m / std::max(scale.lon_m, 1e-6) + 1, 1e9);
  const double reach_lat = std::min(radius_m / scale.lat_m + 1, 1e9);
  Box query;  // within the network's box, so that no sum of units overflows
  const auto clamp = [](double v, std::int32_t low, std::int32_t high) {
    return static_cast<std::int32_t>(std::clamp(v, static_cast<double>(low), static_cast<double>(high)));
  };
  if (box_.empty() || p.lon + reach_lon < box_.min.lon || p.lon - reach_lon > box_.max.lon ||
      p.lat + reach_lat < box_.min.lat || p.lat - reach_lat > box_.max.lat) {
    return {};
  }
  query.min = {clamp(p.lon - reach_lon, box_.min.lon, box_.max.lon),
               clamp(p.lat - reach_lat, box_.min.lat, box_.max.lat)};
  query.max = {clamp(p.lon + reach_lon, box_.min.lon, box_.max.lon),
               clamp(p.lat + reach_lat, box_.min.lat, box_.max.lat)};
  std::vector<Foot> found;
  const auto take = [&](const Tree::value_type& value) {
    const std::uint32_t v = value.second;
    const Point a = graph_.vertices[v];
    const Point b = graph_.vertices[v + 1];
    const double bx = (static_cast<double>(b.lon) - a.lon) * scale.lon_m;
    const double by = (static_cast<double>(b.lat) - a.lat) * scale.lat_m;
    const double px = (static_cast<double>(p.lon) - a.lon) * scale.lon_m;
    const double py = (static_cast<double>(p.lat) - a.lat) * scale.lat_m;
    const double square = bx * bx + by * by;
    const double t = square > 0 ? std::clamp((px * bx + py * by) / square, 0.0, 1.0) : 0.0;
    Foot foot{0, v, a, 0, {}};
    if (t >= 1) {
      foot.at = b;
    } else {
      foot.at.lon += static_cast<std::int32_t>(std::nearbyint(t * (static_cast<double>(b.lon) - a.lon)));
      foot.at.lat += static_cast<std::int32_t>(std::nearbyint(t * (static_cast<double>(b.lat) - a.lat)));
    }
    foot.distance_m = stretch_m(p, foot.at);
    if (!(foot.distance_m <= radius_m)) return;
    const auto next = std::upper_bound(graph_.edges.begin(), graph_.edges.end(), v,
                                       [](std::uint32_t x, const GraphEdge& e) { return x < e.first_vertex; });
    foot.edge = static_cast<std::uint32_t>(next - graph_.edges.begin()) - 1;
    const GraphComponent& component = graph_.components[graph_.component_of[graph_.edges[foot.edge].from]];
    if (component.length_m >= min_component_m) found.push_back(foot);
  };
  std::for_each(trees_->streets.qbegin(bg::index::intersects(tree_box(box_, query))), trees_->streets.qend(), take);
  std::sort(found.begin(), found.end(), [](const Foot& x, const Foot& y) {
    return x.distance_m != y.distance_m ? x.distance_m < y.distance_m : x.vertex < y.vertex;
  });
  return found;
}

WalkKey SnapIndex::crossed(Point p, const Foot& foot) const {
  if (p == foot.at) return {};
  const Point f = foot.at;
  const Point a = graph_.vertices[foot.vertex];
  const Point b = graph_.vertices[foot.vertex + 1];
  const int edge_side = static_cast<int>(graph_.edges[foot.edge].side);
  // The street as seen from its foot: towards `inner`; what lies left of a -> b lies right of b -> a.
  const bool from_a = std::max(std::abs(std::int64_t{f.lon} - a.lon), std::abs(std::int64_t{f.lat} - a.lat)) <=
                      std::max(std::abs(std::int64_t{f.lon} - b.lon), std::abs(std::int64_t{f.lat} - b.lat));
  const Point inner = from_a ? b : a;
  const int inner_side = from_a ? edge_side : -edge_side;

  WalkKey sum;
  std::vector<ArmAt> arms;
  const auto take = [&](const Tree::value_type& value) {
    const BarrierPiece& barrier = graph_.barriers[value.second];
    const WalkKey key = WalkKey::of_crossing(barrier.kind);
    const bool own = edge_side != 0 && touches(barrier.a, barrier.b, a) && touches(barrier.a, barrier.b, b);
    if (own && f != barrier.a && f != barrier.b) {
      if (side(a, b, p) * edge_side < 0) sum = sum + key;
    } else if (on_segment(barrier.a, barrier.b, f)) {
      if (f != barrier.a) arms.push_back({barrier.a, key});
      if (f != barrier.b) arms.push_back({barrier.b, key});
    } else if (touches(barrier.a, barrier.b, f)) {
      if (side(barrier.a, barrier.b, p) * side(barrier.a, barrier.b, inner) < 0) sum = sum + key;
    } else if (crosses(p, f, barrier)) {
      sum = sum + key;
    }
  };
  Box way = box_of(p, f);  // and a unit around it; the foot lies within the network's box
  way.min = {way.min.lon - 1, way.min.lat - 1};
  way.max = {way.max.lon + 1, way.max.lat + 1};
  std::for_each(trees_->barriers.qbegin(bg::index::intersects(tree_box(box_, way))), trees_->barriers.qend(), take);
  if (!arms.empty() && inner != f) sum = sum + crossed_at(f, std::move(arms), p, inner, inner_side);
  return sum;
}

}  // namespace catchment::geo
