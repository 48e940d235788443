#include "engine/planning/city/cut_shapes.hpp"

#include <algorithm>
#include <cmath>

#include "geo/even_odd.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::planning {
namespace {

// An arrangement moves the line's crossings by up to a unit.
constexpr double kOnLine = 1.5;

double distance_to(geo::Point a, geo::Point b, geo::Point p) {
  const double bx = static_cast<double>(b.lon) - a.lon, by = static_cast<double>(b.lat) - a.lat;
  const double px = static_cast<double>(p.lon) - a.lon, py = static_cast<double>(p.lat) - a.lat;
  const double length2 = bx * bx + by * by;
  const double t = length2 > 0 ? std::clamp((px * bx + py * by) / length2, 0.0, 1.0) : 0;
  return std::hypot(px - t * bx, py - t * by);
}

// Length of the edge a -> b along the line, negative against it; 0 if it is none of the line.
double along_line(const geo::Polyline& line, geo::Point a, geo::Point b) {
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const geo::Point from = line[i];
    const geo::Point to = line[i + 1];
    if (distance_to(from, to, a) > kOnLine || distance_to(from, to, b) > kOnLine) continue;
    const double ex = static_cast<double>(b.lon) - a.lon, ey = static_cast<double>(b.lat) - a.lat;
    const double dot = ex * (static_cast<double>(to.lon) - from.lon) + ey * (static_cast<double>(to.lat) - from.lat);
    return dot >= 0 ? std::hypot(ex, ey) : -std::hypot(ex, ey);
  }
  return 0;
}

LineSide side_of(const geo::Polygon& face, const geo::Polyline& line) {
  double left = 0, right = 0;
  // The face lies left of its own edges: shells run counter-clockwise, holes clockwise.
  geo::for_each_ring({face}, [&](const geo::Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const double length = along_line(line, ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]);
      (length >= 0 ? left : right) += std::fabs(length);
    }
  });
  if (left <= 2 * kOnLine && right <= 2 * kOnLine) return LineSide::apart;
  if (std::min(left, right) > 2 * kOnLine) return LineSide::both;
  return left > right ? LineSide::left : LineSide::right;
}

}  // namespace

CutArea cut_by_region(const geo::MultiPolygon& shape, const geo::MultiPolygon& region) {
  if (!geo::bounding_box(shape).intersects(geo::bounding_box(region))) return {{}, shape};
  return {geo::overlay(shape, region, geo::OverlayKind::intersection),
          geo::overlay(shape, region, geo::OverlayKind::difference)};
}

std::vector<LineFace> part_by_line(const std::vector<geo::MultiPolygon>& shapes, const geo::Polyline& line) {
  std::vector<LineFace> faces;
  for (geo::ArrangedFace& face : geo::arrange(shapes, std::vector<geo::Polyline>{line})) {
    faces.push_back({std::move(face.shape), face.inside_lon, face.inside_lat, LineSide::apart});
    faces.back().side = side_of(faces.back().shape, line);
  }
  return faces;
}

bool covers_point(const geo::MultiPolygon& shape, geo::Point p) {
  return geo::covers_between_units(shape, geo::Point{}, p.lon, p.lat);
}

}  // namespace catchment::engine::planning
