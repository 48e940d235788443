// Boxes and the exact question whether a shape touches one. Coordinates are integers fine enough that every number a
// client can mean is one: 1e-9 degree (a hundredth of a unit of geo::Point), or 0.1 mm in a projected system.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::ogc {

inline constexpr double kFinePerDegree = 1e9;
inline constexpr double kFinePerMetre = 1e4;

struct FinePoint {
  std::int64_t x = 0;  // longitude or easting
  std::int64_t y = 0;  // latitude or northing
};
inline FinePoint fine(geo::Point p) { return {std::int64_t{p.lon} * 100, std::int64_t{p.lat} * 100}; }

// Closed; the default is empty.
struct FineBox {
  FinePoint min{INT64_MAX, INT64_MAX};
  FinePoint max{INT64_MIN, INT64_MIN};

  bool empty() const { return min.x > max.x; }
  void extend(FinePoint p) {
    min = {std::min(min.x, p.x), std::min(min.y, p.y)};
    max = {std::max(max.x, p.x), std::max(max.y, p.y)};
  }
  void extend(const FineBox& b) {
    if (b.empty()) return;
    extend(b.min);
    extend(b.max);
  }
  bool contains(FinePoint p) const { return min.x <= p.x && p.x <= max.x && min.y <= p.y && p.y <= max.y; }
  bool contains(const FineBox& b) const { return contains(b.min) && contains(b.max); }
  bool intersects(const FineBox& b) const {
    return min.x <= b.max.x && b.min.x <= max.x && min.y <= b.max.y && b.min.y <= max.y;
  }
};

// True if the closed segment has a point in the closed box. Exact while coordinates stay below 2^39.
bool touches(FinePoint a, FinePoint b, const FineBox& box);

// A closed box against an area by the even-odd rule of its rings (not closed, as geo::Ring), or against points: a ring
// of one vertex. Collects rings one after the other, so that a shape need not be copied.
class BoxTouch {
 public:
  explicit BoxTouch(const FineBox& box) : box_(box) {}
  void add_vertex(FinePoint p);
  void end_ring();
  // After all rings.
  bool touched() const { return touched_ || corner_inside_; }
  bool settled() const { return touched_; }  // more rings cannot change the answer

 private:
  void add_edge(FinePoint a, FinePoint b);

  FineBox box_;
  FinePoint first_, last_;
  bool started_ = false;
  bool touched_ = false;
  bool corner_inside_ = false;  // the box's lower left corner, by the edges so far
};

// Boxes packed into a tree (sort-tile-recursive), built once. A query visits O(log n + answers) nodes for boxes that
// overlap little.
class BoxTree {
 public:
  BoxTree() = default;
  explicit BoxTree(std::span<const FineBox> boxes);  // empty boxes are never found
  // Positions of the boxes that intersect, sorted.
  std::vector<std::uint32_t> find(const FineBox& box) const;

 private:
  struct Node {
    FineBox box;
    std::uint32_t first = 0;  // of its children: nodes, or items_ in the lowest level
    std::uint32_t count = 0;
    bool leaf = false;
  };
  void find(const Node& node, const FineBox& box, std::vector<std::uint32_t>& out) const;

  std::vector<Node> nodes_;  // the root is the last
  std::vector<std::uint32_t> items_;
  std::vector<FineBox> boxes_;  // by item
};

}  // namespace catchment::ogc
