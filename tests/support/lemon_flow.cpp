#include "tests/support/lemon_flow.hpp"

#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>

#include <algorithm>
#include <utility>

namespace catchment::testing {

std::int64_t lemon_seat_cost(const std::vector<int>& children, const std::vector<int>& seats,
                             const std::vector<LemonArc>& arcs, int unplaced_metres) {
  using Graph = lemon::StaticDigraph;
  const int units = static_cast<int>(children.size()), schools = static_cast<int>(seats.size());
  const int unplaced = units + schools, sink = unplaced + 1;
  std::vector<std::pair<int, int>> ends;
  std::vector<std::int64_t> costs, limits;
  const auto add = [&](int from, int to, std::int64_t cost, std::int64_t limit) {
    ends.emplace_back(from, to);
    costs.push_back(cost);
    limits.push_back(limit);
  };
  std::int64_t all = 0;
  std::size_t a = 0;
  for (int u = 0; u < units; ++u) {
    const int here = children[static_cast<std::size_t>(u)];
    all += here;
    for (; a < arcs.size() && arcs[a].unit == u; ++a) add(u, units + arcs[a].school, arcs[a].metres, here);
    add(u, unplaced, unplaced_metres, here);
  }
  for (int s = 0; s < schools; ++s) add(units + s, sink, 0, seats[static_cast<std::size_t>(s)]);
  add(unplaced, sink, 0, all);
  Graph graph;
  graph.build(sink + 1, ends.begin(), ends.end());
  Graph::ArcMap<std::int64_t> cost(graph), limit(graph);
  Graph::NodeMap<std::int64_t> supply(graph, 0);
  for (std::size_t k = 0; k < ends.size(); ++k) {
    const Graph::Arc arc = graph.arc(static_cast<int>(k));
    cost[arc] = costs[k];
    limit[arc] = limits[k];
  }
  for (int u = 0; u < units; ++u) supply[graph.node(u)] = children[static_cast<std::size_t>(u)];
  supply[graph.node(sink)] = -all;
  lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t> simplex(graph);
  simplex.upperMap(limit).costMap(cost).supplyMap(supply);
  simplex.run(lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t>::BLOCK_SEARCH);
  return simplex.totalCost<std::int64_t>();
}

}  // namespace catchment::testing
