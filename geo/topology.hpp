// Validity, repair, overlay and the planar arrangement of a layer. The only user of GEOS.
//
// Everything goes through GEOS as whole units relative to the low corner of the input, which doubles hold exactly, and
// every overlay is computed on a grid of one unit: results have integer vertices and are valid on them, not only before
// rounding.
//
// Shapes that come back are in normal form: shells counter-clockwise, holes clockwise, each ring from its least point
// on, holes and parts sorted. Equal areas with equal vertices are therefore equal values. A failure inside GEOS throws
// InputError("topology") with its message; overlay and relate need valid input.
#pragma once

#include <span>
#include <string>

#include "geo/shapes.hpp"

namespace catchment::geo {

struct Validity {
  bool valid = true;
  std::string reason;  // GEOS' words: "Self-intersection", "Too few points in geometry component", ...
  Point place;         // where, to the nearest unit
};

// By the rules of OGC simple features. An empty shape is valid.
Validity check_validity(const MultiPolygon& shape);

// The even-odd area of all rings as a valid shape. Crossing points of edges move to whole units.
MultiPolygon make_valid(const MultiPolygon& shape);

// The union of valid shapes.
MultiPolygon dissolve(std::span<const MultiPolygon> shapes);

enum class OverlayKind { intersection, union_of, difference, symmetric_difference };
MultiPolygon overlay(const MultiPolygon& a, const MultiPolygon& b, OverlayKind kind);

// The DE-9IM matrix of two valid shapes, nine characters of F, 0, 1, 2.
std::string relate(const MultiPolygon& a, const MultiPolygon& b);

// A face of the arrangement and a position inside it, in units. The position is not whole: a face may be too thin for
// that.
struct ArrangedFace {
  Polygon shape;
  double inside_lon = 0;
  double inside_lat = 0;
};

// The bounded faces of all rings of all shapes and all cuts drawn together, snap-rounded: wherever lines cross, touch
// or pass within half a unit of a vertex both get a vertex there, so neighbouring faces share their edges vertex by
// vertex. Sorted by shape.
std::vector<ArrangedFace> arrange(std::span<const MultiPolygon> shapes, std::span<const Polyline> cuts = {});

// The union of faces of one arrangement: shared edges vanish and every other vertex stays.
MultiPolygon join_faces(std::span<const Polygon> faces);

// The shape in normal form, without any other change.
MultiPolygon normalised(MultiPolygon shape);

// On the ellipsoid's local scale at the shape's middle: right to 0.1 % for shapes within 10 km. Holes count negative,
// whatever their direction.
double flat_area_m2(const MultiPolygon& shape);

}  // namespace catchment::geo
