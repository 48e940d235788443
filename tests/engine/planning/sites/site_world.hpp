// Small site problems drawn at random, and their plans by trying every choice of sites and every assignment.
#pragma once

#include <cmath>
#include <optional>
#include <vector>

#include "engine/planning/plan_random.hpp"
#include "engine/planning/sites/site_problem.hpp"

namespace catchment::testing {

using namespace engine::planning;

// Units and sites at random places of a square with side 100; children x distance, whole numbers if `whole`.
inline SiteProblem scattered_sites(std::uint64_t seed, std::size_t units, std::size_t sites, bool whole) {
  PlanRandom random(seed);
  SiteProblem p;
  std::vector<std::pair<double, double>> at;
  for (std::size_t u = 0; u < units; ++u) {
    p.units.push_back({"u" + std::to_string(u), 1 + static_cast<int>(random.below(20))});
    at.emplace_back(100 * random.unit(), 100 * random.unit());
  }
  for (std::size_t s = 0; s < sites; ++s) {
    Site site;
    site.id = "s" + std::to_string(s);
    site.unit = static_cast<UnitIndex>(s % units);
    p.sites.push_back(site);
  }
  for (std::size_t u = 0; u < units; ++u) {
    for (const Site& s : p.sites) {
      const double metres = std::hypot(at[u].first - at[s.unit].first, at[u].second - at[s.unit].second);
      p.cost.push_back(whole ? std::floor(metres) * p.units[u].children : metres * p.units[u].children);
    }
  }
  return p;
}

// 5 to 7 units, 3 to 5 sites: states, seats from short to ample, costs of sites, counts, pairs that are forbidden.
inline SiteProblem random_sites(std::uint64_t seed) {
  PlanRandom random(seed * 7919);
  const std::size_t units = 5 + random.below(3), sites = 3 + random.below(3);
  SiteProblem p = scattered_sites(seed, units, sites, random.below(2) == 0);
  int children = 0;
  for (const PlanUnit& u : p.units) children += u.children;
  const bool limited = random.below(3) != 0, costly = random.below(2) == 0;
  const int seats = children * static_cast<int>(12 + random.below(30)) / 40;
  for (Site& s : p.sites) {
    if (limited && random.below(5) != 0) s.seats = seats + static_cast<int>(random.below(12));
    s.state = static_cast<SiteState>(random.below(8) < 4 ? 0 : random.below(8) < 5 ? 1 : 2 + random.below(2));
    if (costly) s.open_cost = random.below(600);
    if (costly) s.close_cost = random.below(300);
  }
  for (double& c : p.cost) {
    if (random.below(9) == 0) c = kNever;
  }
  if (random.below(3) != 0) p.most_open = 1 + static_cast<int>(random.below(static_cast<std::uint32_t>(sites)));
  if (random.below(2) == 0) p.least_open = p.most_open.value_or(2);
  return p;
}

// The least cost of a legal plan, reckoned apart from the engine.
inline std::optional<double> best_sites_by_trying(const SiteProblem& p) {
  std::optional<double> best;
  const std::size_t m = p.sites.size();
  for (unsigned open = 0; open < 1u << m; ++open) {
    const int count = __builtin_popcount(open);
    if (count < p.least_open || (p.most_open && count > *p.most_open)) continue;
    double fixed = 0;
    bool legal = true;
    for (std::size_t s = 0; s < m; ++s) {
      const bool is = open >> s & 1u;
      legal &= is ? p.sites[s].state != SiteState::closed : p.sites[s].state != SiteState::fixed;
      fixed += is ? p.sites[s].open_cost : p.sites[s].state == SiteState::open ? p.sites[s].close_cost : 0;
    }
    if (!legal) continue;
    std::vector<int> load(m, 0);
    const auto place = [&](const auto& self, std::size_t u, double cost) -> void {
      if (best && cost >= *best) return;
      if (u == p.units.size()) {
        best = cost;
        return;
      }
      for (std::size_t s = 0; s < m; ++s) {
        const double c = p.cost[u * m + s];
        if ((open >> s & 1u) == 0 || c == kNever) continue;
        if (p.sites[s].seats && load[s] + p.units[u].children > *p.sites[s].seats) continue;
        load[s] += p.units[u].children;
        self(self, u + 1, cost + c);
        load[s] -= p.units[u].children;
      }
    };
    place(place, 0, fixed);
  }
  return best;
}

}  // namespace catchment::testing
