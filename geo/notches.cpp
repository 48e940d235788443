#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "geo/cover_findings.hpp"
#include "geo/segment_grid.hpp"

namespace catchment::geo {
namespace {

struct Vector {
  double x = 0;
  double y = 0;
};
double dot(Vector a, Vector b) { return a.x * b.x + a.y * b.y; }
double turn(Vector a, Vector b) { return a.x * b.y - a.y * b.x; }

// One end of the stretch where two edges face each other.
struct StretchEnd {
  std::uint32_t node = 0;  // the vertex that ends it
  double apart_m = 0;
  Point on_p;
  Point on_q;
};

// Two edges that face each other across uncovered ground, nearly parallel.
struct Facing {
  HalfEdge p = 0;
  HalfEdge q = 0;
  StretchEnd ends[2];
  double length_m = 0;
  bool widens = false;  // one end is wider apart than a sliver: an ordinary corner
};

class NotchFinder {
 public:
  NotchFinder(const CoverArrangement& cover, const std::vector<bool>& faces, double width_m)
      : cover_(cover), faces_(faces), width_m_(width_m) {}

  std::vector<Notch> find() {
    collect();
    pair_up();
    link();
    std::map<std::size_t, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < facing_.size(); ++i) groups[root(i)].push_back(i);
    std::vector<Notch> out;
    for (const auto& [first, members] : groups) {
      const bool corner = std::any_of(members.begin(), members.end(), [&](std::size_t i) { return facing_[i].widens; });
      Notch notch = corner ? Notch{} : describe(members);
      if (!corner && notch.width_m > 0 && notch.length_m >= kSlender * notch.width_m) out.push_back(std::move(notch));
    }
    std::sort(out.begin(), out.end(),
              [](const Notch& a, const Notch& b) { return std::tie(a.zones, a.place) < std::tie(b.zones, b.place); });
    return out;
  }

 private:
  static constexpr double kSlender = 3.0;  // times longer than wide
  static constexpr double kParallel =
      0.96593;  // cosine of 15 degrees: an edge pair at that angle is 3.7 times longer than wide

  void collect() {
    std::vector<Segment> segments;
    double lon_m = 1;
    previous_.resize(cover_.next.size());
    for (HalfEdge h = 0; h < cover_.next.size(); ++h) {
      previous_[cover_.next[h]] = h;
      if (!faces_[cover_.face_of[h]]) continue;
      edges_.push_back(h);
      const Point a = cover_.nodes[cover_.start(h)].point;
      segments.push_back({a, cover_.nodes[cover_.start(h ^ 1u)].point});
      lon_m = std::min(lon_m, local_scale(a.lat).lon_m);
    }
    if (edges_.empty()) return;
    const SegmentGrid grid(segments, width_m_ / std::max(lon_m, 1e-4) / 2 + 2);
    for (std::size_t c = 0; c < grid.cell_count(); ++c) {
      const auto members = grid.cell(c);
      for (std::size_t i = 0; i < members.size(); ++i) {
        for (std::size_t j = i + 1; j < members.size(); ++j) {
          const HalfEdge p = std::min(edges_[members[i]], edges_[members[j]]);
          const HalfEdge q = std::max(edges_[members[i]], edges_[members[j]]);
          if (may_face(p, q)) pairs_.emplace_back(p, q);
        }
      }
    }
    std::sort(pairs_.begin(), pairs_.end());
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
  }

  Vector at(std::uint32_t node, const LocalScale& scale) const {
    return {cover_.nodes[node].x * scale.lon_m, cover_.nodes[node].y * scale.lat_m};
  }
  std::uint32_t start(HalfEdge h) const { return cover_.start(h); }
  std::uint32_t end(HalfEdge h) const { return cover_.start(h ^ 1u); }

  std::vector<ZoneNumber> zones_behind(HalfEdge h) const {
    std::vector<ZoneNumber> out;
    for (const EdgeUse use : cover_.uses_of(h)) {
      if (!cover_.on_left(use, h)) out.push_back(use.zone);
    }
    return out;
  }

  bool may_face(HalfEdge p, HalfEdge q) const {
    if (cover_.face_of[p] != cover_.face_of[q]) return false;
    const CoverNode& pa = cover_.nodes[start(p)];
    const CoverNode& pb = cover_.nodes[end(p)];
    const CoverNode& qa = cover_.nodes[start(q)];
    const CoverNode& qb = cover_.nodes[end(q)];
    const LocalScale scale = local_scale(pa.point.lat);
    const Vector u{(pb.x - pa.x) * scale.lon_m, (pb.y - pa.y) * scale.lat_m};
    const Vector v{(qb.x - qa.x) * scale.lon_m, (qb.y - qa.y) * scale.lat_m};
    if (dot(u, v) >= -kParallel * std::hypot(u.x, u.y) * std::hypot(v.x, v.y)) return false;
    return zones_behind(p) != zones_behind(q);
  }

