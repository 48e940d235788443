// Small plan problems drawn at random, and their plans by trying all of them.
#pragma once

#include <cmath>
#include <optional>
#include <vector>

#include "engine/planning/plan_problem.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::testing {

using namespace engine::planning;

// Units in a grid, `wide` a row, that border sideways, up and down; the cost is children times distance.
inline PlanProblem grid_problem(std::size_t wide, std::size_t high, std::vector<std::pair<UnitIndex, int>> schools,
                                std::vector<int> children) {
  PlanProblem p;
  for (UnitIndex u = 0; u < wide * high; ++u) {
    p.units.push_back({"u" + std::to_string(u), children[u % children.size()]});
    if (u % wide != 0) p.borders.emplace_back(u - 1, u);
    if (u >= wide) p.borders.emplace_back(u - static_cast<UnitIndex>(wide), u);
  }
  for (const auto& [unit, seats] : schools) p.schools.push_back({"s" + std::to_string(unit), unit, seats});
  for (UnitIndex u = 0; u < p.units.size(); ++u) {
    for (const PlanSchool& s : p.schools) {
      const double dx = static_cast<double>(u % wide) - static_cast<double>(s.unit % wide);
      const double dy = static_cast<double>(u / wide) - static_cast<double>(s.unit / wide);
      p.cost.push_back(p.units[u].children * std::hypot(dx, dy));
    }
  }
  return p;
}

// 9 to 12 units, 2 or 3 schools, lumpy children, seats from short to ample; at times borders are missing, locks hold,
// units may not go somewhere, or few children may move.
inline PlanProblem random_problem(std::uint64_t seed) {
  PlanRandom random(seed);
  const std::size_t wide = 3, high = 3 + random.below(2), n = wide * high;
  std::vector<int> children;
  int total = 0;
  for (std::size_t u = 0; u < n; ++u) {
    children.push_back(static_cast<int>(random.below(random.below(4) == 0 ? 40 : 10)));
    total += children.back();
  }
  const std::size_t m = 2 + random.below(2);
  std::vector<std::pair<UnitIndex, int>> schools;
  while (schools.size() < m) {
    const UnitIndex at = random.below(static_cast<std::uint32_t>(n));
    bool taken = false;
    for (const auto& s : schools) taken |= s.first == at;
    const double share = (0.85 + 0.5 * random.unit()) / static_cast<double>(m);
    if (!taken) schools.emplace_back(at, static_cast<int>(total * share) + static_cast<int>(random.below(8)));
  }
  PlanProblem p = grid_problem(wide, high, schools, children);
  for (double& c : p.cost) c *= 0.7 + 0.6 * random.unit();
  if (random.below(2) == 0)
    p.borders.erase(p.borders.begin() + random.below(static_cast<std::uint32_t>(p.borders.size())));
  if (random.below(3) == 0) p.cost[random.below(static_cast<std::uint32_t>(p.cost.size()))] = kNever;
  if (random.below(3) == 0) {
    p.locks.push_back({random.below(static_cast<std::uint32_t>(n)), random.below(static_cast<std::uint32_t>(m)),
                       random.below(2) == 0});
  }
  if (random.below(3) == 0) {
    MoveBudget budget;
    for (std::size_t u = 0; u < n; ++u) budget.current.push_back(random.below(static_cast<std::uint32_t>(m)));
    budget.children = total / 2;
    p.budget = budget;
  }
  return p;
}

// Written apart from the engine's check: a zone is whole if what a flood from its school does not reach is elsewhere.
inline bool is_legal(const PlanProblem& p, const Assignment& plan) {
  int moved = 0, moved_units = 0;
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    if (!std::isfinite(p.cost_of(u, plan[u]))) return false;
    if (!p.budget || p.budget->current[u] == plan[u]) continue;
    moved += p.units[u].children;
    moved_units += p.budget->weight.empty() ? 1 : p.budget->weight[u];
  }
  if (p.budget && (moved > p.budget->children || moved_units > p.budget->units)) return false;
  for (const PlanLock& lock : p.locks) {
    if (lock.must != (plan[lock.unit] == lock.school)) return false;
  }
  std::vector<char> reached(plan.size(), 0);
  for (SchoolIndex s = 0; s < p.schools.size(); ++s) {
    if (plan[p.schools[s].unit] != s) return false;
    for (const UnitIndex u : p.schools[s].more_units) {
      if (plan[u] != s) return false;
    }
    reached[p.schools[s].unit] = 1;
  }
  for (std::size_t pass = 0; pass < plan.size(); ++pass) {
    for (const auto& [a, b] : p.borders) {
      if (plan[a] == plan[b] && (reached[a] || reached[b])) reached[a] = reached[b] = 1;
    }
  }
  std::vector<int> children(p.schools.size(), 0);
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    if (!reached[u]) return false;
    children[plan[u]] += p.units[u].children;
  }
  for (SchoolIndex s = 0; s < p.schools.size(); ++s) {
    if (children[s] > p.schools[s].seats) return false;
  }
  for (SchoolIndex s = 0; p.draws && s < p.schools.size(); ++s) {
    int bad = 0;
    for (int d = 0; d < p.draws->draws; ++d) {
      bool over = false;
      for (int y = 0; y < p.draws->years; ++y) {
        int load = 0;
        for (UnitIndex u = 0; u < plan.size(); ++u) {
          const auto at = static_cast<std::size_t>(d * p.draws->years + y) * plan.size() + u;
          if (plan[u] == s) load += p.draws->children[at];
        }
        over |= load > p.draws->seats[s];
      }
      bad += over;
    }
    if (p.draws->draws - bad < p.draws->share * p.draws->draws - 1e-9) return false;
  }
  return true;
}

