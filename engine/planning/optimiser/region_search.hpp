// Redraws the zones of a few neighbouring schools at once, all else kept.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "engine/planning/optimiser/zone_pool.hpp"
#include "engine/planning/plan_graph.hpp"
#include "engine/planning/plan_problem.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::engine::planning {

// `count` schools whose zones hang together, ascending; fewer where no more do.
std::vector<SchoolIndex> pick_neighbours(const PlanGraph& graph, const Assignment& plan, std::size_t count,
                                         PlanRandom& random);

struct RegionEffort {
  int looks = 3;  // rounds of prices and new zones
  int price_steps = 150;
  int proposals = 10000;  // of zones, per school and look
  std::uint64_t work = 400000;
};

// The units of the schools' zones as a problem of its own: zones of the pool that lie within, new ones priced for it,
// and the best partition of them. Returns the whole plan if that made it cheaper.
std::optional<Assignment> redraw_region(const PlanProblem& problem, const std::vector<char>& allowed,
                                        const Assignment& plan, std::span<const SchoolIndex> schools,
                                        const ZonePool& pool, const RegionEffort& effort, std::uint64_t seed,
                                        const std::function<bool()>& stop);

}  // namespace catchment::engine::planning
