#include "engine/planning/ensemble/chain_plan.hpp"

#include <algorithm>
#include <cmath>

namespace catchment::engine::planning {
namespace {

// Costs as multiples of a power of two so coarse that no sum over units needs more than 52 bits.
std::vector<double> on_grid(const EnsembleProblem& p) {
  const std::size_t k = p.zones.size();
  double total = 0;
  for (std::size_t u = 0; u < p.units.size() && !p.cost.empty(); ++u) {
    double most = 0;
    for (std::size_t z = 0; z < k; ++z) {
      if (const double c = p.cost[u * k + z]; c != kNever) most = std::max(most, c);
    }
    total += most;
  }
  int exponent = 0;
  std::frexp(total, &exponent);
  const double step = std::ldexp(1.0, exponent - 51);
  std::vector<double> out(p.units.size() * k, 0);
  for (std::size_t i = 0; i < p.cost.size(); ++i) {
    if (p.cost[i] != kNever) out[i] = std::nearbyint(p.cost[i] / step) * step;
  }
  return out;
}

}  // namespace

std::string_view to_word(PlanFigure figure) {
  switch (figure) {
    case PlanFigure::cut_edges:
      return "cut_edges";
    case PlanFigure::over_seats:
      return "over_seats";
    case PlanFigure::distance:
      return "distance";
    case PlanFigure::units_changed:
      return "units_changed";
    case PlanFigure::children_changed:
      break;
  }
  return "children_changed";
}

ChainGround::ChainGround(const EnsembleProblem& problem)
    : graph(problem.units.size(), problem.zones.size(), problem.borders),
      zones(problem.zones.size()),
      allowed(find_allowed(problem)),
      cost(on_grid(problem)),
      reference(problem.reference) {
  for (const PlanUnit& u : problem.units) children.push_back(u.children);
  for (const EnsembleZone& z : problem.zones) {
    least.push_back(z.least);
    most.push_back(z.most);
    seats.push_back(z.seats);
    home.push_back(z.home ? *z.home : UINT32_MAX);
  }
  if (!problem.start.empty() && check_plan(problem, problem.start).empty()) start = problem.start;
}

ChainPlan count_plan(const ChainGround& ground, Assignment plan) {
  ChainPlan out;
  out.zone_of = std::move(plan);
  out.load.assign(ground.zones, 0);
  for (UnitIndex u = 0; u < out.zone_of.size(); ++u) {
    const SchoolIndex z = out.zone_of[u];
    out.load[z] += ground.children[u];
    out.figure(PlanFigure::distance) += ground.cost[u * ground.zones + z];
    if (!ground.reference.empty() && ground.reference[u] != z) {
      out.figure(PlanFigure::units_changed) += 1;
      out.figure(PlanFigure::children_changed) += ground.children[u];
    }
    for (const UnitIndex w : ground.graph.neighbours(u)) {
      out.figure(PlanFigure::cut_edges) += w > u && out.zone_of[w] != z;
    }
  }
  for (SchoolIndex z = 0; z < ground.zones; ++z) out.figure(PlanFigure::over_seats) += ground.over(z, out.load[z]);
  return out;
}

}  // namespace catchment::engine::planning