// Summed apart from the engine, term by term as the headers define them.
inline double plan_cost(const PlanProblem& p, const Assignment& plan) {
  double cost = 0;
  for (UnitIndex u = 0; u < plan.size(); ++u) cost += p.cost_of(u, plan[u]);
  for (SchoolIndex s = 0; s < p.schools.size() && p.has_zone_costs(); ++s) {
    int children = 0;
    double area = 0, perimeter = 0;
    for (UnitIndex u = 0; u < plan.size(); ++u) {
      if (plan[u] != s) continue;
      children += p.units[u].children;
      if (p.shape) area += p.shape->area[u], perimeter += p.shape->perimeter[u];
    }
    if (!p.load_cost.empty()) {
      const LoadCost& c = p.load_cost[s];
      cost += c.balance * std::abs(children - c.target) / c.scale + c.seat * std::max(0, children - c.seats);
      for (int class_end = c.classes * c.class_size; class_end < children; class_end += c.class_size)
        cost += c.class_over;
    }
    if (!p.shape) continue;
    for (const SharedBorder& b : p.shape->shared) {
      if (plan[b.a] == s && plan[b.b] == s) perimeter -= 2 * b.length;
    }
    cost += p.shape->weight * std::max(0.0, 1 - 4 * std::acos(-1.0) * area / perimeter / perimeter);
  }
  return cost;
}

// Adds to a problem of random_problem(), by the bits of `terms`: balance, priced seats, classes, compactness, a budget
// of units by weight, demand draws, a multi-school zone.
inline PlanProblem with_terms(PlanProblem p, unsigned terms, std::uint64_t seed) {
  PlanRandom random(seed * 77 + terms);
  const std::size_t n = p.units.size(), m = p.schools.size();
  int total = 0;
  for (const PlanUnit& u : p.units) total += u.children;
  if ((terms & 7) != 0) p.load_cost.resize(m);
  for (SchoolIndex s = 0; s < p.load_cost.size(); ++s) {
    LoadCost& c = p.load_cost[s];
    if ((terms & 1) != 0) c.balance = 20 * random.unit(), c.target = c.scale = 1 + p.schools[s].seats * random.unit();
    if ((terms & 2) != 0) c.seat = 3 * random.unit(), c.seats = p.schools[s].seats / 2, p.schools[s].seats = total;
    if ((terms & 4) != 0) {
      c.class_over = 9 * random.unit();
      c.class_size = 2 + static_cast<int>(random.below(9));
      c.classes = static_cast<int>(random.below(3));
    }
  }
  if ((terms & 8) != 0) {
    ZoneShape& shape = p.shape.emplace();
    shape.weight = 40 * random.unit();
    shape.area.assign(n, 1);
    shape.perimeter.assign(n, 4);
    for (const auto& [a, b] : p.borders) shape.shared.push_back({a, b, 1});
  }
  if ((terms & 16) != 0) {
    if (!p.budget) p.budget.emplace();
    for (UnitIndex u = 0; u < n; ++u) {
      if (p.budget->current.size() < n) p.budget->current.push_back(random.below(static_cast<std::uint32_t>(m)));
      p.budget->weight.push_back(static_cast<int>(random.below(4)));
    }
    p.budget->units = static_cast<int>(n);
  }
  if ((terms & 32) != 0) {
    DemandDraws& draws = p.draws.emplace();
    draws = {0.7, 6, 2, {}, {}};
    for (int k = 0; k < 12; ++k) {
      for (const PlanUnit& u : p.units) {
        draws.children.push_back(static_cast<int>(u.children * (0.7 + 0.6 * random.unit())));
      }
    }
    for (const PlanSchool& s : p.schools) draws.seats.push_back(std::min(s.seats, total));
  }
  if ((terms & 64) != 0) p.schools[0].more_units.push_back(random.below(static_cast<std::uint32_t>(n)));
  return p;
}

// The least cost of a legal plan, by trying every plan.
inline std::optional<double> cheapest_by_trying(const PlanProblem& p) {
  std::optional<double> best;
  Assignment plan(p.units.size(), 0);
  for (;;) {
    if (const double cost = plan_cost(p, plan); (!best || cost < *best) && is_legal(p, plan)) best = cost;
    std::size_t u = 0;
    while (u < plan.size() && ++plan[u] == p.schools.size()) plan[u++] = 0;
    if (u == plan.size()) return best;
  }
}

}  // namespace catchment::testing
