#include "engine/zone_text/compiling/polyline_math.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace catchment::engine::zone_text {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

struct OnSegment {
  double t = 0;  // 0 at its start, 1 at its end
  double distance = 0;
};

OnSegment nearest_on(Metres a, Metres b, Metres p) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double square = dx * dx + dy * dy;
  const double t = square == 0 ? 0 : std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0.0, 1.0);
  return {t, std::hypot(a.x + t * dx - p.x, a.y + t * dy - p.y)};
}

bool boxes_meet(geo::Point a, geo::Point b, geo::Point c, geo::Point d) {
  return std::min(a.lon, b.lon) <= std::max(c.lon, d.lon) && std::min(c.lon, d.lon) <= std::max(a.lon, b.lon) &&
         std::min(a.lat, b.lat) <= std::max(c.lat, d.lat) && std::min(c.lat, d.lat) <= std::max(a.lat, b.lat);
}

// Running lengths: out[i] is the way to vertex i.
std::vector<double> ways(const geo::Polyline& line, const Frame& frame) {
  std::vector<double> out(line.size(), 0);
  for (std::size_t i = 1; i < line.size(); ++i) out[i] = out[i - 1] + frame.distance_m(line[i - 1], line[i]);
  return out;
}

// The parameter on a-b where c-d crosses it, ends included, exact in whether it does; collinear ones do not cross here,
// their ends do.
std::optional<double> crossing(geo::Point a, geo::Point b, geo::Point c, geo::Point d) {
  const std::int64_t ca = geo::cross(c, d, a);
  const std::int64_t cb = geo::cross(c, d, b);
  const std::int64_t ac = geo::cross(a, b, c);
  const std::int64_t ad = geo::cross(a, b, d);
  if ((ca > 0 && cb > 0) || (ca < 0 && cb < 0) || (ac > 0 && ad > 0) || (ac < 0 && ad < 0)) return std::nullopt;
  if (ca == 0 && cb == 0) return std::nullopt;
  return static_cast<double>(ca) / (static_cast<double>(ca) - static_cast<double>(cb));
}

}  // namespace

geo::Point point_between(geo::Point a, geo::Point b, double t) {
  return {static_cast<std::int32_t>(std::nearbyint(a.lon + t * (static_cast<double>(b.lon) - a.lon))),
          static_cast<std::int32_t>(std::nearbyint(a.lat + t * (static_cast<double>(b.lat) - a.lat)))};
}

geo::Point Frame::to_point(Metres m) const {
  return {static_cast<std::int32_t>(std::nearbyint(origin_.lon + m.x / scale_.lon_m)),
          static_cast<std::int32_t>(std::nearbyint(origin_.lat + m.y / scale_.lat_m))};
}

double Frame::distance_m(geo::Point a, geo::Point b) const {
  const double x = (static_cast<double>(b.lon) - a.lon) * scale_.lon_m;
  const double y = (static_cast<double>(b.lat) - a.lat) * scale_.lat_m;
  return std::sqrt(x * x + y * y);
}

double length_m(const geo::Polyline& line, const Frame& frame) {
  double sum = 0;
  for (std::size_t i = 1; i < line.size(); ++i) sum += frame.distance_m(line[i - 1], line[i]);
  return sum;
}

Foot foot_on(const geo::Polyline& line, geo::Point p, const Frame& frame) {
  Foot best;
  double nearest = kInfinite;  // squared
  double best_t = 0;
  double way = 0;
  const Metres at = frame.to_metres(p);
  Metres a = frame.to_metres(line.front());
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Metres b = frame.to_metres(line[i + 1]);
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double square = dx * dx + dy * dy;
    const double t = square == 0 ? 0 : std::clamp(((at.x - a.x) * dx + (at.y - a.y) * dy) / square, 0.0, 1.0);
    const double off_x = a.x + t * dx - at.x;
    const double off_y = a.y + t * dy - at.y;
    const double distance = off_x * off_x + off_y * off_y;
    const double length = std::sqrt(square);
    if (distance < nearest) {
      nearest = distance;
      best_t = t;
      best.segment = i;
      best.along_m = way + t * length;
    }
    way += length;
    a = b;
  }
  best.distance_m = std::sqrt(nearest);
  if (line.size() < 2) return best;
  const geo::Point from = line[best.segment];
  const geo::Point to = line[best.segment + 1];
  best.at = point_between(from, to, best_t);
  best.left = geo::cross(from, to, p) > 0;
  // At a vertex the two segments may disagree: inside the bend is left of a left turn.
  if (best_t == 1.0 && best.segment + 2 < line.size()) {
    const geo::Point next = line[best.segment + 2];
    const bool second = geo::cross(to, next, p) > 0;
    if (second != best.left) best.left = geo::cross(from, to, next) < 0;
  }
  return best;
}

geo::Box box_of(const geo::Polyline& line) {
  geo::Box box;
  for (const geo::Point p : line) box.extend(p);
  return box;
}

geo::Box box_of(const std::vector<geo::Polyline>& lines) {
  geo::Box box;
  for (const geo::Polyline& line : lines) box.extend(box_of(line));
  return box;
}

