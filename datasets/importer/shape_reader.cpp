#include "datasets/importer/shape_reader.hpp"

#include <ogr_geometry.h>

#include <algorithm>
#include <memory>

namespace catchment::datasets {
namespace {

constexpr int kMaxVertices = 2'000'000;  // per geometry
constexpr int kMaxShapeDepth = 8;

[[noreturn]] void fail_shape(const char* code, const std::string& reason) {
  throw RowProblem{"geometry", code, reason};
}

using GeometryPtr = std::unique_ptr<OGRGeometry>;

// The geometry itself, or its linearised copy in `owned`.
const OGRGeometry& linear(const OGRGeometry& geometry, GeometryPtr& owned) {
  if (geometry.hasCurveGeometry() == 0) return geometry;
  owned.reset(geometry.getLinearGeometry());
  if (!owned) fail_shape("geometry_type", "a curve that cannot be made of lines");
  return *owned;
}

bool is_collection(const OGRGeometry& geometry) {
  return OGR_GT_IsSubClassOf(wkbFlatten(geometry.getGeometryType()), wkbGeometryCollection) != 0;
}

// Calls visit(part) for every part that is no collection.
template <class Visit>
void for_each_part(const OGRGeometry& geometry, Visit&& visit, int depth = 0) {
  if (depth > kMaxShapeDepth) fail_shape("geometry_type", "collections nested too deep");
  if (!is_collection(geometry)) return visit(geometry);
  for (const OGRGeometry* part : *geometry.toGeometryCollection()) for_each_part(*part, visit, depth + 1);
}

std::vector<geo::Point> vertices(const OGRSimpleCurve& curve, const ShapeReader& reader, bool ring) {
  const int count = curve.getNumPoints();
  if (count > kMaxVertices) fail_shape("geometry_large", "more than 2 million vertices");
  std::vector<geo::Point> points;
  points.reserve(static_cast<std::size_t>(count));
  const auto same = [&](int a, int b) { return curve.getX(a) == curve.getX(b) && curve.getY(a) == curve.getY(b); };
  const int kept = ring && count > 1 && same(0, count - 1) ? count - 1 : count;
  for (int i = 0; i < kept; ++i) {
    const geo::Point point = reader.position(curve.getX(i), curve.getY(i));
    if (!points.empty() && points.back() == point && !same(i, i - 1)) continue;
    points.push_back(point);
  }
  if (ring && points.size() > 1 && points.front() == points.back() && !same(0, kept - 1)) points.pop_back();
  return points;
}

geo::Polygon polygon(const OGRPolygon& from, const ShapeReader& reader) {
  geo::Polygon to;
  bool first = true;
  for (const OGRLinearRing* ring : from) {
    if (ring->getNumPoints() == 0) continue;
    if (first) {
      to.shell = vertices(*ring, reader, true);
      first = false;
    } else {
      to.holes.push_back(vertices(*ring, reader, true));
    }
  }
  return to;
}

}  // namespace

ShapeReader::ShapeReader(const geo::Crs& crs)
    : projection_(crs), identity_((crs.code == "EPSG:4490" || crs.code == "EPSG:4326") && !crs.north_first) {}

geo::Point ShapeReader::position(double x, double y) const {
  std::optional<geo::Degrees> degrees;
  if (identity_) {
    degrees = geo::Degrees{x, y};
  } else {
    degrees = projection_.to_cgcs2000(x, y);
  }
  const auto point = degrees ? geo::find_point(*degrees) : std::nullopt;
  if (!point) {
    fail_shape("geometry_position", "(" + std::to_string(x) + ", " + std::to_string(y) +
                                        ") is not finite, or off the globe in the declared reference system");
  }
  return *point;
}

geo::Point ShapeReader::point(const OGRGeometry& geometry) const {
  std::vector<geo::Point> points;
  for_each_part(geometry, [&](const OGRGeometry& part) {
    if (wkbFlatten(part.getGeometryType()) != wkbPoint) fail_shape("geometry_type", "a point is wanted");
    if (part.IsEmpty() == 0) points.push_back(position(part.toPoint()->getX(), part.toPoint()->getY()));
  });
  if (points.empty()) fail_shape("geometry_missing", "empty");
  if (points.size() > 1) fail_shape("geometry_type", "several points where one is wanted");
  return points.front();
}

geo::Point ShapeReader::centroid(const OGRGeometry& geometry) const {
  if (wkbFlatten(geometry.getGeometryType()) == wkbPoint) return point(geometry);
  GeometryPtr owned;
  OGRPoint centre;
  if (linear(geometry, owned).Centroid(&centre) != OGRERR_NONE || centre.IsEmpty() != 0) {
    fail_shape("geometry_missing", "has no centroid");
  }
  return position(centre.getX(), centre.getY());
}

std::vector<geo::Polyline> ShapeReader::lines(const OGRGeometry& geometry) const {
  GeometryPtr owned;
  std::vector<geo::Polyline> lines;
  for_each_part(linear(geometry, owned), [&](const OGRGeometry& part) {
    if (wkbFlatten(part.getGeometryType()) != wkbLineString) fail_shape("geometry_type", "a line is wanted");
    geo::Polyline line = vertices(*part.toLineString(), *this, false);
    if (line.size() > 1) lines.push_back(std::move(line));
  });
  if (lines.empty()) fail_shape("geometry_missing", "no line of two points or more");
  return lines;
}

geo::MultiPolygon ShapeReader::area(const OGRGeometry& geometry) const {
  GeometryPtr owned;
  geo::MultiPolygon area;
  for_each_part(linear(geometry, owned), [&](const OGRGeometry& part) {
    if (wkbFlatten(part.getGeometryType()) != wkbPolygon) fail_shape("geometry_type", "an area is wanted");
    if (part.IsEmpty() == 0) area.push_back(polygon(*part.toPolygon(), *this));
  });
  if (area.empty()) fail_shape("geometry_missing", "empty");
  return area;
}

}  // namespace catchment::datasets
