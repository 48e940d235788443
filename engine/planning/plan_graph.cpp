#include "engine/planning/plan_graph.hpp"

#include <algorithm>

namespace catchment::engine::planning {

PlanGraph::PlanGraph(const PlanProblem& problem)
    : PlanGraph(problem.units.size(), problem.schools.size(), problem.borders) {}

PlanGraph::PlanGraph(std::size_t unit_count, std::size_t school_count,
                     const std::vector<std::pair<UnitIndex, UnitIndex>>& borders)
    : units(unit_count), schools(school_count) {
  std::vector<std::pair<UnitIndex, UnitIndex>> pairs;
  for (const auto& [a, b] : borders) {
    if (a == b) continue;
    pairs.emplace_back(a, b);
    pairs.emplace_back(b, a);
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());  // clang 14 lacks what ranges::unique gives here
  first.assign(units + 1, 0);
  for (const auto& [a, b] : pairs) {
    ++first[a + 1];
    arcs_to.push_back(b);
    arcs.push_back({a, b});
  }
  for (std::size_t u = 0; u < units; ++u) first[u + 1] += first[u];
  among.assign(arcs.size(), 0);
  for (std::size_t k = 0; k < arcs.size(); ++k) {
    const auto near = neighbours(arcs[k].from);
    const auto far = neighbours(arcs[k].to);
    for (std::size_t i = 0; i < near.size() && i < 64; ++i) {
      if (std::ranges::binary_search(far, near[i])) among[k] |= std::uint64_t{1} << i;
    }
  }
}

}  // namespace catchment::engine::planning
