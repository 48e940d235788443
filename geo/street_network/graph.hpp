// The walk graph's tables. Internal to the street network.
//
// A node is a place on *one side* of every barrier through it. Where a barrier runs through a junction there is a node
// for each sector between its arms, and where a street leads over a barrier there is one before and one behind; between
// them lies a passage, an arc of no length that counts the barrier. So an edge crosses nothing, counts add up along a
// way, and what is shortest does not depend on how a way goes on.
#pragma once

#include <vector>

#include "geo/street_network/noding.hpp"
#include "geo/street_network/walk.hpp"

namespace catchment::geo {

// From which side an edge may be reached: one that runs along a barrier exists twice, once on either side.
enum class EdgeSide : std::int8_t { right = -1, both = 0, left = 1 };

struct GraphEdge {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t first_vertex = 0;  // its vertices end where the next edge's begin
  std::uint32_t length_mm = 0;     // rounded up
  std::uint32_t line = 0;          // of the input: the one it begins with
  StreetKind kind = StreetKind::residential;
  EdgeSide side = EdgeSide::both;  // going from -> to
};

inline constexpr std::uint32_t kPassage = UINT32_MAX;

struct GraphArc {
  std::uint32_t to = 0;
  std::uint32_t edge = kPassage;
  WalkKey key;
};

struct GraphComponent {
  std::uint32_t nodes = 0;
  std::uint32_t edges = 0;
  double length_m = 0;
};

struct Graph {
  std::vector<Point> nodes;              // in Z-order, so that neighbours lie near each other in memory
  std::vector<std::uint32_t> first_arc;  // one more than nodes
  std::vector<GraphArc> arcs;            // both ways
  std::vector<GraphEdge> edges;
  std::vector<Point> vertices;
  std::vector<double> metres;               // per vertex, from the edge's beginning
  std::vector<std::uint32_t> component_of;  // per node
  std::vector<GraphComponent> components;   // longest first
  std::vector<BarrierPiece> barriers;
  std::size_t passages[kBarrierKinds] = {};  // where a barrier of the kind can be crossed
  std::size_t closed_passages = 0;           // not, because no declared crossing is near
  std::size_t unused_crossings = 0;          // declared where no street meets a barrier of that kind

  std::uint32_t end_vertex(std::uint32_t edge) const {
    return edge + 1 < edges.size() ? edges[edge + 1].first_vertex : static_cast<std::uint32_t>(vertices.size());
  }
};

// Length of a straight stretch: flat at its middle latitude up to 2 km, which is right to 1e-8 up to 60 degrees of
// latitude; a geodesic beyond.
double stretch_m(Point a, Point b);

// Throws InputError("street_too_long") if two junctions lie more than kMaxWalk_mm of street apart.
Graph build_graph(NodedLines lines, std::span<const StreetLine> streets, std::span<const CrossingPoint> crossings,
                  const NetworkOptions& options);

}  // namespace catchment::geo
