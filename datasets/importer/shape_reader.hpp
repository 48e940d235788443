// OGR geometry -> fixed-point shapes of the package, projected on the way. Curves are linearised, heights dropped.
#pragma once

#include <optional>
#include <vector>

#include "datasets/importer/evaluate.hpp"
#include "geo/projection.hpp"
#include "geo/shapes.hpp"

class OGRGeometry;

namespace catchment::datasets {

// All throw RowProblem(field "geometry"): geometry_missing, geometry_type (a kind the table cannot hold),
// geometry_position (not finite or off the globe), geometry_large.
//
// Rings keep order and direction and every vertex of the source, repeated ones too, so that the soundness check sees
// what was published. Two exceptions: the closing point is dropped, and so is a vertex that equals its neighbour only
// because of rounding to 1e-7 degree: that is our doing, not the publisher's.
class ShapeReader {
 public:
  explicit ShapeReader(const geo::Crs& crs);

  geo::Point position(double x, double y) const;
  geo::Point point(const OGRGeometry& geometry) const;                  // a point, or a multipoint of one
  geo::Point centroid(const OGRGeometry& geometry) const;               // of anything, computed where it is published
  std::vector<geo::Polyline> lines(const OGRGeometry& geometry) const;  // one per part
  geo::MultiPolygon area(const OGRGeometry& geometry) const;            // collections of polygons are flattened

 private:
  geo::Projection projection_;
  bool identity_;  // already longitude, latitude in degrees on CGCS2000 or WGS 84
};

}  // namespace catchment::datasets
