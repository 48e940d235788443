#include "datasets/synth/noisy_line.hpp"

#include <cassert>
#include <cmath>
#include <span>

namespace catchment::datasets::synth {
namespace {

using geo::cross;
using geo::Point;
using geo::Polyline;

struct NoisySpot {
  double x = 0;
  double y = 0;
};

NoisySpot to_spot(Point p) { return {static_cast<double>(p.lon), static_cast<double>(p.lat)}; }
Point to_point(NoisySpot s) {
  return {static_cast<std::int32_t>(std::nearbyint(s.x)), static_cast<std::int32_t>(std::nearbyint(s.y))};
}
NoisySpot lerp(NoisySpot a, NoisySpot b, double t) { return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t}; }

// Emits the points strictly between a and c. The two parts' quadrilaterals meet in one corner only.
void subdivide(NoisySpot a, NoisySpot b, NoisySpot c, NoisySpot d, int depth, double split, Random& random,
               Polyline& out) {
  if (depth == 0) return;
  const double p = random.uniform(0.5 - split, 0.5 + split);
  const double q = random.uniform(0.5 - split, 0.5 + split);
  const NoisySpot e = lerp(a, d, p);
  const NoisySpot f = lerp(b, c, p);
  const NoisySpot h = lerp(e, f, q);
  subdivide(a, lerp(a, b, q), h, e, depth - 1, split, random, out);
  const Point rounded = to_point(h);
  if (rounded != out.back()) out.push_back(rounded);
  subdivide(h, f, c, lerp(d, c, q), depth - 1, split, random, out);
}

// Room at the middle of from - to below the side of the triangle with that tip.
double room(NoisySpot from, NoisySpot to, double length, NoisySpot tip) {
  const double ex = (to.x - from.x) / length;
  const double ey = (to.y - from.y) / length;
  const double mx = tip.x - (from.x + to.x) / 2;
  const double my = tip.y - (from.y + to.y) / 2;
  const double height = std::fabs(mx * ey - my * ex);
  const double along = std::fabs(mx * ex + my * ey);
  return height * (length / 2) / (length / 2 + along);
}

bool strictly_inside(const Kite& k, Point p) {
  const bool in_left = cross(k.to, k.left, p) > 0 && cross(k.left, k.from, p) > 0;
  const bool in_right = cross(k.from, k.right, p) > 0 && cross(k.right, k.to, p) > 0;
  return cross(k.from, k.to, p) >= 0 ? in_left : in_right;
}

bool segments_touch(Point a, Point b, Point c, Point d) {
  const auto sign = [](std::int64_t v) { return (v > 0) - (v < 0); };
  const int c_side = sign(cross(a, b, c));
  const int d_side = sign(cross(a, b, d));
  const int a_side = sign(cross(c, d, a));
  const int b_side = sign(cross(c, d, b));
  if (c_side * d_side < 0 && a_side * b_side < 0) return true;
  return geo::on_segment(a, b, c) || geo::on_segment(a, b, d) || geo::on_segment(c, d, a) || geo::on_segment(c, d, b);
}

bool folds_back(Point a, Point b, Point c) {
  const std::int64_t dot = (std::int64_t{b.lon} - a.lon) * (std::int64_t{c.lon} - b.lon) +
                           (std::int64_t{b.lat} - a.lat) * (std::int64_t{c.lat} - b.lat);
  return cross(a, b, c) == 0 && dot < 0;
}

geo::Box box_of(std::span<const Point> points) {
  geo::Box box;
  for (const Point p : points) box.extend(p);
  return box;
}

// A range holds the vertices of its segments: n + 1 vertices, n segments; two ranges of one line overlap in at most one
// vertex.
bool ranges_touch(std::span<const Point> a, std::span<const Point> b) {
  if (!box_of(a).intersects(box_of(b))) return false;
  if (a.size() == 2 && b.size() == 2) {
    if (&a[1] == &b[0]) return folds_back(a[0], a[1], b[1]);
    return segments_touch(a[0], a[1], b[0], b[1]);
  }
  if (a.size() >= b.size()) {
    const std::size_t half = a.size() / 2;
    return ranges_touch(a.subspan(half), b) || ranges_touch(a.first(half + 1), b);
  }
  const std::size_t half = b.size() / 2;
  return ranges_touch(a, b.first(half + 1)) || ranges_touch(a, b.subspan(half));
}

bool range_is_simple(std::span<const Point> line) {
  if (line.size() <= 2) return true;
  const std::size_t half = line.size() / 2;
  const auto head = line.first(half + 1);
  const auto tail = line.subspan(half);
  return range_is_simple(head) && range_is_simple(tail) && !ranges_touch(head, tail);
}

bool is_sound(const Kite& kite, const Polyline& line) {
  for (std::size_t i = 1; i + 1 < line.size(); ++i) {
    if (!strictly_inside(kite, line[i])) return false;
  }
  return is_simple(line);
}

}  // namespace

bool is_proper(const Kite& kite) {
  return cross(kite.from, kite.to, kite.left) > 0 && cross(kite.to, kite.from, kite.right) > 0;
}

bool is_simple(const Polyline& line) { return range_is_simple(line); }

Polyline noisy_line(const Kite& kite, const NoiseOptions& options, Random& random) {
  assert(is_proper(kite));
  const NoisySpot a = to_spot(kite.from);
  const NoisySpot c = to_spot(kite.to);
  const double ex = c.x - a.x;
  const double ey = c.y - a.y;
  const double length = std::sqrt(ex * ex + ey * ey);
  const double free = std::min(room(a, c, length, to_spot(kite.left)), room(a, c, length, to_spot(kite.right)));
  const double width = std::min(options.width_share * free, options.max_width * length);
  const NoisySpot middle = lerp(a, c, 0.5);
  const NoisySpot left{middle.x - ey / length * width, middle.y + ex / length * width};
  const NoisySpot right{middle.x + ey / length * width, middle.y - ex / length * width};
  int depth = random.between(options.depth_min, options.depth_max);
  while (depth > 0 && length / static_cast<double>(1 << depth) < options.min_segment) --depth;
  for (; depth > 0; --depth) {
    Polyline line{kite.from};
    subdivide(a, right, c, left, depth, options.split, random, line);
    if (line.back() == kite.to) line.pop_back();
    line.push_back(kite.to);
    if (line.size() >= 2 && line.front() == kite.from && is_sound(kite, line)) return line;
  }
  return {kite.from, kite.to};
}

}  // namespace catchment::datasets::synth
