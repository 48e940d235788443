#include "geo/topology.hpp"

#include <geos_c.h>

#include <cmath>
#include <cstdarg>
#include <memory>

#include "geo/input_error.hpp"

namespace catchment::geo {
namespace {

class Context {
 public:
  Context() : handle_(GEOS_init_r()) {
    GEOSContext_setErrorMessageHandler_r(
        handle_, [](const char* text, void* self) { static_cast<Context*>(self)->message_ = text; }, this);
    GEOSContext_setNoticeMessageHandler_r(
        handle_, [](const char*, void*) {}, nullptr);
  }
  ~Context() { GEOS_finish_r(handle_); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  operator GEOSContextHandle_t() const { return handle_; }
  [[noreturn]] void fail(const char* what) const {
    throw InputError("topology", "", std::string(what) + ": " + (message_.empty() ? "no reason given" : message_));
  }

 private:
  GEOSContextHandle_t handle_;
  std::string message_;
};

struct Destroy {
  GEOSContextHandle_t handle;
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(handle, g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, Destroy>;

// Moves shapes between our units and GEOS' doubles for one call.
class Bridge {
 public:
  explicit Bridge(Point origin) : origin_(origin) {}

  const Context& context() const { return context_; }
  Geometry take(GEOSGeometry* g, const char* what) const {
    if (g == nullptr) context_.fail(what);
    return {g, Destroy{context_}};
  }

  GEOSGeometry* line(const Polyline& points, bool closed, bool as_ring) const {
    std::vector<double> xy;
    xy.reserve(2 * points.size() + 2);
    for (const Point p : points) {
      xy.push_back(static_cast<double>(p.lon) - origin_.lon);
      xy.push_back(static_cast<double>(p.lat) - origin_.lat);
    }
    if (closed && !points.empty()) {
      xy.push_back(xy[0]);
      xy.push_back(xy[1]);
    }
    GEOSCoordSequence* sequence =
        GEOSCoordSeq_copyFromBuffer_r(context_, xy.data(), static_cast<unsigned>(xy.size() / 2), 0, 0);
    if (sequence == nullptr) context_.fail("coordinates");
    return as_ring ? GEOSGeom_createLinearRing_r(context_, sequence) : GEOSGeom_createLineString_r(context_, sequence);
  }

  GEOSGeometry* polygon(const Polygon& part) const {
    GEOSGeometry* shell = line(part.shell, true, true);
    if (shell == nullptr) context_.fail("ring");
    std::vector<GEOSGeometry*> holes;
    for (const Ring& ring : part.holes) {
      holes.push_back(line(ring, true, true));
      if (holes.back() == nullptr) context_.fail("ring");
    }
    return GEOSGeom_createPolygon_r(context_, shell, holes.data(), static_cast<unsigned>(holes.size()));
  }

  Geometry collect(int type, std::vector<GEOSGeometry*>& parts) const {
    return take(GEOSGeom_createCollection_r(context_, type, parts.data(), static_cast<unsigned>(parts.size())),
                "collection");
  }

  Geometry multi(std::span<const Polygon> shape) const {
    std::vector<GEOSGeometry*> parts;
    for (const Polygon& part : shape) parts.push_back(polygon(part));
    if (parts.size() == 1) return take(parts[0], "polygon");
    return collect(GEOS_MULTIPOLYGON, parts);
  }

  Point point(double x, double y) const {
    return {static_cast<std::int32_t>(std::nearbyint(x) + origin_.lon),
            static_cast<std::int32_t>(std::nearbyint(y) + origin_.lat)};
  }

  // The polygons of any geometry; points and lines in a collection are left out.
  void append_polygons(const GEOSGeometry* g, std::vector<Polygon>& out) const {
    const int type = GEOSGeomTypeId_r(context_, g);
    if (type == GEOS_POLYGON) {
      if (GEOSisEmpty_r(context_, g) == 1) return;
      Polygon part;
      part.shell = ring(GEOSGetExteriorRing_r(context_, g));
      const int holes = GEOSGetNumInteriorRings_r(context_, g);
      for (int i = 0; i < holes; ++i) part.holes.push_back(ring(GEOSGetInteriorRingN_r(context_, g, i)));
      out.push_back(std::move(part));
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
      const int parts = GEOSGetNumGeometries_r(context_, g);
      for (int i = 0; i < parts; ++i) append_polygons(GEOSGetGeometryN_r(context_, g, i), out);
    }
  }

  MultiPolygon shape(const Geometry& g) const {
    MultiPolygon out;
    append_polygons(g.get(), out);
    return normalised(std::move(out));
  }

 private:
  Ring ring(const GEOSGeometry* g) const {
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(context_, g);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(context_, sequence, &size);
    std::vector<double> xy(2 * std::size_t{size});
    GEOSCoordSeq_copyToBuffer_r(context_, sequence, xy.data(), 0, 0);
    Ring out;
    for (std::size_t i = 0; i + 1 < size; ++i) out.push_back(point(xy[2 * i], xy[2 * i + 1]));
    return out;
  }

  Context context_;
  Point origin_;
};

Point low_corner(std::initializer_list<const MultiPolygon*> shapes) {
  Box box;
  for (const MultiPolygon* shape : shapes) box.extend(bounding_box(*shape));
  return box.empty() ? Point{} : box.min;
}

Point low_corner(std::span<const MultiPolygon> shapes) {
  Box box;
  for (const MultiPolygon& shape : shapes) box.extend(bounding_box(shape));
  return box.empty() ? Point{} : box.min;
}

void turn_ring(Ring& ring, bool counter_clockwise) {
  if ((signed_area_twice(ring) > 0) != counter_clockwise) std::reverse(ring.begin(), ring.end());
  std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end()), ring.end());
}

bool less(const Polygon& a, const Polygon& b) { return a.shell != b.shell ? a.shell < b.shell : a.holes < b.holes; }

// GEOS refuses to make a ring of one to three coordinates, closing one included; it is invalid all the same.
const Ring* find_short_ring(const MultiPolygon& shape) {
  const Ring* found = nullptr;
  for_each_ring(shape, [&](const Ring& ring) {
    if (ring.size() < 3 && found == nullptr) found = &ring;
  });
  return found;
}

MultiPolygon without_short_rings(const MultiPolygon& shape) {
  MultiPolygon out;
  for (const Polygon& part : shape) {
    if (part.shell.size() < 3) continue;
    out.push_back({part.shell, {}});
    for (const Ring& hole : part.holes) {
      if (hole.size() >= 3) out.back().holes.push_back(hole);
    }
  }
  return out;
}

}  // namespace

Validity check_validity(const MultiPolygon& shape) {
  if (shape.empty()) return {};
  if (const Ring* ring = find_short_ring(shape)) {
    const Point any = ring->empty() ? low_corner({&shape}) : ring->front();
    return {false, "Too few points in geometry component", any};
  }
  const Bridge bridge(low_corner({&shape}));
  const Geometry g = bridge.multi(shape);
  char* reason = nullptr;
  GEOSGeometry* location = nullptr;
  const char answer = GEOSisValidDetail_r(bridge.context(), g.get(), 0, &reason, &location);
  if (answer == 2) bridge.context().fail("validity");
  if (answer == 1) return {};
  Validity out{false, reason == nullptr ? "" : reason, bounding_box(shape).min};
  GEOSFree_r(bridge.context(), reason);
  if (location != nullptr) {
    const Geometry place = bridge.take(location, "location");
    double x = 0;
    double y = 0;
    if (GEOSGeomGetX_r(bridge.context(), place.get(), &x) == 1 &&
        GEOSGeomGetY_r(bridge.context(), place.get(), &y) == 1) {
      out.place = bridge.point(x, y);
    }
  }
  return out;
}

MultiPolygon make_valid(const MultiPolygon& shape) {
  const MultiPolygon usable = without_short_rings(shape);
  if (usable.empty()) return {};
  const Bridge bridge(low_corner({&usable}));
  const Geometry g = bridge.multi(usable);
  const Geometry valid = bridge.take(GEOSMakeValid_r(bridge.context(), g.get()), "make valid");
  MultiPolygon parts;  // without the points and lines that zero-width spikes leave behind
  bridge.append_polygons(valid.get(), parts);
  // The extraction above rounds, so an area that was only valid between units is made valid on them here.
  const Geometry areas = bridge.multi(parts);
  if (GEOSisValid_r(bridge.context(), areas.get()) == 1) return normalised(std::move(parts));
  const Geometry snapped = bridge.take(GEOSGeom_setPrecision_r(bridge.context(), valid.get(), 1.0, 0), "make valid");
  return bridge.shape(snapped);
}

MultiPolygon dissolve(std::span<const MultiPolygon> shapes) {
  const Bridge bridge(low_corner(shapes));
  std::vector<GEOSGeometry*> parts;
  for (const MultiPolygon& shape : shapes) {
    for (const Polygon& part : shape) parts.push_back(bridge.polygon(part));
  }
  if (parts.empty()) return {};
  const Geometry all = bridge.collect(GEOS_GEOMETRYCOLLECTION, parts);
  return bridge.shape(bridge.take(GEOSUnaryUnionPrec_r(bridge.context(), all.get(), 1.0), "union"));
}

MultiPolygon overlay(const MultiPolygon& a, const MultiPolygon& b, OverlayKind kind) {
  const Bridge bridge(low_corner({&a, &b}));
  const Geometry ga = bridge.multi(a);
  const Geometry gb = bridge.multi(b);
  const Context& context = bridge.context();
  GEOSGeometry* result = nullptr;
  switch (kind) {
    case OverlayKind::intersection:
      result = GEOSIntersectionPrec_r(context, ga.get(), gb.get(), 1.0);
      break;
    case OverlayKind::union_of:
      result = GEOSUnionPrec_r(context, ga.get(), gb.get(), 1.0);
      break;
    case OverlayKind::difference:
      result = GEOSDifferencePrec_r(context, ga.get(), gb.get(), 1.0);
      break;
    case OverlayKind::symmetric_difference:
      result = GEOSSymDifferencePrec_r(context, ga.get(), gb.get(), 1.0);
      break;
  }
  return bridge.shape(bridge.take(result, "overlay"));
}

std::string relate(const MultiPolygon& a, const MultiPolygon& b) {
  const Bridge bridge(low_corner({&a, &b}));
  const Geometry ga = bridge.multi(a);
  const Geometry gb = bridge.multi(b);
  char* matrix = GEOSRelate_r(bridge.context(), ga.get(), gb.get());
  if (matrix == nullptr) bridge.context().fail("relate");
  std::string out = matrix;
  GEOSFree_r(bridge.context(), matrix);
  return out;
}

std::vector<ArrangedFace> arrange(std::span<const MultiPolygon> shapes, std::span<const Polyline> cuts) {
  const Bridge bridge(low_corner(shapes));
  const Context& context = bridge.context();
  std::vector<GEOSGeometry*> lines;
  for (const MultiPolygon& shape : shapes) {
    for_each_ring(shape, [&](const Ring& ring) {
      if (ring.size() >= 2) lines.push_back(bridge.line(ring, true, false));
    });
  }
  for (const Polyline& cut : cuts) {
    if (cut.size() >= 2) lines.push_back(bridge.line(cut, false, false));
  }
  if (lines.empty()) return {};
  const Geometry all = bridge.collect(GEOS_MULTILINESTRING, lines);
  const Geometry noded = bridge.take(GEOSUnaryUnionPrec_r(context, all.get(), 1.0), "arrangement");
  const GEOSGeometry* input = noded.get();
  const Geometry polygons = bridge.take(GEOSPolygonize_r(context, &input, 1), "arrangement");
  std::vector<ArrangedFace> faces;
  const int count = GEOSGetNumGeometries_r(context, polygons.get());
  for (int i = 0; i < count; ++i) {
    const GEOSGeometry* g = GEOSGetGeometryN_r(context, polygons.get(), i);
    std::vector<Polygon> part;
    bridge.append_polygons(g, part);
    const Geometry inside = bridge.take(GEOSPointOnSurface_r(context, g), "arrangement");
    ArrangedFace face{normalised(std::move(part)).at(0)};
    GEOSGeomGetX_r(context, inside.get(), &face.inside_lon);
    GEOSGeomGetY_r(context, inside.get(), &face.inside_lat);
    const Point origin = bridge.point(0, 0);
    face.inside_lon += origin.lon;
    face.inside_lat += origin.lat;
    faces.push_back(std::move(face));
  }
  std::sort(faces.begin(), faces.end(),
            [](const ArrangedFace& a, const ArrangedFace& b) { return less(a.shape, b.shape); });
  return faces;
}

MultiPolygon join_faces(std::span<const Polygon> faces) {
  if (faces.empty()) return {};
  Box box;
  for (const Polygon& face : faces) {
    for (const Point p : face.shell) box.extend(p);
  }
  const Bridge bridge(box.min);
  const Geometry all = bridge.multi(faces);
  return bridge.shape(bridge.take(GEOSCoverageUnion_r(bridge.context(), all.get()), "joining faces"));
}

MultiPolygon normalised(MultiPolygon shape) {
  for (Polygon& part : shape) {
    turn_ring(part.shell, true);
    for (Ring& hole : part.holes) turn_ring(hole, false);
    std::sort(part.holes.begin(), part.holes.end());
  }
  std::sort(shape.begin(), shape.end(), less);
  return shape;
}

double flat_area_m2(const MultiPolygon& shape) {
  const Box box = bounding_box(shape);
  if (box.empty()) return 0;
  const LocalScale scale = local_scale(static_cast<std::int32_t>((std::int64_t{box.min.lat} + box.max.lat) / 2));
  double twice = 0;
  for (const Polygon& part : shape) {
    twice += std::fabs(static_cast<double>(signed_area_twice(part.shell)));
    for (const Ring& hole : part.holes) twice -= std::fabs(static_cast<double>(signed_area_twice(hole)));
  }
  return twice / 2 * scale.lon_m * scale.lat_m;
}

}  // namespace catchment::geo