  void pair_up() {
    for (const auto& [p, q] : pairs_) {
      const LocalScale scale = local_scale(cover_.nodes[start(p)].point.lat);
      const Vector p0 = at(start(p), scale);
      const Vector p1 = at(end(p), scale);
      const double length = std::hypot(p1.x - p0.x, p1.y - p0.y);
      const Vector u{(p1.x - p0.x) / length, (p1.y - p0.y) / length};
      const auto along = [&](std::uint32_t node) {
        const Vector v = at(node, scale);
        return Vector{dot(u, {v.x - p0.x, v.y - p0.y}), turn(u, {v.x - p0.x, v.y - p0.y})};
      };
      const Vector qs = along(start(q));  // x along p, y to its left, where the uncovered ground is
      const Vector qe = along(end(q));
      const double lo = std::max(0.0, qe.x);
      const double hi = std::min(length, qs.x);
      if (hi - lo < 1e-6 || qs.x - qe.x < 1e-9) continue;
      const auto apart = [&](double s) { return qe.y + (qs.y - qe.y) * (s - qe.x) / (qs.x - qe.x); };
      constexpr double kRounding = 1e-5;
      if (apart(lo) < -kRounding || apart(hi) < -kRounding) continue;
      if (std::min(apart(lo), apart(hi)) > width_m_) continue;
      Facing facing{p, q, {}, hi - lo, std::max(apart(lo), apart(hi)) > width_m_};
      for (const bool far : {false, true}) {
        const double s = far ? hi : lo;
        const bool by_p = far ? length <= qs.x : qe.x <= 0;
        const std::uint32_t node = by_p ? (far ? end(p) : start(p)) : (far ? start(q) : end(q));
        const double on_q = (s - qe.x) / (qs.x - qe.x);
        facing.ends[far ? 1 : 0] = {node, std::max(0.0, apart(s)), along_edge(p, s / length), along_edge(q, 1 - on_q)};
      }
      facing_.push_back(facing);
    }
  }

  Point along_edge(HalfEdge h, double part) const {
    const CoverNode& a = cover_.nodes[start(h)];
    const CoverNode& b = cover_.nodes[end(h)];
    return {static_cast<std::int32_t>(cover_.origin.lon + std::int64_t(std::nearbyint(a.x + (b.x - a.x) * part))),
            static_cast<std::int32_t>(cover_.origin.lat + std::int64_t(std::nearbyint(a.y + (b.y - a.y) * part)))};
  }

  // Joins stretches that follow each other along both edges.
  void link() {
    parent_.resize(facing_.size());
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    std::multimap<HalfEdge, std::size_t> of_edge;
    for (std::size_t i = 0; i < facing_.size(); ++i) {
      of_edge.emplace(facing_[i].p, i);
      of_edge.emplace(facing_[i].q, i);
    }
    const auto adjacent = [&](HalfEdge g, HalfEdge h) { return g == h || cover_.next[g] == h || previous_[g] == h; };
    for (std::size_t i = 0; i < facing_.size(); ++i) {
      const Facing& f = facing_[i];
      for (const HalfEdge e : {f.p, cover_.next[f.p], previous_[f.p]}) {
        for (auto [it, last] = of_edge.equal_range(e); it != last; ++it) {
          const Facing& g = facing_[it->second];
          const HalfEdge other = g.p == e ? g.q : g.p;
          if (adjacent(other, f.q)) parent_[root(i)] = root(it->second);
        }
      }
    }
  }
  std::size_t root(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }

  Notch describe(const std::vector<std::size_t>& members) const {
    Notch notch;
    std::map<std::uint32_t, int> ends_at;
    for (const std::size_t i : members) {
      for (const StretchEnd& e : facing_[i].ends) ++ends_at[e.node];
    }
    for (const std::size_t i : members) {
      const Facing& f = facing_[i];
      for (const HalfEdge h : {f.p, f.q}) {
        const auto behind = zones_behind(h);
        notch.zones.insert(notch.zones.end(), behind.begin(), behind.end());
      }
      notch.length_m += f.length_m;
      notch.area_m2 += f.length_m * (f.ends[0].apart_m + f.ends[1].apart_m) / 2;
      for (const StretchEnd& e : f.ends) {
        if (e.apart_m > notch.width_m) {
          notch.width_m = e.apart_m;
          notch.place = cover_.nodes[e.node].point;
        }
        if (e.apart_m > 1e-4 && ends_at[e.node] == 1) notch.mouths.push_back(mouth(f, e));
      }
      notch.shape.push_back({{f.ends[0].on_p, f.ends[1].on_p, f.ends[1].on_q, f.ends[0].on_q}, {}});
      Ring& ring = notch.shape.back().shell;
      ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
      if (ring.front() == ring.back()) ring.pop_back();
    }
    std::sort(notch.zones.begin(), notch.zones.end());
    notch.zones.erase(std::unique(notch.zones.begin(), notch.zones.end()), notch.zones.end());
    return notch;
  }

  // Across the notch, from vertex to vertex where there is one no farther off than the notch is wide.
  Polyline mouth(const Facing& f, const StretchEnd& e) const {
    const auto snapped = [&](Point p, HalfEdge h) {
      for (const std::uint32_t node : {start(h), end(h)}) {
        if (flat_distance_m(p, cover_.nodes[node].point) <= 2 * e.apart_m + 0.05) return cover_.nodes[node].point;
      }
      return p;
    };
    return {snapped(e.on_p, f.p), snapped(e.on_q, f.q)};
  }

  const CoverArrangement& cover_;
  const std::vector<bool>& faces_;
  double width_m_;
  std::vector<HalfEdge> edges_;
  std::vector<HalfEdge> previous_;
  std::vector<std::pair<HalfEdge, HalfEdge>> pairs_;
  std::vector<Facing> facing_;
  std::vector<std::size_t> parent_;
};

}  // namespace

std::vector<Notch> find_notches(const CoverArrangement& cover, const std::vector<bool>& faces, double width_m) {
  return NotchFinder(cover, faces, width_m).find();
}

}  // namespace catchment::geo
