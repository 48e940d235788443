#include "server/tiles/planar.hpp"

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

namespace catchment::tiles {
namespace {

// GEOS contexts are not thread-safe: one per thread.
GEOSContextHandle_t context() {
  struct Context {
    Context() : handle(GEOS_init_r()) {}
    ~Context() { GEOS_finish_r(handle); }
    GEOSContextHandle_t handle;
  };
  thread_local const Context own;
  return own.handle;
}

struct Destroy {
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context(), g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, Destroy>;

Geometry owned(GEOSGeometry* geometry, const char* what) {
  if (geometry == nullptr) throw std::runtime_error(std::string("GEOS: ") + what);
  return Geometry(geometry);
}

GEOSGeometry* to_linear_ring(const TileRing& ring) {
  std::vector<double> flat;
  flat.reserve(ring.size() * 2 + 2);
  for (std::size_t i = 0; i <= ring.size(); ++i) {
    flat.push_back(ring[i % ring.size()].x);
    flat.push_back(ring[i % ring.size()].y);
  }
  return GEOSGeom_createLinearRing_r(
      context(), GEOSCoordSeq_copyFromBuffer_r(context(), flat.data(), static_cast<unsigned>(ring.size() + 1), 0, 0));
}

Geometry to_geometry(std::span<const TilePolygon> polygons) {
  std::vector<GEOSGeometry*> parts;
  for (const TilePolygon& polygon : polygons) {
    std::vector<GEOSGeometry*> holes;
    for (const TileRing& hole : polygon.holes) holes.push_back(to_linear_ring(hole));
    parts.push_back(GEOSGeom_createPolygon_r(context(), to_linear_ring(polygon.shell), holes.data(),
                                             static_cast<unsigned>(holes.size())));
  }
  if (parts.size() == 1) return owned(parts.front(), "polygon");
  return owned(
      GEOSGeom_createCollection_r(context(), GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size())),
      "multipolygon");
}

TileRing to_ring(const GEOSGeometry* ring) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(context(), ring);
  unsigned size = 0;
  GEOSCoordSeq_getSize_r(context(), sequence, &size);
  std::vector<double> flat(std::size_t{size} * 2);
  GEOSCoordSeq_copyToBuffer_r(context(), sequence, flat.data(), 0, 0);
  TileRing out;
  for (unsigned i = 0; i + 1 < size; ++i) {
    out.push_back({static_cast<int>(std::lrint(flat[i * 2])), static_cast<int>(std::lrint(flat[i * 2 + 1]))});
  }
  return out;
}

// The polygonal parts; lines and points left by an intersection are dropped.
void collect(const GEOSGeometry* geometry, std::vector<TilePolygon>& out) {
  const int type = GEOSGeomTypeId_r(context(), geometry);
  if (type == GEOS_POLYGON) {
    if (GEOSisEmpty_r(context(), geometry) != 0) return;
    TilePolygon polygon{to_ring(GEOSGetExteriorRing_r(context(), geometry)), {}};
    const int holes = GEOSGetNumInteriorRings_r(context(), geometry);
    for (int i = 0; i < holes; ++i) polygon.holes.push_back(to_ring(GEOSGetInteriorRingN_r(context(), geometry, i)));
    out.push_back(std::move(polygon));
  } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
    const int parts = GEOSGetNumGeometries_r(context(), geometry);
    for (int i = 0; i < parts; ++i) collect(GEOSGetGeometryN_r(context(), geometry, i), out);
  }
}

std::vector<TilePolygon> to_polygons(const GEOSGeometry* geometry) {
  std::vector<TilePolygon> out;
  collect(geometry, out);
  return out;
}

TilePoint rounded_point(double x, double y) {
  return {static_cast<int>(std::lrint(x)), static_cast<int>(std::lrint(y))};
}

}  // namespace

TileBox box_of(std::span<const TilePolygon> polygons) {
  constexpr int kMax = std::numeric_limits<int>::max(), kMin = std::numeric_limits<int>::min();
  TileBox box{kMax, kMax, kMin, kMin};
  for (const TilePolygon& polygon : polygons) {
    for (const TilePoint p : polygon.shell) {
      box = {std::min(box.min_x, p.x), std::min(box.min_y, p.y), std::max(box.max_x, p.x), std::max(box.max_y, p.y)};
    }
  }
  return box;
}

bool is_valid(std::span<const TilePolygon> polygons) {
  return polygons.empty() || GEOSisValid_r(context(), to_geometry(polygons).get()) == 1;
}

std::vector<TilePolygon> made_valid(std::span<const TilePolygon> polygons) {
  if (polygons.empty()) return {};
  const Geometry valid = owned(GEOSMakeValid_r(context(), to_geometry(polygons).get()), "make valid");
  const std::vector<TilePolygon> parts = to_polygons(valid.get());  // rounds the crossings
  if (is_valid(parts)) return parts;
  // Rounding made new touches: let the overlay snap them, in exact coordinates.
  return to_polygons(owned(GEOSUnaryUnionPrec_r(context(), valid.get(), 1.0), "union").get());
}

std::vector<TilePolygon> clipped_by_overlay(std::span<const TilePolygon> polygons, const TileBox& box) {
  if (polygons.empty()) return {};
  const Geometry window =
      owned(GEOSGeom_createRectangle_r(context(), box.min_x, box.min_y, box.max_x, box.max_y), "box");
  const Geometry part =
      owned(GEOSIntersectionPrec_r(context(), to_geometry(polygons).get(), window.get(), 1.0), "clip");
  return to_polygons(part.get());
}

std::optional<TilePoint> label_point(std::span<const TilePolygon> polygons) {
  if (polygons.empty()) return std::nullopt;
  const TileBox box = box_of(polygons);
  const double tolerance = std::max(1.0, std::min(box.max_x - box.min_x, box.max_y - box.min_y) / 50.0);
  const Geometry radius(GEOSMaximumInscribedCircle_r(context(), to_geometry(polygons).get(), tolerance));
  if (!radius) return std::nullopt;
  const Geometry middle = owned(GEOSGeomGetStartPoint_r(context(), radius.get()), "label");
  double x = 0, y = 0;
  GEOSGeomGetX_r(context(), middle.get(), &x);
  GEOSGeomGetY_r(context(), middle.get(), &y);
  return rounded_point(x, y);
}

}  // namespace catchment::tiles
