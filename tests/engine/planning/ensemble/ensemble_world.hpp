// Small ensemble problems, all their legal plans by trying every one, and counts of spanning trees.
#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <vector>

#include "engine/planning/ensemble/ensemble.hpp"
#include "tests/engine/planning/plan_world.hpp"

namespace catchment::testing {

// Zones without homes and seats on a grid of units with one child each.
inline EnsembleProblem grid_zones(std::size_t wide, std::size_t high, std::size_t zones, int least, int most) {
  EnsembleProblem p;
  const PlanProblem grid = grid_problem(wide, high, {}, {1});
  p.units = grid.units;
  p.borders = grid.borders;
  for (std::size_t z = 0; z < zones; ++z) p.zones.push_back({"z" + std::to_string(z), {}, least, most, most});
  return p;
}

// Written apart from the engine's check: every zone is what a flood from its first unit reaches.
inline bool is_legal(const EnsembleProblem& p, const Assignment& plan) {
  const std::size_t k = p.zones.size();
  std::vector<int> children(k, 0), units(k, 0);
  std::vector<char> reached(plan.size(), 0);
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    if (units[plan[u]]++ == 0) reached[u] = 1;
    children[plan[u]] += p.units[u].children;
    if (!p.cost.empty() && p.cost[u * k + plan[u]] == kNever) return false;
  }
  for (std::size_t z = 0; z < k; ++z) {
    const EnsembleZone& zone = p.zones[z];
    if (units[z] == 0 || children[z] < zone.least || children[z] > zone.most) return false;
    if (zone.home && plan[*zone.home] != z) return false;
  }
  for (bool more = true; more;) {
    more = false;
    for (const auto& [a, b] : p.borders) {
      if (plan[a] != plan[b] || reached[a] == reached[b]) continue;
      reached[a] = reached[b] = 1;
      more = true;
    }
  }
  for (const char r : reached) {
    if (r == 0) return false;
  }
  for (const PlanLock& lock : p.locks) {
    if (lock.must != (plan[lock.unit] == lock.school)) return false;
  }
  return true;
}

inline std::vector<Assignment> all_legal(const EnsembleProblem& p) {
  std::vector<Assignment> found;
  Assignment plan(p.units.size(), 0);
  for (;;) {
    if (is_legal(p, plan)) found.push_back(plan);
    std::size_t u = 0;
    while (u < plan.size() && ++plan[u] == p.zones.size()) plan[u++] = 0;
    if (u == plan.size()) return found;
  }
}

// The spanning trees of one zone by Kirchhoff: a minor's determinant of the Laplacian, by elimination.
inline double spanning_trees(const EnsembleProblem& p, const Assignment& plan, SchoolIndex zone) {
  std::vector<UnitIndex> units;
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    if (plan[u] == zone) units.push_back(u);
  }
  const std::size_t n = units.size();
  std::vector<std::vector<double>> laplacian(n, std::vector<double>(n, 0));
  const auto at = [&](UnitIndex u) { return static_cast<std::size_t>(std::ranges::find(units, u) - units.begin()); };
  for (const auto& [a, b] : p.borders) {
    if (plan[a] != zone || plan[b] != zone) continue;
    laplacian[at(a)][at(b)] -= 1, laplacian[at(b)][at(a)] -= 1;
    laplacian[at(a)][at(a)] += 1, laplacian[at(b)][at(b)] += 1;
  }
  double determinant = 1;
  for (std::size_t i = 1; i < n;
       ++i) {  // the first row and column are left out; pivots of a connected zone are positive
    determinant *= laplacian[i][i];
    for (std::size_t r = i + 1; r < n; ++r) {
      const double factor = laplacian[r][i] / laplacian[i][i];
      for (std::size_t c = i; c < n; ++c) laplacian[r][c] -= factor * laplacian[i][c];
    }
  }
  return determinant;
}

// How far counts are from the expected ones: (chi-square - degrees) / its standard deviation.
inline double chi_square_excess(const std::map<Assignment, double>& weight, const std::map<Assignment, int>& counts) {
  double total_weight = 0, total = 0, chi = 0;
  for (const auto& [plan, w] : weight) total_weight += w;
  for (const auto& [plan, c] : counts) total += c;
  for (const auto& [plan, w] : weight) {
    const double expected = total * w / total_weight;
    const auto found = counts.find(plan);
    const double seen = found == counts.end() ? 0 : found->second;
    chi += (seen - expected) * (seen - expected) / expected;
  }
  const double degrees = static_cast<double>(weight.size()) - 1;
  return (chi - degrees) / std::sqrt(2 * degrees);
}

}  // namespace catchment::testing
