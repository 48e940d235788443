#include <algorithm>
#include <cmath>
#include <numeric>

#include "geo/input_error.hpp"
#include "geo/projection.hpp"
#include "geo/street_network/impl.hpp"
#include "geo/street_network/in_parallel.hpp"

namespace catchment::geo {
namespace {

bool on_network(const Snap& snap) { return snap.status != SnapStatus::out_of_limit; }

// Which places are met at a node, and on an edge.
class Places {
 public:
  Places(const Graph& graph, std::span<const Snap> places) : first_(graph.nodes.size() + 1, 0) {
    for (std::uint32_t i = 0; i < places.size(); ++i) {
      if (!on_network(places[i])) continue;
      on_edge_.push_back({places[i].edge, i});
      const GraphEdge& e = graph.edges[places[i].edge];
      ++first_[e.from + 1];
      ++first_[e.to + 1];
    }
    std::sort(on_edge_.begin(), on_edge_.end());
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    at_node_.resize(first_.back());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (const auto& [edge, i] : on_edge_) {
      const GraphEdge& e = graph.edges[edge];
      at_node_[next[e.from]++] = {i, key_to_end(graph, places[i], true)};
      at_node_[next[e.to]++] = {i, key_to_end(graph, places[i], false)};
    }
  }

  struct Met {
    std::uint32_t place = 0;
    WalkKey key;
  };
  std::span<const Met> at_node(std::uint32_t n) const {
    return std::span(at_node_).subspan(first_[n], first_[n + 1] - first_[n]);
  }
  template <class Visit>
  void on_edge(std::uint32_t edge, Visit&& visit) const {
    auto i = std::lower_bound(on_edge_.begin(), on_edge_.end(), std::pair(edge, std::uint32_t{0}));
    for (; i != on_edge_.end() && i->first == edge; ++i) visit(i->second);
  }

 private:
  std::vector<std::uint32_t> first_;
  std::vector<Met> at_node_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> on_edge_;
};

// One destination after another, by one thread.
class RowMaker {
 public:
  RowMaker(const Graph& graph, const Places& index, std::span<const Snap> places, WalkKey bound)
      : graph_(graph),
        index_(index),
        places_(places),
        bound_(bound),
        search_(graph, WalkSearch::Keep::labels),
        best_(places.size(), WalkKey::none()) {}

  std::vector<WalkTable::Entry> row(std::span<const Snap> gates) {
    search_.run(seeds_of(graph_, gates), bound_);
    for (const std::uint32_t node : search_.reached()) {
      for (const Places::Met& met : index_.at_node(node)) offer(met.place, search_.label(node) + met.key);
    }
    for (const Snap& gate : gates) {
      if (!on_network(gate)) continue;
      index_.on_edge(gate.edge, [&](std::uint32_t place) { offer(place, key_along(gate, places_[place])); });
    }
    std::sort(found_.begin(), found_.end());
    std::vector<WalkTable::Entry> entries;
    entries.reserve(found_.size());
    for (const std::uint32_t place : found_) {
      entries.push_back({place, best_[place]});
      best_[place] = WalkKey::none();
    }
    found_.clear();
    return entries;
  }

 private:
  void offer(std::uint32_t place, WalkKey key) {
    if (key > bound_ || key >= best_[place]) return;
    if (best_[place] == WalkKey::none()) found_.push_back(place);
    best_[place] = key;
  }

