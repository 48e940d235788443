// Do shapes tile what they should? Exact.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::datasets::synth {

using DirectedEdge = std::pair<geo::Point, geo::Point>;

template <class Visit>
void for_each_edge(const geo::MultiPolygon& shape, Visit&& visit) {
  geo::for_each_ring(shape, [&](const geo::Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) visit(DirectedEdge{ring[i], ring[(i + 1) % ring.size()]});
  });
}

// What is left of all edges when opposite ones cancel, and twice the area.
struct Rim {
  std::set<DirectedEdge> edges;
  __int128 area_twice = 0;

  friend bool operator==(const Rim&, const Rim&) = default;
};

inline Rim rim_of(const std::vector<geo::MultiPolygon>& shapes) {
  Rim rim;
  for (const geo::MultiPolygon& shape : shapes) {
    for_each_edge(shape, [&](const DirectedEdge& e) {
      if (rim.edges.erase({e.second, e.first}) == 0) rim.edges.insert(e);
    });
    geo::for_each_ring(shape, [&](const geo::Ring& ring) { rim.area_twice += geo::signed_area_twice(ring); });
  }
  return rim;
}

// "" or what is wrong. Every directed edge occurs once, its opposite in another shape or nowhere; shells are
// counter-clockwise, holes clockwise; no ring passes a vertex twice.
inline std::string find_tiling_fault(const std::vector<geo::MultiPolygon>& shapes) {
  std::map<DirectedEdge, std::size_t> owner;
  std::string fault;
  for (std::size_t n = 0; n < shapes.size(); ++n) {
    for (const geo::Polygon& part : shapes[n]) {
      if (geo::signed_area_twice(part.shell) <= 0) fault = "a shell is not counter-clockwise";
      for (const geo::Ring& hole : part.holes) {
        if (geo::signed_area_twice(hole) >= 0) fault = "a hole is not clockwise";
      }
    }
    geo::for_each_ring(shapes[n], [&](const geo::Ring& ring) {
      std::vector<geo::Point> sorted = ring;
      std::sort(sorted.begin(), sorted.end());
      if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) fault = "a ring passes a vertex twice";
    });
    for_each_edge(shapes[n], [&](const DirectedEdge& e) {
      if (!owner.emplace(e, n).second) fault = "an edge has two owners on one side";
    });
  }
  for (const auto& [edge, number] : owner) {
    const auto opposite = owner.find({edge.second, edge.first});
    if (opposite != owner.end() && opposite->second == number) fault = "a seam inside a shape";
  }
  return fault;
}

// "" if the shapes tile exactly the given rim.
inline std::string find_tiling_fault(const std::vector<geo::MultiPolygon>& shapes, const Rim& rim) {
  const std::string fault = find_tiling_fault(shapes);
  if (!fault.empty()) return fault;
  const Rim own = rim_of(shapes);
  if (own.edges != rim.edges) return "an edge inside has one owner, or one of the rim has none";
  return own.area_twice == rim.area_twice ? "" : "areas do not sum";
}

}  // namespace catchment::datasets::synth
