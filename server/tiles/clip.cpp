#include "server/tiles/clip.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>

namespace catchment::tiles {
namespace {

TilePoint rounded(double x, double y) { return {static_cast<int>(std::lrint(x)), static_cast<int>(std::lrint(y))}; }

bool beyond_one_side(TilePoint a, TilePoint b, const TileBox& box) {
  return (a.x < box.min_x && b.x < box.min_x) || (a.x > box.max_x && b.x > box.max_x) ||
         (a.y < box.min_y && b.y < box.min_y) || (a.y > box.max_y && b.y > box.max_y);
}

// Liang and Barsky (1984). False if the segment misses the box.
bool clip_segment(TilePoint a, TilePoint b, const TileBox& box, double& from, double& to) {
  from = 0, to = 1;
  const double dx = b.x - a.x, dy = b.y - a.y;
  const auto side = [&](double direction, double distance) {
    if (direction == 0) return distance >= 0;
    const double t = distance / direction;
    if (direction < 0) from = std::max(from, t);
    if (direction > 0) to = std::min(to, t);
    return from <= to;
  };
  return side(-dx, a.x - box.min_x) && side(dx, box.max_x - a.x) && side(-dy, a.y - box.min_y) &&
         side(dy, box.max_y - a.y);
}

enum class Where { inside, on_rim, outside };

Where where(TilePoint p, const TileBox& box) {
  if (!box.contains(p)) return Where::outside;
  return p.x == box.min_x || p.x == box.max_x || p.y == box.min_y || p.y == box.max_y ? Where::on_rim : Where::inside;
}

// A stretch of a ring inside the box, from rim to rim; the interior is on its left (area_twice counts x right, y as it
// stands).
struct Chain {
  TilePath points;         // first and last on the rim
  std::int64_t entry = 0;  // along the rim, interior of the box on the left
  std::int64_t exit = 0;
};

struct Segment {
  TilePoint a, b;
};

// Cuts one polygon. `doubtful` when the rounded result may not be valid.
class Cutter {
 public:
  explicit Cutter(const TileBox& box)
      : box_(box), width_(std::int64_t{box.max_x} - box.min_x), height_(std::int64_t{box.max_y} - box.min_y) {}

  // Empty optional: doubtful.
  std::optional<std::vector<TilePolygon>> cut(const TilePolygon& polygon) {
    const std::optional<bool> shell_whole = take(polygon.shell);
    if (!shell_whole) return std::nullopt;
    if (*shell_whole) return std::vector<TilePolygon>{polygon};
    std::vector<const TileRing*> islands;  // holes that lie in the box
    for (const TileRing& hole : polygon.holes) {
      const std::optional<bool> whole = take(hole);
      if (!whole) return std::nullopt;
      if (*whole) islands.push_back(&hole);
    }
    std::vector<TilePolygon> out;
    if (chains_.empty()) {
      if (!covers_box(polygon)) return out;
      out.push_back({{corner(0), corner(1), corner(2), corner(3)}, {}});
    } else {
      if (close_to_cuts() || !link(out)) return std::nullopt;
    }
    if (!islands.empty() && out.size() != 1) return std::nullopt;
    for (const TileRing* hole : islands) out.front().holes.push_back(*hole);
    return out;
  }

 private:
  // Adds the ring's chains. True: it lies in the box as a whole. False: it is cut or outside. Empty: doubtful.
  std::optional<bool> take(const TileRing& ring) {
    std::size_t start = ring.size();
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Where w = where(ring[i], box_);
      if (w == Where::on_rim) return std::nullopt;
      if (w == Where::outside) start = i;
    }
    if (start == ring.size()) return true;
    Chain chain;
    std::size_t at = start;  // a vertex outside, so that no chain is cut by the ring's seam
    do {
      const std::size_t next = at + 1 == ring.size() ? 0 : at + 1;
      if (!step(ring[at], ring[next], chain)) return std::nullopt;
      at = next;
    } while (at != start);
    return false;
  }

