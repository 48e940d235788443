#include "geo/street_network/noding.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "geo/segment_grid.hpp"

namespace catchment::geo {
namespace {

int sign(std::int64_t v) { return (v > 0) - (v < 0); }

struct Cut {
  std::uint32_t segment = 0;
  double t = 0;  // along the segment, 0 to 1
  bool passage = false;
  BarrierKind kind = BarrierKind::river;  // of a passage
  std::uint32_t other = 0;                // the barrier crossed; 0 for a vertex
  Point at;

  friend auto operator<=>(const Cut&, const Cut&) = default;
};

struct Sides {  // which side of the other's line each end lies on
  int a, b, c, d;
  bool proper() const { return a * b < 0 && c * d < 0; }
};

Sides sides(const Segment& s, const Segment& r) {
  return {sign(cross(r.a, r.b, s.a)), sign(cross(r.a, r.b, s.b)), sign(cross(s.a, s.b, r.a)),
          sign(cross(s.a, s.b, r.b))};
}

// Of two segments that cross properly, the same whichever comes first and whichever way they run.
Point crossing_place(Segment s, Segment r) {
  if (s.b < s.a) std::swap(s.a, s.b);
  if (r.b < r.a) std::swap(r.a, r.b);
  if (std::tie(r.a, r.b) < std::tie(s.a, s.b)) std::swap(s, r);
  const auto before = static_cast<double>(cross(r.a, r.b, s.a));
  const auto behind = static_cast<double>(cross(r.a, r.b, s.b));
  const double t = before / (before - behind);
  return {static_cast<std::int32_t>(std::nearbyint(s.a.lon + t * (static_cast<double>(s.b.lon) - s.a.lon))),
          static_cast<std::int32_t>(std::nearbyint(s.a.lat + t * (static_cast<double>(s.b.lat) - s.a.lat)))};
}

double along(const Segment& s, Point p) {
  const double dx = static_cast<double>(s.b.lon) - s.a.lon;
  const double dy = static_cast<double>(s.b.lat) - s.a.lat;
  const double px = static_cast<double>(p.lon) - s.a.lon;
  const double py = static_cast<double>(p.lat) - s.a.lat;
  return std::fabs(dx) > std::fabs(dy) ? px / dx : py / dy;
}

class Noder {
 public:
  Noder(std::span<const StreetLine> streets, std::span<const BarrierLine> barriers, const NetworkOptions& options)
      : streets_(streets), options_(options) {
    for (std::uint32_t i = 0; i < streets.size(); ++i) take_street(i);
    barriers_from_ = static_cast<std::uint32_t>(segments_.size());
    take_barriers(barriers);
  }

  NodedLines run() {
    find_cuts();
    std::sort(cuts_.begin(), cuts_.end());
    cuts_.erase(std::unique(cuts_.begin(), cuts_.end()), cuts_.end());
    auto next = cuts_.cbegin();
    for (std::uint32_t i = 0; i < segments_.size(); ++i) {
      const auto first = next;
      while (next != cuts_.cend() && next->segment == i) ++next;
      const std::span<const Cut> own(first, next);
      i < barriers_from_ ? cut_street(i, own) : cut_barrier(i, own);
    }
    drop_duplicates();
    return std::move(out_);
  }

 private:
  void take_street(std::uint32_t i) {
    const StreetLine& line = streets_[i];
    bool any = false;
    if (line.kind == StreetKind::trunk && !options_.walk_on_trunk) return;
    for (std::size_t k = 1; k < line.shape.size(); ++k) {
      if (line.shape[k - 1] == line.shape[k]) continue;
      segments_.push_back({line.shape[k - 1], line.shape[k]});
      line_of_.push_back(i);
      any = true;
    }
    if (!any) ++out_.lines_without_length;
  }

  void take_barriers(std::span<const BarrierLine> barriers) {
    std::vector<BarrierPiece> pieces;
    for (const BarrierLine& line : barriers) {
      for (std::size_t k = 1; k < line.shape.size(); ++k) {
        const auto [a, b] = std::minmax(line.shape[k - 1], line.shape[k]);
        if (a != b) pieces.push_back({a, b, line.kind});
      }
    }
    std::sort(pieces.begin(), pieces.end());
    pieces.erase(std::unique(pieces.begin(), pieces.end()), pieces.end());
    for (const BarrierPiece& piece : pieces) {
      segments_.push_back({piece.a, piece.b});
      kind_of_.push_back(piece.kind);
    }
    if (options_.joins == Joins::at_grade) find_walked_barriers();
  }

  // A street that runs along a barrier is crossed in a vertex of both, not over it.
  void find_walked_barriers() {
    std::vector<std::pair<Point, Point>> ends;
    for (std::uint32_t i = 0; i < barriers_from_; ++i) ends.push_back(std::minmax(segments_[i].a, segments_[i].b));
    std::sort(ends.begin(), ends.end());
    walked_.assign(segments_.size(), 0);
    for (std::uint32_t i = barriers_from_; i < segments_.size(); ++i) {
      walked_[i] = std::binary_search(ends.begin(), ends.end(), std::pair(segments_[i].a, segments_[i].b));
    }
  }

  bool is_barrier(std::uint32_t i) const { return i >= barriers_from_; }

  void find_cuts() {
    const SegmentGrid grid(segments_, 0);
    const bool with_streets = options_.joins != Joins::shared_vertices;
    for (std::size_t c = 0; c < grid.cell_count(); ++c) {
      const auto members = grid.cell(c);  // ascending, so streets come first
      const auto barriers = std::lower_bound(members.begin(), members.end(), barriers_from_);
      for (auto x = members.begin(); x < barriers; ++x) {
        for (auto y = with_streets ? x + 1 : barriers; y < members.end(); ++y) meet(*x, *y);
      }
    }
  }

