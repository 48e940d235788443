#include "geo/street_network/street_network.hpp"

#include <algorithm>
#include <cmath>

#include "geo/input_error.hpp"
#include "geo/street_network/impl.hpp"
#include "geo/street_network/in_parallel.hpp"

namespace catchment::geo {
namespace {

void check_extent(std::span<const StreetLine> streets, std::span<const BarrierLine> barriers) {
  Box box;
  for (const StreetLine& line : streets) {
    for (const Point p : line.shape) box.extend(p);
  }
  for (const BarrierLine& line : barriers) {
    for (const Point p : line.shape) box.extend(p);
  }
  if (box.empty()) return;
  constexpr std::int64_t kWidest = 1'000'000'000;  // leaves cross() room for places beside the network
  if (std::int64_t{box.max.lon} - box.min.lon > kWidest || std::int64_t{box.max.lat} - box.min.lat > kWidest) {
    throw InputError("network_too_wide", "", "streets and barriers span more than 100 degrees");
  }
}

}  // namespace

StreetNetwork::StreetNetwork(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

StreetNetwork StreetNetwork::build(std::span<const StreetLine> streets, std::span<const BarrierLine> barriers,
                                   std::span<const CrossingPoint> crossings, const NetworkOptions& options) {
  check_extent(streets, barriers);
  NodedLines lines = node_lines(streets, barriers, options);
  NetworkFigures figures;
  figures.lines_without_length = lines.lines_without_length;
  figures.duplicate_pieces = lines.duplicate_pieces;
  const auto impl = std::make_shared<Impl>(build_graph(std::move(lines), streets, crossings, options));
  const Graph& graph = impl->graph;
  figures.nodes = graph.nodes.size();
  figures.edges = graph.edges.size();
  std::copy(std::begin(graph.passages), std::end(graph.passages), std::begin(figures.passages));
  figures.closed_passages = graph.closed_passages;
  figures.unused_crossings = graph.unused_crossings;
  for (const GraphComponent& c : graph.components) {
    figures.components.push_back({c.nodes, c.edges, c.length_m});
    figures.length_m += c.length_m;
  }
  impl->figures = std::move(figures);
  return StreetNetwork(impl);
}

const NetworkFigures& StreetNetwork::figures() const { return impl_->figures; }

Snap StreetNetwork::snap(Point p, const SnapOptions& options) const {
  Snap snap;
  snap.from = p;
  const auto foot = impl_->index.find(p, std::min(options.limit_m, 100'000.0), options.min_component_m, options.across);
  if (!foot) return snap;
  const Graph& graph = impl_->graph;
  snap.status = foot->key.crossings().total() == 0 ? SnapStatus::snapped : SnapStatus::across_barrier;
  snap.at = foot->at;
  snap.distance_m = foot->distance_m;
  snap.edge = foot->edge;
  snap.vertex = foot->vertex;
  snap.along_m = std::min(graph.metres[foot->vertex] + stretch_m(graph.vertices[foot->vertex], foot->at),
                          graph.metres[foot->vertex + 1]);
  snap.line = graph.edges[foot->edge].line;
  snap.component = graph.component_of[graph.edges[foot->edge].from];
  snap.access = foot->key;
  return snap;
}

std::vector<Snap> StreetNetwork::snap(std::span<const Point> points, const SnapOptions& options, int threads) const {
  std::vector<Snap> snaps(points.size());
  in_parallel(points.size(), threads, [&] { return [&](std::size_t i) { snaps[i] = snap(points[i], options); }; });
  return snaps;
}

std::string_view to_text(Way way) {
  switch (way) {
    case Way::none:
      return "none";
    case Way::walked:
      return "walked";
    case Way::straight:
      return "straight";
    case Way::too_far:
      return "too_far";
    case Way::unreachable:
      return "unreachable";
    case Way::off_network:
      return "off_network";
  }
  return "";
}

std::string_view to_text(SnapStatus status) {
  switch (status) {
    case SnapStatus::snapped:
      return "snapped";
    case SnapStatus::across_barrier:
      return "across_barrier";
    case SnapStatus::out_of_limit:
      return "out_of_limit";
  }
  return "";
}

}  // namespace catchment::geo
