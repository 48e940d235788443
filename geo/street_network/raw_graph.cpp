#include "geo/street_network/raw_graph.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace catchment::geo {
namespace {

struct Arm {  // a barrier leaves a street vertex towards a place
  std::uint32_t vertex = 0;
  Point towards;
  unsigned kinds = 0;  // bit per BarrierKind
};

// Order of directions from o, counter-clockwise from east. Exact.
int half(Point o, Point p) { return p.lat > o.lat || (p.lat == o.lat && p.lon > o.lon) ? 0 : 1; }
bool turns_before(Point o, Point p, Point q) {
  const int hp = half(o, p);
  const int hq = half(o, q);
  return hp != hq ? hp < hq : cross(o, p, q) > 0;
}
bool same_way(Point o, Point p, Point q) { return half(o, p) == half(o, q) && cross(o, p, q) == 0; }

class DeclaredCrossings {
 public:
  DeclaredCrossings(std::span<const CrossingPoint> crossings, double reach_m)
      : list_(crossings.begin(), crossings.end()), reach_m_(reach_m) {
    std::sort(list_.begin(), list_.end(), [](const CrossingPoint& x, const CrossingPoint& y) {
      return std::tuple(x.at.lat, x.at.lon, x.kind) < std::tuple(y.at.lat, y.at.lon, y.kind);
    });
    used_.assign(list_.size(), 0);
  }

  // Notes which are used.
  bool near(Point p, BarrierKind kind) {
    const auto reach = static_cast<std::int64_t>(reach_m_ / local_scale(p.lat).lat_m) + 1;
    const auto first = std::partition_point(list_.begin(), list_.end(), [&](const CrossingPoint& c) {
      return std::int64_t{c.at.lat} < std::int64_t{p.lat} - reach;
    });
    bool found = false;
    for (auto c = first; c != list_.end() && std::int64_t{c->at.lat} <= std::int64_t{p.lat} + reach; ++c) {
      if (c->kind != kind || flat_distance_m(p, c->at) > reach_m_) continue;
      used_[static_cast<std::size_t>(c - list_.begin())] = 1;
      found = true;
    }
    return found;
  }
  std::size_t unused() const { return static_cast<std::size_t>(std::count(used_.begin(), used_.end(), 0)); }

 private:
  std::vector<CrossingPoint> list_;
  double reach_m_;
  std::vector<char> used_;
};

class RawBuilder {
 public:
  RawBuilder(const NodedLines& lines, std::span<const CrossingPoint> crossings, const NetworkOptions& options)
      : lines_(lines), options_(options), declared_(crossings, options.crossing_reach_m) {}

  RawGraph run() {
    for (const StreetPiece& piece : lines_.pieces) {
      vertices_.push_back(piece.a);
      vertices_.push_back(piece.b);
    }
    std::sort(vertices_.begin(), vertices_.end());
    vertices_.erase(std::unique(vertices_.begin(), vertices_.end()), vertices_.end());
    collect_arms();
    number_nodes();
    for (const StreetPiece& piece : lines_.pieces) add_piece(piece);
    for (std::uint32_t v = 0; v < vertices_.size(); ++v) add_passages_at(v);
    out_.unused_crossings = declared_.unused();
    return std::move(out_);
  }

 private:
  std::uint32_t vertex(Point p) const {
    return static_cast<std::uint32_t>(std::lower_bound(vertices_.begin(), vertices_.end(), p) - vertices_.begin());
  }

  void collect_arms() {
    const auto add = [&](Point at, Point towards, BarrierKind kind) {
      const std::uint32_t v = vertex(at);
      if (v < vertices_.size() && vertices_[v] == at) arms_.push_back({v, towards, 1u << static_cast<unsigned>(kind)});
    };
    for (const BarrierPiece& piece : lines_.barriers) {
      add(piece.a, piece.b, piece.kind);
      add(piece.b, piece.a, piece.kind);
    }
    std::sort(arms_.begin(), arms_.end(), [&](const Arm& x, const Arm& y) {
      if (x.vertex != y.vertex) return x.vertex < y.vertex;
      const Point o = vertices_[x.vertex];
      if (turns_before(o, x.towards, y.towards)) return true;
      if (turns_before(o, y.towards, x.towards)) return false;
      return std::tie(x.kinds, x.towards) < std::tie(y.kinds, y.towards);
    });
    std::vector<Arm> merged;
    for (const Arm& arm : arms_) {
      if (!merged.empty() && merged.back().vertex == arm.vertex &&
          same_way(vertices_[arm.vertex], merged.back().towards, arm.towards)) {
        merged.back().kinds |= arm.kinds;
      } else {
        merged.push_back(arm);
      }
    }
    arms_ = std::move(merged);
  }

