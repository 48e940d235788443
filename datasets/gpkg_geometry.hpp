// GeoPackage geometry blobs (a header, then WKB) <-> fixed-point shapes. Safe on any bytes: every count is checked
// against the bytes that are left before memory is taken for it, and nesting is limited.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::datasets {

inline constexpr int kPackageSrs = 4490;  // CGCS2000 longitude, latitude

using Blob = std::vector<std::byte>;

// Replace the contents of out, whose capacity is kept: one buffer serves a million rows. Lines and areas carry an
// envelope. A ring is written closed; an area is always a MULTIPOLYGON.
void to_gpkg(geo::Point point, Blob& out);
void to_gpkg(const geo::Polyline& line, Blob& out);
void to_gpkg(const geo::MultiPolygon& area, Blob& out);

// The inverses. Also read: Z and M (dropped) in ISO and EWKB spelling, either byte order at any level, POLYGON and
// collections of polygons where an area is wanted, a MULTILINESTRING or collection of one part where a line is. Of a
// ring's repeated last point one is dropped; all other vertices are kept as they are. An empty geometry gives nullopt
// or an empty shape. Throw InputError with an empty `where`: geometry_blob (not a GeoPackage blob of ours),
// geometry_type (of another kind), geometry_truncated, geometry_depth, geometry_coordinate (not finite or off the
// globe).
std::optional<geo::Point> point_from_gpkg(std::span<const std::byte> blob);
geo::Polyline line_from_gpkg(std::span<const std::byte> blob);
geo::MultiPolygon area_from_gpkg(std::span<const std::byte> blob);

// The bounding box, from the envelope if there is one. Same errors.
geo::Box box_from_gpkg(std::span<const std::byte> blob);

}  // namespace catchment::datasets