  void meet(std::uint32_t street, std::uint32_t other) {
    const Segment& s = segments_[street];
    const Segment& r = segments_[other];
    if (std::max(s.a.lon, s.b.lon) < std::min(r.a.lon, r.b.lon) ||
        std::max(r.a.lon, r.b.lon) < std::min(s.a.lon, s.b.lon) ||
        std::max(s.a.lat, s.b.lat) < std::min(r.a.lat, r.b.lat) ||
        std::max(r.a.lat, r.b.lat) < std::min(s.a.lat, s.b.lat)) {
      return;
    }
    const Sides side = sides(s, r);
    if (side.proper()) {
      const Point place = crossing_place(s, r);
      if (is_barrier(other) && (walked_.empty() || !walked_[other])) {
        cuts_.push_back({street, along(s, place), true, kind_of_[other - barriers_from_], other, place});
      } else if (options_.joins == Joins::at_grade) {
        cut_at(street, place);
        cut_at(other, place);
      }
      return;
    }
    if (side.a == 0) touch(other, s.a);
    if (side.b == 0) touch(other, s.b);
    if (side.c == 0) touch(street, r.a);
    if (side.d == 0) touch(street, r.b);
  }

  // p is on the segment's line; cuts it if p lies inside the segment.
  void touch(std::uint32_t segment, Point p) {
    const Segment& s = segments_[segment];
    if (p != s.a && p != s.b && on_segment(s.a, s.b, p)) cut_at(segment, p);
  }
  void cut_at(std::uint32_t segment, Point p) {
    cuts_.push_back({segment, along(segments_[segment], p), false, BarrierKind::trunk_road, 0, p});
  }

  void cut_street(std::uint32_t i, std::span<const Cut> cuts) {
    StreetPiece piece{segments_[i].a, {}, line_of_[i], streets_[line_of_[i]].kind, {}};
    const std::size_t first = out_.pieces.size();
    const auto close = [&](Point at) {
      if (at == piece.a) return;
      piece.b = at;
      out_.pieces.push_back(piece);
      piece.a = at;
      piece.passages.clear();
    };
    for (const Cut& cut : cuts) {
      if (cut.passage) {
        piece.passages.push_back({cut.at, cut.kind});
      } else {
        close(cut.at);
      }
    }
    close(segments_[i].b);
    // A rounded crossing may coincide with the end; what is crossed behind it belongs to the stretch before.
    if (!piece.passages.empty() && out_.pieces.size() > first) {
      auto& last = out_.pieces.back().passages;
      last.insert(last.end(), piece.passages.begin(), piece.passages.end());
    }
  }

  void cut_barrier(std::uint32_t i, std::span<const Cut> cuts) {
    Point from = segments_[i].a;
    const auto close = [&](Point at) {
      if (at == from) return;
      const auto [a, b] = std::minmax(from, at);
      out_.barriers.push_back({a, b, kind_of_[i - barriers_from_]});
      from = at;
    };
    for (const Cut& cut : cuts) close(cut.at);
    close(segments_[i].b);
  }

  void drop_duplicates() {
    for (StreetPiece& piece : out_.pieces) {
      if (piece.a < piece.b) continue;
      std::swap(piece.a, piece.b);
      std::reverse(piece.passages.begin(), piece.passages.end());
    }
    const auto ends = [](const StreetPiece& p) { return std::tie(p.a, p.b); };
    std::sort(out_.pieces.begin(), out_.pieces.end(), [](const StreetPiece& x, const StreetPiece& y) {
      return std::tie(x.a, x.b, x.line) < std::tie(y.a, y.b, y.line);
    });
    const auto last = std::unique(out_.pieces.begin(), out_.pieces.end(),
                                  [&](const StreetPiece& x, const StreetPiece& y) { return ends(x) == ends(y); });
    out_.duplicate_pieces = static_cast<std::size_t>(out_.pieces.end() - last);
    out_.pieces.erase(last, out_.pieces.end());
    std::sort(out_.barriers.begin(), out_.barriers.end());
    out_.barriers.erase(std::unique(out_.barriers.begin(), out_.barriers.end()), out_.barriers.end());
  }

  std::span<const StreetLine> streets_;
  const NetworkOptions& options_;
  std::vector<Segment> segments_;  // streets, then barriers
  std::uint32_t barriers_from_ = 0;
  std::vector<std::uint32_t> line_of_;  // per street segment
  std::vector<BarrierKind> kind_of_;    // per barrier segment
  std::vector<char> walked_;            // per segment, at_grade only: a barrier along which a street runs
  std::vector<Cut> cuts_;
  NodedLines out_;
};

}  // namespace

std::optional<StreetKind> find_street_kind(std::string_view word) {
  if (word == "trunk") return StreetKind::trunk;
  if (word == "secondary") return StreetKind::secondary;
  if (word == "residential") return StreetKind::residential;
  if (word == "path") return StreetKind::path;
  return std::nullopt;
}

std::optional<BarrierKind> find_barrier_kind(std::string_view word) {
  if (word == "trunk_road") return BarrierKind::trunk_road;
  if (word == "rail") return BarrierKind::rail;
  if (word == "river") return BarrierKind::river;
  return std::nullopt;
}

NodedLines node_lines(std::span<const StreetLine> streets, std::span<const BarrierLine> barriers,
                      const NetworkOptions& options) {
  return Noder(streets, barriers, options).run();
}

}  // namespace catchment::geo