  // One edge of a ring. False: doubtful.
  bool step(TilePoint a, TilePoint b, Chain& chain) {
    if (beyond_one_side(a, b, box_)) return true;
    const bool a_in = box_.contains(a), b_in = box_.contains(b);
    if (a_in && b_in) {
      chain.points.push_back(b);
      return true;
    }
    double from = 0, to = 1;
    // The same edge seen from its other zone must be cut at the same place.
    const bool forward = std::pair(a.x, a.y) < std::pair(b.x, b.y);
    const TilePoint p = forward ? a : b, q = forward ? b : a;
    if (!clip_segment(p, q, box_, from, to)) return true;
    if (!forward) std::tie(from, to) = std::pair(to, from);
    const auto place = [&](double t) { return rounded(p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)); };
    cuts_.push_back({a, b});
    if (!a_in) {
      chain.points = {place(from)};
      if (!on_side(chain.points.front(), chain.entry)) return false;
    }
    if (b_in) {
      chain.points.push_back(b);
    } else {
      chain.points.push_back(place(to));
      if (!on_side(chain.points.back(), chain.exit)) return false;
      chains_.push_back(std::move(chain));
      chain = {};
    }
    return true;
  }

  TilePoint corner(std::int64_t k) const {
    switch (k % 4) {
      case 0:
        return {box_.min_x, box_.min_y};
      case 1:
        return {box_.max_x, box_.min_y};
      case 2:
        return {box_.max_x, box_.max_y};
      default:
        return {box_.min_x, box_.max_y};
    }
  }
  std::int64_t corner_at(std::int64_t k) const {
    const std::int64_t laps = k / 4, rest = k % 4;
    return laps * 2 * (width_ + height_) + (rest == 0   ? 0
                                            : rest == 1 ? width_
                                            : rest == 2 ? width_ + height_
                                                        : 2 * width_ + height_);
  }

  // Place along the rim; false at a corner or off the rim.
  bool on_side(TilePoint p, std::int64_t& at) const {
    const bool left = p.x == box_.min_x, right = p.x == box_.max_x, low = p.y == box_.min_y, high = p.y == box_.max_y;
    if (int{left} + int{right} + int{low} + int{high} != 1) return false;
    if (low) at = std::int64_t{p.x} - box_.min_x;
    if (right) at = width_ + p.y - box_.min_y;
    if (high) at = width_ + height_ + box_.max_x - p.x;
    if (left) at = 2 * width_ + height_ + box_.max_y - p.y;
    return true;
  }

  // Rounding moves a cut edge by half a unit at most: with no vertex within a unit of it, it cannot come to touch
  // another line but at the rim, and there link() looks.
  bool close_to_cuts() const {
    for (const Segment& cut : cuts_) {
      const int lo_x = std::min(cut.a.x, cut.b.x) - 1, hi_x = std::max(cut.a.x, cut.b.x) + 1;
      const int lo_y = std::min(cut.a.y, cut.b.y) - 1, hi_y = std::max(cut.a.y, cut.b.y) + 1;
      const double dx = cut.b.x - cut.a.x, dy = cut.b.y - cut.a.y, length = std::hypot(dx, dy);
      for (const Chain& chain : chains_) {
        for (std::size_t i = 1; i + 1 < chain.points.size(); ++i) {
          const TilePoint p = chain.points[i];
          if (p.x < lo_x || p.x > hi_x || p.y < lo_y || p.y > hi_y || p == cut.a || p == cut.b) continue;
          if (std::fabs(dx * (p.y - cut.a.y) - dy * (p.x - cut.a.x)) < length) return true;
        }
      }
    }
    return false;
  }

