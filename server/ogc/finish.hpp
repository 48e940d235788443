// What of a collection follows from its tables.
#pragma once

#include <string>

#include "server/ogc/collection.hpp"

namespace catchment::ogc {

// A shape at the end of `shapes`, as the next feature's.
void add_shape(Shapes& shapes, std::span<const geo::Point> points);
void add_shape(Shapes& shapes, const geo::MultiPolygon& area);

// Fills what is made: properties, boxes, tree, extent, time, version. Throws InputError("package_corrupt") if an id
// occurs twice.
void finish(Collection& collection);

// Chooses the three-degree Gauss-Kruger system of CGCS2000 whose meridian is nearest to the city's middle, and projects
// every vertex. The only use of PROJ.
void project(Published& published);

}  // namespace catchment::ogc
