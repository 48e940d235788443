// A plan problem laid out for search: neighbours in one array, and what a unit's neighbours know of each other.
#pragma once

#include <bit>
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

  // Whether some of a unit's first 64 neighbours (a bit each) hang together among themselves.
  bool hang_together(UnitIndex u, std::uint64_t some) const {
    if ((some & (some - 1)) == 0) return true;
    std::uint64_t seen = some & (~some + 1), front = seen;
    while (front != 0) {
      const std::uint64_t more = among[first[u] + static_cast<std::uint32_t>(std::countr_zero(front))] & some & ~seen;
      front &= front - 1;
      seen |= more;
      front |= more;
    }
    return seen == some;
  }

  std::size_t units = 0, schools = 0;
  std::vector<std::uint32_t> first;  // where a unit's neighbours start; units + 1 long
  std::vector<UnitIndex> arcs_to;    // ascending within a unit
  std::vector<std::uint64_t> among;  // per arc: which of the unit's first 64 neighbours this one borders
  std::vector<Arc> arcs;             // all, both ways
};

}  // namespace catchment::engine::planning
