// The engines we are measured against, each used as its own documentation advises.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::bench {

struct Engine {
  std::string name;
  double build_ms = 0;
  double megabytes = 0;  // 0 = the engine does not say
  // out[i] = number of one zone that covers points[i] (any of them on a line), or -1.
  std::function<void(std::span<const geo::Degrees> points, std::span<std::int32_t> out)> run;
};

Engine geos_prepared(std::span<const geo::MultiPolygon> zones);  // C API: STRtree, PreparedCovers, a point per query
Engine geos_locator(std::span<const geo::MultiPolygon> zones);   // C++: TemplateSTRtree, IndexedPointInAreaLocator
Engine boost_rtree(std::span<const geo::MultiPolygon> zones);    // packed rtree, covered_by
Engine s2_index(std::span<const geo::MultiPolygon> zones);       // MutableS2ShapeIndex, ContainsPointQuery, semi-open

}  // namespace catchment::bench
