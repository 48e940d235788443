// Does a set of shapes tile an outline? Exact.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::datasets::synth {

// "" or what is wrong. Every directed edge occurs once; its opposite belongs to another shape, or, if to none, the edge
// itself is on the outline; areas sum to the outline's in integers; every shell is counter-clockwise, every hole
// clockwise, and no ring passes a vertex twice.
inline std::string find_tiling_fault(const std::vector<geo::MultiPolygon>& shapes, const geo::MultiPolygon& outline) {
  using Edge = std::pair<geo::Point, geo::Point>;
  std::map<Edge, std::size_t> owner;
  std::string fault;
  __int128 area = 0;
  const auto add_edges = [&](const geo::MultiPolygon& shape, std::size_t number, auto&& add) {
    geo::for_each_ring(shape, [&](const geo::Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) add(Edge{ring[i], ring[(i + 1) % ring.size()]}, number);
    });
  };
  for (std::size_t n = 0; n < shapes.size(); ++n) {
    for (const geo::Polygon& part : shapes[n]) {
      if (geo::signed_area_twice(part.shell) <= 0) fault = "a shell is not counter-clockwise";
      for (const geo::Ring& hole : part.holes) {
        if (geo::signed_area_twice(hole) >= 0) fault = "a hole is not clockwise";
      }
    }
    geo::for_each_ring(shapes[n], [&](const geo::Ring& ring) {
      area += geo::signed_area_twice(ring);
      std::vector<geo::Point> sorted = ring;
      std::sort(sorted.begin(), sorted.end());
      if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) fault = "a ring passes a vertex twice";
    });
    add_edges(shapes[n], n, [&](const Edge& e, std::size_t number) {
      if (!owner.emplace(e, number).second) fault = "an edge has two owners on one side";
    });
  }
  std::map<Edge, std::size_t> outer;
  add_edges(outline, 0, [&](const Edge& e, std::size_t) { outer.emplace(e, 0); });
  for (const auto& [edge, number] : owner) {
    const auto opposite = owner.find({edge.second, edge.first});
    if (opposite == owner.end()) {
      if (outer.erase(edge) == 0) fault = "an inner edge has one owner";
    } else if (opposite->second == number) {
      fault = "a seam inside a shape";
    }
  }
  if (!outer.empty()) fault = "an outline edge has no owner";
  geo::for_each_ring(outline, [&](const geo::Ring& ring) { area -= geo::signed_area_twice(ring); });
  if (area != 0) fault = "areas do not sum to the outline's";
  return fault;
}

}  // namespace catchment::datasets::synth
