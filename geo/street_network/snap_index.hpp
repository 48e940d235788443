// Which streets are near a place, and what bars the way to them. Internal to the street network; the user of
// Boost.Geometry's R-tree.
#pragma once

#include <memory>
#include <vector>

#include "geo/shapes.hpp"
#include "geo/street_network/graph.hpp"

namespace catchment::geo {

// A place on an edge and the straight way to it.
struct Foot {
  std::uint32_t edge = 0;
  std::uint32_t vertex = 0;  // the foot lies between this vertex and the next
  Point at;
  double distance_m = 0;
  WalkKey key;  // the straight way, with the barriers it crosses
};

class SnapIndex {
 public:
  explicit SnapIndex(const Graph& graph);  // refers to it
  ~SnapIndex();

  // The nearest foot the way to which crosses nothing, on components of at least min_component_m; of equally near ones
  // that of the lowest edge. If `across`, and there is none within the limit, the nearest of all, with what is crossed.
  std::optional<Foot> find(Point p, double limit_m, double min_component_m, bool across) const;

 private:
  struct Trees;
  std::vector<Foot> feet(Point p, double radius_m, double min_component_m) const;
  WalkKey crossed(Point p, const Foot& foot) const;

  const Graph& graph_;
  Box box_;
  std::unique_ptr<Trees> trees_;
};

}  // namespace catchment::geo
