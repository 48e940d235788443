#include "engine/planning/zone_costs.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace catchment::engine::planning {

double LoadCost::at(long children) const {
  double cost = 0;
  if (balance != 0) cost += balance * std::abs(static_cast<double>(children) - target) / scale;
  if (seat != 0) cost += seat * static_cast<double>(std::max(0L, children - seats));
  if (class_over != 0) {
    const long beyond = std::max(0L, children - static_cast<long>(classes) * class_size);
    cost += class_over * static_cast<double>((beyond + class_size - 1) / class_size);
  }
  return cost;
}

double ZoneShape::at(double zone_area, double zone_perimeter) const {
  if (!(zone_perimeter > 0)) return weight;  // nothing is less compact
  return weight * std::max(0.0, 1 - 4 * std::numbers::pi * zone_area / (zone_perimeter * zone_perimeter));
}

int DemandDraws::needed() const {
  return std::clamp(static_cast<int>(std::ceil(share * draws - 1e-9)), std::min(1, draws), draws);
}

long draw_shortage(const DemandDraws& draws, SchoolIndex school, std::span<const long> load,
                   std::vector<long>& scratch) {
  if (draws.draws == 0) return 0;
  const auto years = static_cast<std::size_t>(draws.years);
  scratch.clear();
  for (std::size_t d = 0; d < static_cast<std::size_t>(draws.draws); ++d) {
    long most = load[d * years];
    for (std::size_t y = 1; y < years; ++y) most = std::max(most, load[d * years + y]);
    scratch.push_back(most - draws.seats[school]);
  }
  const auto last = scratch.begin() + (draws.needed() - 1);
  std::nth_element(scratch.begin(), last, scratch.end());
  return *last;
}

std::vector<double> least_draw_weights(const PlanProblem& problem) {
  if (!problem.draws) return {};
  const DemandDraws& d = *problem.draws;
  const std::size_t n = problem.units.size(), years = static_cast<std::size_t>(d.years);
  std::vector<double> least(years * n, 0);
  std::vector<int> values(static_cast<std::size_t>(d.draws));
  for (std::size_t y = 0; y < years; ++y) {
    for (std::size_t u = 0; u < n; ++u) {
      for (std::size_t k = 0; k < values.size(); ++k) values[k] = d.children[(k * years + y) * n + u];
      std::ranges::sort(values);
      for (int k = 0; k < d.needed(); ++k) least[y * n + u] += values[static_cast<std::size_t>(k)];
      least[y * n + u] /= d.needed();
    }
  }
  return least;
}

ZoneMeter::ZoneMeter(const PlanProblem& problem) : problem_(problem) {
  const std::size_t n = problem.units.size();
  first_.assign(n + 1, 0);
  inside_.assign(n, 0);
  if (!problem.shape) return;
  for (const SharedBorder& s : problem.shape->shared) {
    if (s.a == s.b) continue;
    ++first_[s.a + 1];
    ++first_[s.b + 1];
  }
  for (std::size_t u = 0; u < n; ++u) first_[u + 1] += first_[u];
  near_.resize(first_[n]);
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (const SharedBorder& s : problem.shape->shared) {
    if (s.a == s.b) continue;
    near_[next[s.a]++] = {s.b, s.length};
    near_[next[s.b]++] = {s.a, s.length};
  }
}

double ZoneMeter::whole_cost(SchoolIndex school, std::span<const UnitIndex> units) {
  double cost = 0;
  if (!problem_.load_cost.empty()) {
    long children = 0;
    for (const UnitIndex u : units) children += problem_.units[u].children;
    cost += problem_.load_cost[school].at(children);
  }
  if (!problem_.shape) return cost;
  double area = 0, perimeter = 0;
  for (const UnitIndex u : units) inside_[u] = 1;
  for (const UnitIndex u : units) {
    area += problem_.shape->area[u];
    perimeter += problem_.shape->perimeter[u];
    for (const Near& w : near(u)) {
      if (inside_[w.unit]) perimeter -= w.length;  // once from either side
    }
  }
  for (const UnitIndex u : units) inside_[u] = 0;
  return cost + problem_.shape->at(area, perimeter);
}

long ZoneMeter::shortage(SchoolIndex school, std::span<const UnitIndex> units) {
  if (!problem_.draws) return 0;
  const DemandDraws& draws = *problem_.draws;
  const std::size_t n = problem_.units.size();
  load_.assign(draws.children.size() / std::max<std::size_t>(1, n), 0);
  for (std::size_t k = 0; k < load_.size(); ++k) {
    for (const UnitIndex u : units) load_[k] += draws.children[k * n + u];
  }
  return draw_shortage(draws, school, load_, scratch_);
}

double zone_cost(const PlanProblem& problem, SchoolIndex school, std::span<const UnitIndex> units) {
  double cost = 0;
  for (const UnitIndex u : units) cost += problem.cost_of(u, school);
  return problem.has_zone_costs() ? cost + ZoneMeter(problem).whole_cost(school, units) : cost;
}

double total_cost(const PlanProblem& problem, const Assignment& plan) {
  double cost = 0;
  for (UnitIndex u = 0; u < plan.size(); ++u) cost += problem.cost_of(u, plan[u]);
  if (!problem.has_zone_costs()) return cost;
  std::vector<std::vector<UnitIndex>> zones(problem.schools.size());
  for (UnitIndex u = 0; u < plan.size(); ++u) zones[plan[u]].push_back(u);
  ZoneMeter meter(problem);
  for (SchoolIndex s = 0; s < zones.size(); ++s) cost += meter.whole_cost(s, zones[s]);
  return cost;
}

}  // namespace catchment::engine::planning