  // Joins every chain's exit to the next entry along the rim. False unless exits and entries alternate at places all
  // different.
  bool link(std::vector<TilePolygon>& out) const {
    struct Stop {
      std::int64_t at;
      std::size_t chain;
      bool entry;
    };
    std::vector<Stop> stops;
    for (std::size_t c = 0; c < chains_.size(); ++c) {
      stops.push_back({chains_[c].entry, c, true});
      stops.push_back({chains_[c].exit, c, false});
    }
    std::ranges::sort(stops, {}, &Stop::at);
    std::vector<std::size_t> next(chains_.size());  // the chain entered after leaving by this one
    for (std::size_t i = 0; i < stops.size(); ++i) {
      const Stop& other = stops[(i + 1) % stops.size()];
      if (stops[i].at == other.at || stops[i].entry == other.entry) return false;
      if (!stops[i].entry) next[stops[i].chain] = other.chain;
    }
    std::vector<bool> used(chains_.size(), false);
    for (std::size_t c = 0; c < chains_.size(); ++c) {
      if (used[c]) continue;
      TileRing ring;
      for (std::size_t k = c; !used[k]; k = next[k]) {
        used[k] = true;
        ring.insert(ring.end(), chains_[k].points.begin(), chains_[k].points.end());
        add_corners(chains_[k].exit, chains_[next[k]].entry, ring);
      }
      out.push_back({std::move(ring), {}});
    }
    return true;
  }

  void add_corners(std::int64_t from, std::int64_t to, TileRing& ring) const {
    if (to < from) to += 2 * (width_ + height_);
    for (std::int64_t k = 0; k < 8; ++k) {
      if (const std::int64_t at = corner_at(k); at > from && at < to) ring.push_back(corner(k));
    }
  }

  // No line passes through the box: is it inside or outside?
  bool covers_box(const TilePolygon& polygon) const {
    const auto encloses = [&](const TileRing& ring) {
      bool inside = false;
      const std::int64_t x = box_.min_x, y = box_.min_y;
      for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        const TilePoint a = ring[j], b = ring[i];
        if ((a.y > y) == (b.y > y)) continue;
        const std::int64_t side = (std::int64_t{b.x} - a.x) * (y - a.y) - (std::int64_t{b.y} - a.y) * (x - a.x);
        if ((side > 0) == (b.y > a.y)) inside = !inside;
      }
      return inside;
    };
    // A hole inside the box does not hold its corner.
    return encloses(polygon.shell) && std::ranges::none_of(polygon.holes, encloses);
  }

  TileBox box_;
  std::int64_t width_, height_;
  std::vector<Chain> chains_;
  std::vector<Segment> cuts_;
};

}  // namespace

std::vector<TilePolygon> clipped(std::span<const TilePolygon> polygons, const TileBox& box) {
  std::vector<TilePolygon> out;
  std::size_t cut = 0;
  for (const TilePolygon& polygon : polygons) {
    const TileBox extent = box_of(std::span(&polygon, 1));
    if (!box.intersects(extent)) continue;
    if (box.contains(extent)) {
      out.push_back(polygon);
      continue;
    }
    auto parts = Cutter(box).cut(polygon);
    if (!parts || (!parts->empty() && ++cut > 1)) {
      out = clipped_by_overlay(polygons, box);
      turn(out);
      return out;
    }
    std::ranges::move(*parts, std::back_inserter(out));
  }
  return out;
}

std::vector<TilePath> clipped(const TilePath& path, const TileBox& box) {
  std::vector<TilePath> out;
  bool open = false;  // the last piece ends where the next segment starts
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const TilePoint a = path[i], b = path[i + 1];
    double from = 0, to = 1;
    if (beyond_one_side(a, b, box) || !clip_segment(a, b, box, from, to)) {
      open = false;
      continue;
    }
    const auto along = [&](double t) {
      return t == 0 ? a : t == 1 ? b : rounded(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y));
    };
    const TilePoint p = along(from), q = along(to);
    if (!open) out.push_back({p});
    if (!(q == out.back().back())) out.back().push_back(q);
    open = to == 1;
  }
  std::erase_if(out, [](const TilePath& piece) { return piece.size() < 2; });
  return out;
}

void turn(std::vector<TilePolygon>& polygons) {
  for (TilePolygon& polygon : polygons) {
    if (area_twice(polygon.shell) < 0) std::ranges::reverse(polygon.shell);
    for (TileRing& hole : polygon.holes) {
      if (area_twice(hole) > 0) std::ranges::reverse(hole);
    }
  }
}

}  // namespace catchment::tiles