  void number_nodes() {
    first_node_.resize(vertices_.size());
    first_arm_.resize(vertices_.size() + 1);
    junction_.assign(vertices_.size(), 0);
    std::uint32_t arm = 0;
    for (std::uint32_t v = 0; v < vertices_.size(); ++v) {
      first_arm_[v] = arm;
      while (arm < arms_.size() && arms_[arm].vertex == v) ++arm;
      first_node_[v] = static_cast<std::uint32_t>(out_.nodes.size());
      out_.nodes.insert(out_.nodes.end(), std::max(1u, arm - first_arm_[v]), vertices_[v]);
    }
    first_arm_[vertices_.size()] = arm;
  }

  std::span<const Arm> arms(std::uint32_t v) const {
    return std::span(arms_).subspan(first_arm_[v], first_arm_[v + 1] - first_arm_[v]);
  }

  // The nodes on the two sides of a street that leaves v towards p, as seen from v: equal unless it runs along an arm.
  struct Ends {
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    bool along = false;
  };
  Ends ends(std::uint32_t v, Point p) const {
    const Point o = vertices_[v];
    const auto list = arms(v);
    const std::uint32_t base = first_node_[v];
    const auto count = static_cast<std::uint32_t>(list.size());
    const auto after = std::partition_point(list.begin(), list.end(),
                                            [&](const Arm& arm) { return !turns_before(o, p, arm.towards); });
    const bool along = after != list.begin() && same_way(o, (after - 1)->towards, p);
    if (count < 2) return {base, base, along};
    const auto behind = static_cast<std::uint32_t>(after - list.begin()) + count - 1;  // the arm at or before p
    const std::uint32_t left = base + behind % count;
    return {left, along ? base + (behind + count - 1) % count : left, along};
  }

  bool may_cross(Point at, unsigned kinds, bool junction) {
    bool open = true;
    for (unsigned k = 0; k < kBarrierKinds; ++k) {
      if ((kinds >> k & 1) == 0) continue;
      const bool declared = declared_.near(at, static_cast<BarrierKind>(k));
      open = open && (declared || (junction && !options_.only_declared.at(k)));
    }
    return open;
  }

  void add_piece(const StreetPiece& piece) {
    const std::uint32_t va = vertex(piece.a);
    const std::uint32_t vb = vertex(piece.b);
    const Ends a = ends(va, piece.b);
    const Ends b = ends(vb, piece.a);
    if (!a.along) {
      junction_[va] = junction_[vb] = 1;
      add_chain(piece, a.left, b.left, EdgeSide::both);
      return;
    }
    add_chain(piece, a.left, b.right, EdgeSide::left);
    add_chain(piece, a.right, b.left, EdgeSide::right);
  }

  void add_chain(const StreetPiece& piece, std::uint32_t from, std::uint32_t to, EdgeSide side) {
    for (const Passage& passage : piece.passages) {
      const auto before = static_cast<std::uint32_t>(out_.nodes.size());
      out_.nodes.insert(out_.nodes.end(), 2, passage.at);
      out_.edges.push_back({from, before, piece.line, piece.kind, side});
      const auto k = static_cast<unsigned>(passage.kind);
      add_passage(before, before + 1, 1u << k, may_cross(passage.at, 1u << k, true));
      from = before + 1;
    }
    out_.edges.push_back({from, to, piece.line, piece.kind, side});
  }

  void add_passage(std::uint32_t a, std::uint32_t b, unsigned kinds, bool open) {
    if (!open) {
      ++out_.closed_passages;
      return;
    }
    WalkKey key;
    for (unsigned k = 0; k < kBarrierKinds; ++k) {
      if ((kinds >> k & 1) == 0) continue;
      key = key + WalkKey::of_crossing(static_cast<BarrierKind>(k));
      ++out_.open_passages[k];
    }
    out_.passages.push_back({a, b, key});
  }

  // A barrier's own shape vertices are no place to cross it, unless a crossing is declared there; where another street
  // ends or barriers meet, there is one.
  void add_passages_at(std::uint32_t v) {
    const auto list = arms(v);
    const auto count = static_cast<std::uint32_t>(list.size());
    if (count < 2) return;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i == 1 && count == 2 && list[0].kinds == list[1].kinds) continue;  // the same two sides once more
      const bool junction = junction_[v] != 0 || count > 2;
      const bool open = may_cross(vertices_[v], list[i].kinds, junction);
      if (!open && !junction) continue;
      const std::uint32_t base = first_node_[v];
      add_passage(base + (i + count - 1) % count, base + i, list[i].kinds, open);
    }
  }

  const NodedLines& lines_;
  const NetworkOptions& options_;
  DeclaredCrossings declared_;
  std::vector<Point> vertices_;  // sorted
  std::vector<Arm> arms_;        // by vertex, counter-clockwise
  std::vector<std::uint32_t> first_arm_, first_node_;
  std::vector<char> junction_;  // a street that is no barrier's own line ends here
  RawGraph out_;
};

}  // namespace

RawGraph build_raw_graph(const NodedLines& lines, std::span<const CrossingPoint> crossings,
                         const NetworkOptions& options) {
  return RawBuilder(lines, crossings, options).run();
}

}  // namespace catchment::geo