double box_distance_m(const geo::Box& a, const geo::Box& b, const Frame& frame) {
  if (a.empty() || b.empty()) return kInfinite;
  const auto gap = [](std::int32_t lo_a, std::int32_t hi_a, std::int32_t lo_b, std::int32_t hi_b) {
    return std::max<std::int64_t>({0, std::int64_t{lo_b} - hi_a, std::int64_t{lo_a} - hi_b});
  };
  const geo::Point corner = a.min;
  const geo::Point other{static_cast<std::int32_t>(corner.lon + gap(a.min.lon, a.max.lon, b.min.lon, b.max.lon)),
                         static_cast<std::int32_t>(corner.lat + gap(a.min.lat, a.max.lat, b.min.lat, b.max.lat))};
  return frame.distance_m(corner, other);
}

std::vector<Contact> meetings(const geo::Polyline& a, const geo::Polyline& b, const Frame& frame) {
  std::vector<Contact> found;
  const geo::Box box_b = box_of(b);
  const std::vector<double> way_a = ways(a, frame);
  const std::vector<double> way_b = ways(b, frame);
  for (std::size_t i = 0; i + 1 < a.size(); ++i) {
    geo::Box piece;
    piece.extend(a[i]);
    piece.extend(a[i + 1]);
    if (!piece.intersects(box_b)) continue;
    for (std::size_t k = 0; k + 1 < b.size(); ++k) {
      if (!boxes_meet(a[i], a[i + 1], b[k], b[k + 1])) continue;
      const auto add = [&](geo::Point at) {
        found.push_back({way_a[i] + frame.distance_m(a[i], at), way_b[k] + frame.distance_m(b[k], at), at, at, 0});
      };
      if (const auto t = crossing(a[i], a[i + 1], b[k], b[k + 1])) {
        add(point_between(a[i], a[i + 1], *t));
      } else if (geo::cross(a[i], a[i + 1], b[k]) == 0 && geo::cross(a[i], a[i + 1], b[k + 1]) == 0) {
        for (const geo::Point p : {a[i], a[i + 1]}) {
          if (geo::on_segment(b[k], b[k + 1], p)) add(p);
        }
        for (const geo::Point p : {b[k], b[k + 1]}) {
          if (geo::on_segment(a[i], a[i + 1], p)) add(p);
        }
      }
    }
  }
  std::sort(found.begin(), found.end(), [](const Contact& x, const Contact& y) {
    return x.along_a != y.along_a ? x.along_a < y.along_a : x.along_b < y.along_b;
  });
  std::vector<Contact> out;
  for (const Contact& c : found) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const Contact& o) {
      return std::fabs(o.along_a - c.along_a) < 1 && std::fabs(o.along_b - c.along_b) < 1;
    });
    if (!known) out.push_back(c);
  }
  return out;
}

std::optional<Contact> nearest_contact(const geo::Polyline& a, const geo::Polyline& b, const Frame& frame,
                                       double limit_m) {
  if (box_distance_m(box_of(a), box_of(b), frame) > limit_m) return std::nullopt;
  const std::vector<Contact> meet = meetings(a, b, frame);
  if (!meet.empty()) return meet.front();
  Contact best;
  best.distance_m = kInfinite;
  // Without a crossing the shortest way starts or ends at a vertex.
  double way = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (i > 0) way += frame.distance_m(a[i - 1], a[i]);
    const Foot foot = foot_on(b, a[i], frame);
    if (foot.distance_m < best.distance_m) best = {way, foot.along_m, a[i], foot.at, foot.distance_m};
  }
  way = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (i > 0) way += frame.distance_m(b[i - 1], b[i]);
    const Foot foot = foot_on(a, b[i], frame);
    if (foot.distance_m < best.distance_m) best = {foot.along_m, way, foot.at, b[i], foot.distance_m};
  }
  if (best.distance_m > limit_m) return std::nullopt;
  return best;
}

geo::Polyline stretch(const geo::Polyline& line, const Frame& frame, double from_m, double to_m) {
  if (from_m > to_m) return reversed(stretch(line, frame, to_m, from_m));
  geo::Polyline out;
  const auto add = [&](geo::Point p) {
    if (out.empty() || out.back() != p) out.push_back(p);
  };
  double way = 0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const double length = frame.distance_m(line[i], line[i + 1]);
    const double next = way + length;
    if (next >= from_m && way <= to_m && length > 0) {
      add(from_m <= way ? line[i] : point_between(line[i], line[i + 1], (from_m - way) / length));
      add(to_m >= next ? line[i + 1] : point_between(line[i], line[i + 1], (to_m - way) / length));
    }
    way = next;
  }
  return out;
}

geo::Polyline reversed(geo::Polyline line) {
  std::reverse(line.begin(), line.end());
  return line;
}

bool covers(const geo::Ring& ring, double lon, double lat) {
  bool in = false;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const geo::Point a = ring[i];
    const geo::Point b = ring[i + 1 == ring.size() ? 0 : i + 1];
    if ((a.lat > lat) == (b.lat > lat)) continue;
    const double at =
        a.lon + (lat - a.lat) / (static_cast<double>(b.lat) - a.lat) * (static_cast<double>(b.lon) - a.lon);
    if (lon < at) in = !in;
  }
  return in;
}

bool covers(const geo::MultiPolygon& shape, double lon, double lat) {
  bool in = false;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) { in ^= covers(ring, lon, lat); });
  return in;
}

double edge_distance_m(const geo::MultiPolygon& shape, geo::Point p) {
  const Frame frame(p);
  double best = kInfinite;
  geo::for_each_ring(shape, [&](const geo::Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const geo::Point b = ring[i + 1 == ring.size() ? 0 : i + 1];
      best = std::min(best, nearest_on(frame.to_metres(ring[i]), frame.to_metres(b), {0, 0}).distance);
    }
  });
  return best;
}

}  // namespace catchment::engine::zone_text
