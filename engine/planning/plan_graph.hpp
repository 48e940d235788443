// A plan problem laid out for search: neighbours in one array, and what a unit's neighbours know of each other.
#pragma once

#include <span>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

struct PlanGraph {
  struct Arc {
    UnitIndex from = 0, to = 0;
  };

  explicit PlanGraph(const PlanProblem& problem);
  PlanGraph(std::size_t unit_count, std::size_t school_count,
            const std::vector<std::pair<UnitIndex, UnitIndex>>& borders);

  std::span<const UnitIndex> neighbours(UnitIndex u) const {
    return {arcs_to.data() + first[u], arcs_to.data() + first[u + 1]};
  }

  std::size_t units = 0, schools = 0;
  std::vector<std::uint32_t> first;  // where a unit's neighbours start; units + 1 long
  std::vector<UnitIndex> arcs_to;    // ascending within a unit
  std::vector<std::uint64_t> among;  // per arc: which of the unit's first 64 neighbours this one borders
  std::vector<Arc> arcs;             // all, both ways
};

}  // namespace catchment::engine::planning
