// Where a side is cut: between its neighbours, and drawn on straight beyond them.
#include "engine/zone_text/compiling/side_cuts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace catchment::engine::zone_text {
namespace {

constexpr double kSureCosine = 0.35;     // a line within 70 degrees of crossways to its direction word
constexpr double kHeadingM = 20;         // a line's heading at its end is that of its last 20 m
constexpr double kOpenGapDegrees = 170;  // no side within so many degrees of the compass: open there

double degrees_of(Compass side) { return 45.0 * static_cast<double>(side); }

// Of a closed line (the edge of an area, a ring road) the half that the side means.
geo::Polyline half_of_ring(const SidePath& side, const Frame& frame) {
  const Compass toward = side.side->label ? *side.position : opposite_of(*side.position);
  const Metres axis = direction_of(toward);
  const auto across = [&](geo::Point p) {
    const Metres m = frame.to_metres(p);
    return m.x * axis.y - m.y * axis.x;
  };
  const geo::Polyline& ring = side.points;
  std::size_t low = 0;
  std::size_t high = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    if (across(ring[i]) < across(ring[low])) low = i;
    if (across(ring[i]) > across(ring[high])) high = i;
  }
  if (low == high) return ring;
  const auto walk = [&](std::size_t from, std::size_t to) {
    geo::Polyline out{ring[from]};
    for (std::size_t i = from; i != to;) {
      i = (i + 1) % (ring.size() - 1);
      out.push_back(ring[i]);
    }
    return out;
  };
  const auto reach = [&](const geo::Polyline& line) {
    double best = -1e18;
    for (const geo::Point p : line) {
      const Metres m = frame.to_metres(p);
      best = std::max(best, m.x * axis.x + m.y * axis.y);
    }
    return best;
  };
  geo::Polyline a = walk(low, high);
  geo::Polyline b = walk(high, low);
  return reach(a) >= reach(b) ? a : b;
}

// The heading at the end of a line.
Metres heading(const geo::Polyline& line, bool at_end, const Frame& frame) {
  const auto at = [&](std::size_t i) { return frame.to_metres(at_end ? line[line.size() - 1 - i] : line[i]); };
  const Metres end = at(0);
  Metres from = at(1);
  for (std::size_t i = 1; i < line.size(); ++i) {
    from = at(i);
    if (std::hypot(end.x - from.x, end.y - from.y) >= kHeadingM) break;
  }
  const double length = std::hypot(end.x - from.x, end.y - from.y);
  if (length == 0) return {1, 0};  // a line that ends in a loop points nowhere
  return {(end.x - from.x) / length, (end.y - from.y) / length};
}

// Where a ray leaves a box, a little beyond it.
geo::Point leave(const geo::Box& box, geo::Point from, Metres way, const Frame& frame) {
  const Metres at = frame.to_metres(from);
  const Metres low = frame.to_metres(box.min);
  const Metres high = frame.to_metres(box.max);
  double reach = 1e12;
  if (way.x > 1e-12) reach = std::min(reach, (high.x - at.x) / way.x);
  if (way.x < -1e-12) reach = std::min(reach, (low.x - at.x) / way.x);
  if (way.y > 1e-12) reach = std::min(reach, (high.y - at.y) / way.y);
  if (way.y < -1e-12) reach = std::min(reach, (low.y - at.y) / way.y);
  return frame.to_point({at.x + way.x * (reach + 2), at.y + way.y * (reach + 2)});
}

// Counter-clockwise place on a box's edge, 0 to 4, of a point on or beyond it.
double place_on(const geo::Box& box, geo::Point p) {
  const double w = static_cast<double>(box.max.lon) - box.min.lon;
  const double h = static_cast<double>(box.max.lat) - box.min.lat;
  const double x = std::clamp((static_cast<double>(p.lon) - box.min.lon) / w, 0.0, 1.0);
  const double y = std::clamp((static_cast<double>(p.lat) - box.min.lat) / h, 0.0, 1.0);
  const std::array<double, 4> off{y, 1 - x, 1 - y, x};
  const auto edge = static_cast<std::size_t>(std::min_element(off.begin(), off.end()) - off.begin());
  const std::array<double, 4> along{x, y, 1 - x, 1 - y};
  return static_cast<double>(edge) + along[edge];
}

// The part of a line between its outermost meetings with its neighbours, on to the next vertices; all of it if it meets
// fewer than two of them.
geo::Polyline between_neighbours(const geo::Polyline& line, const std::vector<const geo::Polyline*>& neighbours,
                                 const Frame& frame, Metres& course) {
  double first = 1e18;
  double last = -1e18;
  std::size_t met = 0;
  for (const geo::Polyline* other : neighbours) {
    const std::vector<Contact> meet = meetings(line, *other, frame);
    if (!meet.empty()) ++met;
    for (const Contact& c : meet) {
      first = std::min(first, c.along_a);
      last = std::max(last, c.along_a);
    }
  }
  geo::Polyline out = line;
  if (met == neighbours.size() && last > first + 1) {
    out.clear();
    double way = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const double next = i + 1 < line.size() ? way + frame.distance_m(line[i], line[i + 1]) : 1e18;
      const double before = i > 0 ? way - frame.distance_m(line[i - 1], line[i]) : -1e18;
      if (next > first && before < last) out.push_back(line[i]);
      way = next;
    }
    const geo::Polyline exact = stretch(line, frame, first, last);
    const Metres a = frame.to_metres(exact.front());
    const Metres b = frame.to_metres(exact.back());
    course = {b.x - a.x, b.y - a.y};
  } else {
    const Metres a = frame.to_metres(out.front());
    const Metres b = frame.to_metres(out.back());
    course = {b.x - a.x, b.y - a.y};
  }
  return out;
}

