#include "engine/planning/optimiser/region_search.hpp"

#include <algorithm>

#include "engine/planning/optimiser/zone_pricer.hpp"

namespace catchment::engine::planning {
namespace {

// A part of a problem: the units that some schools have under a plan.
struct Region {
  PlanProblem problem;
  std::vector<char> allowed;
  std::vector<UnitIndex> units;      // of the whole problem, by place in the part
  std::vector<std::uint32_t> place;  // and back; UINT32_MAX outside
  Assignment plan;                   // the present one
  double cost = 0, scale = 1;        // of the present plan; mean cost of a unit
};

Region cut_out(const PlanProblem& whole, const std::vector<char>& allowed, const Assignment& plan,
               std::span<const SchoolIndex> schools) {
  Region r;
  r.place.assign(whole.units.size(), UINT32_MAX);
  std::vector<std::uint32_t> school_place(whole.schools.size(), UINT32_MAX);
  for (const SchoolIndex s : schools) {
    school_place[s] = static_cast<std::uint32_t>(r.problem.schools.size());
    r.problem.schools.push_back(whole.schools[s]);
  }
  int moved_outside = 0;
  MoveBudget budget;
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    const bool inside = school_place[plan[u]] != UINT32_MAX;
    if (whole.budget && !inside && whole.budget->current[u] != plan[u]) moved_outside += whole.units[u].children;
    if (!inside) continue;
    r.place[u] = static_cast<std::uint32_t>(r.units.size());
    r.units.push_back(u);
    r.problem.units.push_back(whole.units[u]);
    r.plan.push_back(school_place[plan[u]]);
    for (const SchoolIndex s : schools) {
      r.problem.cost.push_back(whole.cost_of(u, s));
      r.allowed.push_back(allowed[u * whole.schools.size() + s]);
    }
    r.cost += whole.cost_of(u, plan[u]);
    if (whole.budget) budget.current.push_back(school_place[whole.budget->current[u]]);
  }
  if (whole.budget) {
    budget.children = whole.budget->children - moved_outside;
    r.problem.budget = std::move(budget);
  }
  for (PlanSchool& s : r.problem.schools) s.unit = r.place[s.unit];
  for (const auto& [a, b] : whole.borders) {
    if (r.place[a] != UINT32_MAX && r.place[b] != UINT32_MAX) r.problem.borders.emplace_back(r.place[a], r.place[b]);
  }
  r.scale = r.cost / static_cast<double>(std::max<std::size_t>(1, r.units.size()));
  return r;
}

void add_zone(ZonePool& pool, SchoolIndex school, std::span<const UnitIndex> units) {
  std::uint64_t hash = pool.school_key(school);
  for (const UnitIndex u : units) hash ^= pool.unit_key(u);
  pool.add(school, units, hash);
}

}  // namespace

std::vector<SchoolIndex> pick_neighbours(const PlanGraph& graph, const Assignment& plan, std::size_t count,
                                         PlanRandom& random) {
  std::vector<char> in(graph.schools, 0);
  std::vector<SchoolIndex> picked{random.below(static_cast<std::uint32_t>(graph.schools))};
  in[picked[0]] = 1;
  std::vector<SchoolIndex> next;
  while (picked.size() < count) {
    next.clear();
    for (const auto& [from, to] : graph.arcs) {
      if (in[plan[from]] && !in[plan[to]]) next.push_back(plan[to]);  // the longer the border, the more often
    }
    if (next.empty()) break;
    picked.push_back(next[random.below(static_cast<std::uint32_t>(next.size()))]);
    in[picked.back()] = 1;
  }
  std::ranges::sort(picked);
  return picked;
}

std::optional<Assignment> redraw_region(const PlanProblem& problem, const std::vector<char>& allowed,
                                        const Assignment& plan, std::span<const SchoolIndex> schools,
                                        const ZonePool& pool, const RegionEffort& effort, std::uint64_t seed,
                                        const std::function<bool()>& stop) {
  const Region region = cut_out(problem, allowed, plan, schools);
  const PlanGraph graph(region.problem);
  ZonePool zones(region.problem);
  std::vector<double> prices;
  for (const UnitIndex u : region.units) prices.push_back(pool.prices()[u]);
  zones.set_prices(prices);
  std::vector<std::vector<UnitIndex>> present(schools.size());
  for (UnitIndex u = 0; u < region.plan.size(); ++u) present[region.plan[u]].push_back(u);
  for (SchoolIndex s = 0; s < schools.size(); ++s) {
    add_zone(zones, s, present[s]);
    for (const PoolZone& zone : pool.zones(schools[s])) {
      std::vector<UnitIndex> inside;
      for (const UnitIndex u : zone.units) {
        if (region.place[u] == UINT32_MAX) break;
        inside.push_back(region.place[u]);
      }
      if (inside.size() == zone.units.size()) add_zone(zones, s, inside);
    }
  }
  ZonePricer pricer(region.problem, graph, region.allowed, seed);
  for (int look = 0; look < effort.looks; ++look) {
    zones.improve_prices(effort.price_steps, region.cost);
    for (SchoolIndex s = 0; s < schools.size(); ++s) {
      if (stop && stop()) return std::nullopt;
      pricer.search(s, zones, effort.proposals, 0.3 * region.scale, 0.03 * region.scale);
    }
  }
  zones.improve_prices(effort.price_steps, region.cost);
  const ZonePool::Partition found = zones.partition(region.cost, effort.work, stop);
  if (!found.plan) return std::nullopt;
  Assignment better = plan;
  for (std::size_t k = 0; k < region.units.size(); ++k) better[region.units[k]] = schools[(*found.plan)[k]];
  return better;
}

}  // namespace catchment::engine::planning