  const Graph& graph_;
  const Places& index_;
  std::span<const Snap> places_;
  WalkKey bound_;
  WalkSearch search_;
  std::vector<WalkKey> best_;
  std::vector<std::uint32_t> found_;
};

// The part of an edge between two distances along it, in that direction.
void append_part(const Graph& graph, std::uint32_t edge, double from_m, double to_m, Polyline& line) {
  const std::uint32_t first = graph.edges[edge].first_vertex;
  const std::uint32_t end = graph.end_vertex(edge);
  if (from_m <= to_m) {
    for (std::uint32_t v = first; v < end; ++v) {
      if (graph.metres[v] >= from_m && graph.metres[v] <= to_m) line.push_back(graph.vertices[v]);
    }
  } else {
    for (std::uint32_t v = end; v-- > first;) {
      if (graph.metres[v] <= from_m && graph.metres[v] >= to_m) line.push_back(graph.vertices[v]);
    }
  }
}

double length_m(const Graph& graph, std::uint32_t edge) { return graph.metres[graph.end_vertex(edge) - 1]; }

}  // namespace

std::vector<Seed> seeds_of(const Graph& graph, std::span<const Snap> gates) {
  std::vector<Seed> seeds;
  for (std::uint32_t g = 0; g < gates.size(); ++g) {
    if (!on_network(gates[g])) continue;
    const GraphEdge& e = graph.edges[gates[g].edge];
    seeds.push_back({e.from, key_to_end(graph, gates[g], true), 2 * g});
    seeds.push_back({e.to, key_to_end(graph, gates[g], false), 2 * g + 1});
  }
  return seeds;
}

WalkKey bound_of(const WalkOptions& options) {
  const double mm = options.max_m * 1000;
  if (!(mm >= 0 && mm <= static_cast<double>(kMaxWalk_mm))) {
    throw InputError("walk_too_long", "max_m", "the longest walk must be 0 to 1,000 km");
  }
  return WalkKey::last_of_length(static_cast<std::uint64_t>(mm));
}

Walk not_walked(std::span<const Snap> gates, const Snap& place, const WalkOptions& options) {
  if (gates.empty()) return {};
  Walk walk{Way::off_network, 0, {}};
  for (const Snap& gate : gates) {
    if (!on_network(gate) || !on_network(place)) continue;
    if (gate.component == place.component) return {Way::too_far, 0, {}};
    walk.way = Way::unreachable;
  }
  if (!options.straight_fallback) return walk;
  double nearest = HUGE_VAL;
  for (const Snap& gate : gates) nearest = std::min(nearest, geodesic_length_m(gate.from, place.from));
  return nearest <= options.max_m ? Walk{Way::straight, nearest, {}} : Walk{Way::too_far, 0, {}};
}

Walk WalkTable::get(std::size_t destination, std::size_t place) const {
  const auto& row = rows_[destination];
  const auto found = std::lower_bound(row.begin(), row.end(), place,
                                      [](const Entry& e, std::size_t number) { return e.place < number; });
  if (found != row.end() && found->place == place) return walked(found->key);
  return not_walked(gates_[destination], places_[place], options_);
}

WalkTable StreetNetwork::walks(std::span<const std::vector<Snap>> destinations, std::span<const Snap> places,
                               const WalkOptions& options) const {
  WalkTable table;
  table.options_ = options;
  table.gates_.assign(destinations.begin(), destinations.end());
  table.places_.assign(places.begin(), places.end());
  table.rows_.resize(destinations.size());
  const WalkKey bound = bound_of(options);
  const Places index(impl_->graph, places);
  in_parallel(destinations.size(), options.threads, [&] {
    return [&, maker = RowMaker(impl_->graph, index, places, bound)](std::size_t d) mutable {
      table.rows_[d] = maker.row(destinations[d]);
    };
  });
  return table;
}

Route StreetNetwork::route(const Snap& place, std::span<const Snap> gates, const WalkOptions& options) const {
  const Graph& graph = impl_->graph;
  const WalkKey bound = bound_of(options);
  WalkKey best = WalkKey::none();
  std::uint32_t from = 0;  // a node, or a gate if all lies on one edge
  enum { nowhere, by_from, by_to, along_edge } begins = nowhere;
  const auto offer = [&](WalkKey key, std::uint32_t at, decltype(begins) how) {
    if (key > bound || key >= best) return;
    best = key;
    from = at;
    begins = how;
  };
  WalkSearch search(graph, WalkSearch::Keep::arcs);
  if (on_network(place)) {
    for (std::uint32_t g = 0; g < gates.size(); ++g) {
      if (on_network(gates[g]) && gates[g].edge == place.edge) offer(key_along(gates[g], place), g, along_edge);
    }
    search.run(seeds_of(graph, gates), bound);
    const GraphEdge& e = graph.edges[place.edge];
    for (const bool to_from : {true, false}) {
      const std::uint32_t node = to_from ? e.from : e.to;
      if (search.label(node) == WalkKey::none()) continue;
      offer(search.label(node) + key_to_end(graph, place, to_from), node, to_from ? by_from : by_to);
    }
  }
  if (begins == nowhere) return {not_walked(gates, place, options), 0, {}};

  Route route{walked(best), 0, {place.from, place.at}};
  if (begins == along_edge) {
    route.gate = from;
    append_part(graph, place.edge, place.along_m, gates[from].along_m, route.line);
  } else {
    append_part(graph, place.edge, place.along_m, begins == by_from ? 0 : length_m(graph, place.edge), route.line);
    std::uint32_t node = from;
    for (; search.arc(node) != WalkSearch::kSeed; node = search.previous(node)) {
      const GraphArc& arc = graph.arcs[search.arc(node)];  // leads from the previous node to this one
      if (arc.edge == kPassage) continue;
      const GraphEdge& e = graph.edges[arc.edge];
      const double length = length_m(graph, arc.edge);
      const bool forward = e.from == node && !(e.from == e.to);
      append_part(graph, arc.edge, forward ? 0 : length, forward ? length : 0, route.line);
    }
    const std::uint32_t source = search.previous(node);
    route.gate = source / 2;
    const Snap& gate = gates[route.gate];
    append_part(graph, gate.edge, source % 2 == 0 ? 0 : length_m(graph, gate.edge), gate.along_m, route.line);
  }
  route.line.push_back(gates[route.gate].at);
  route.line.push_back(gates[route.gate].from);
  route.line.erase(std::unique(route.line.begin(), route.line.end()), route.line.end());
  return route;
}

}  // namespace catchment::geo
