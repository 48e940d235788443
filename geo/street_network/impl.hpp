// What a street network is made of. Internal.
#pragma once

#include <algorithm>
#include <cmath>

#include "geo/street_network/graph.hpp"
#include "geo/street_network/search.hpp"
#include "geo/street_network/snap_index.hpp"
#include "geo/street_network/street_network.hpp"

namespace catchment::geo {

struct StreetNetwork::Impl {
  explicit Impl(Graph graph_) : graph(std::move(graph_)), index(graph) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Graph graph;
  SnapIndex index;
  NetworkFigures figures;
};

// From a snapped place to an end of its edge, the straight way included.
inline WalkKey key_to_end(const Graph& graph, const Snap& snap, bool to_from) {
  const double total = graph.metres[graph.end_vertex(snap.edge) - 1];
  const double metres = to_from ? snap.along_m : total - snap.along_m;
  return snap.access + WalkKey::of_length(static_cast<std::uint64_t>(std::ceil(std::max(0.0, metres) * 1000)));
}

// Between two places on one edge, along it.
inline WalkKey key_along(const Snap& a, const Snap& b) {
  return a.access + b.access +
         WalkKey::of_length(static_cast<std::uint64_t>(std::ceil(std::fabs(a.along_m - b.along_m) * 1000)));
}

std::vector<Seed> seeds_of(const Graph& graph, std::span<const Snap> gates);
WalkKey bound_of(const WalkOptions& options);
// What is said of a pair that is not walked.
Walk not_walked(std::span<const Snap> gates, const Snap& place, const WalkOptions& options);
inline Walk walked(WalkKey key) { return {Way::walked, static_cast<double>(key.length_mm()) / 1000, key.crossings()}; }

}  // namespace catchment::geo