// The part of a line from where it first comes to a box to where it last leaves it; all of it if it does not come
// there.
geo::Polyline near_box(const geo::Polyline& line, const geo::Box& box) {
  std::size_t first = line.size();
  std::size_t last = 0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    geo::Box piece;
    piece.extend(line[i]);
    piece.extend(line[i + 1]);
    if (!piece.intersects(box)) continue;
    first = std::min(first, i);
    last = i + 1;
  }
  if (first >= last) return line;
  return {line.begin() + static_cast<std::ptrdiff_t>(first), line.begin() + static_cast<std::ptrdiff_t>(last) + 1};
}

}  // namespace

std::vector<std::size_t> around(const std::vector<SidePath>& sides) {
  std::vector<std::size_t> order(sides.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return degrees_of(*sides[a].position) < degrees_of(*sides[b].position);
  });
  return order;
}

bool is_open(const std::vector<SidePath>& sides, const std::vector<std::size_t>& order) {
  double widest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double here = degrees_of(*sides[order[i]].position);
    const double next = degrees_of(*sides[order[(i + 1) % order.size()]].position);
    widest = std::max(widest, i + 1 == order.size() ? next + 360 - here : next - here);
  }
  return widest > kOpenGapDegrees;
}

geo::Ring left_of(const geo::Polyline& whole, const geo::Box& box) {
  geo::Ring ring = whole;
  const double from = place_on(box, whole.back());
  double to = place_on(box, whole.front());
  if (to <= from) to += 4;
  constexpr std::int32_t kBeyond = 1000;
  const std::array<geo::Point, 4> corners{geo::Point{box.max.lon + kBeyond, box.min.lat - kBeyond},
                                          geo::Point{box.max.lon + kBeyond, box.max.lat + kBeyond},
                                          geo::Point{box.min.lon - kBeyond, box.max.lat + kBeyond},
                                          geo::Point{box.min.lon - kBeyond, box.min.lat - kBeyond}};
  for (int k = static_cast<int>(from) + 1; k <= static_cast<int>(to); ++k) {
    ring.push_back(corners.at(static_cast<std::size_t>(k + 3) % 4));
  }
  return ring;
}

std::vector<Cut> cut_at_neighbours(const std::vector<SidePath>& sides, const std::vector<std::size_t>& order,
                                   const geo::MultiPolygon* near, const Frame& frame) {
  std::vector<geo::Polyline> lines;
  for (const SidePath& side : sides) lines.push_back(side.closed ? half_of_ring(side, frame) : side.points);
  std::vector<Cut> cuts(sides.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t at = order[i];
    std::vector<const geo::Polyline*> neighbours;
    if (order.size() > 1) neighbours.push_back(&lines[order[(i + 1) % order.size()]]);
    if (order.size() > 2) neighbours.push_back(&lines[order[(i + order.size() - 1) % order.size()]]);
    Metres course;
    if (near != nullptr) lines[at] = near_box(lines[at], geo::bounding_box(*near));
    cuts[at].drawn = between_neighbours(lines[at], neighbours, frame, course);
    const Metres toward = direction_of(opposite_of(*sides[at].position));
    cuts[at].cosine = cosine({-course.y, course.x}, toward);
    cuts[at].sure = sides[at].certain && std::fabs(cuts[at].cosine) >= kSureCosine;
  }
  return cuts;
}

geo::Box draw_to_box(std::vector<Cut>& cuts, const geo::MultiPolygon* also, const Frame& frame) {
  geo::Box box;
  for (const Cut& cut : cuts) box.extend(box_of(cut.drawn));
  if (also != nullptr) box.extend(geo::bounding_box(*also));
  const auto margin = static_cast<std::int32_t>(
      std::max(std::int64_t{box.max.lon} - box.min.lon, std::int64_t{box.max.lat} - box.min.lat) / 8 + 20000);
  box = {{box.min.lon - margin, box.min.lat - margin}, {box.max.lon + margin, box.max.lat + margin}};
  for (Cut& cut : cuts) {
    cut.whole = cut.drawn;
    const geo::Point start = leave(box, cut.drawn.front(), heading(cut.drawn, false, frame), frame);
    cut.whole.insert(cut.whole.begin(), start);
    cut.whole.push_back(leave(box, cut.drawn.back(), heading(cut.drawn, true, frame), frame));
  }
  return box;
}

}  // namespace catchment::engine::zone_text
