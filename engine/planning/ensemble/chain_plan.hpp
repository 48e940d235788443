// What all chains of an ensemble share: the problem laid out for speed, and a plan with its figures.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "engine/planning/ensemble/ensemble_problem.hpp"
#include "engine/planning/plan_graph.hpp"

namespace catchment::engine::planning {

// What is recorded of a plan; less is better.
enum class PlanFigure {
  cut_edges,         // borders between zones; few are compact zones
  over_seats,        // children above their zone's seats
  distance,          // the sum of the costs: children times way
  units_changed,     // that are in another zone than in the reference
  children_changed,  // the children of those
};
inline constexpr std::size_t kPlanFigures = 5;

std::string_view to_word(PlanFigure figure);

using PlanFigures = std::array<double, kPlanFigures>;  // by PlanFigure

struct ChainGround {
  explicit ChainGround(const EnsembleProblem& problem);  // one without fatal findings

  bool allows(UnitIndex u, SchoolIndex z) const { return allowed[u * zones + z] != 0; }
  int over(SchoolIndex z, int load) const { return load > seats[z] ? load - seats[z] : 0; }
  bool fits(SchoolIndex z, long load) const { return load >= least[z] && load <= most[z]; }

  PlanGraph graph;
  std::size_t zones;
  std::vector<int> children;
  std::vector<char> allowed;  // [unit * zones + zone]
  // [unit * zones + zone], rounded to a grid on which every sum over units is exact, so that sums know no order;
  // forbidden ones are 0.
  std::vector<double> cost;
  std::vector<int> least, most, seats;
  std::vector<std::uint32_t> home;  // by zone; UINT32_MAX: none
  Assignment reference, start;      // start only if legal
};

struct ChainPlan {
  Assignment zone_of;
  std::vector<int> load;  // children by zone
  PlanFigures figures{};

  double& figure(PlanFigure f) { return figures[static_cast<std::size_t>(f)]; }
  double figure(PlanFigure f) const { return figures[static_cast<std::size_t>(f)]; }
};

// Loads and figures counted from scratch. O(units + borders).
ChainPlan count_plan(const ChainGround& ground, Assignment plan);

}  // namespace catchment::engine::planning
