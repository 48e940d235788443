// What whole zones cost, beside the costs of their units one by one.
#pragma once

#include <span>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

// A school's zone: its units' costs, its load and its shape. O(units + shared borders).
double zone_cost(const PlanProblem& problem, SchoolIndex school, std::span<const UnitIndex> units);

// The objective: all zones of a plan.
double total_cost(const PlanProblem& problem, const Assignment& plan);

// How many children a zone lacks seats for in the draws: of the draws, ordered by what the zone lacks in their worst
// year, the last of those in which it must have seats. At most 0 if it has seats in enough of them.
// load: [draw * years + year]; scratch is overwritten.
long draw_shortage(const DemandDraws& draws, SchoolIndex school, std::span<const long> load,
                   std::vector<long>& scratch);

// [year * units + unit]: what a unit weighs at least in a zone with seats in enough draws: the mean of its smallest
// `needed` values of that year. Empty without draws. Why this is a bound: a zone has seats in some `needed` draws D;
// in each year, sum over D of its load <= needed * seats; and a unit's sum over D is no less than its smallest so many.
std::vector<double> least_draw_weights(const PlanProblem& problem);

// Measures zone after zone of one problem, which must outlive it.
class ZoneMeter {
 public:
  struct Near {
    UnitIndex unit = 0;
    double length = 0;
  };

  explicit ZoneMeter(const PlanProblem& problem);

  // Load and shape only; 0 where the problem has neither. O(units and their neighbours).
  double whole_cost(SchoolIndex school, std::span<const UnitIndex> units);
  // draw_shortage of the zone; 0 without draws. O(units x draws x years).
  long shortage(SchoolIndex school, std::span<const UnitIndex> units);

  std::span<const Near> near(UnitIndex u) const { return {near_.data() + first_[u], near_.data() + first_[u + 1]}; }

 private:
  const PlanProblem& problem_;
  std::vector<std::uint32_t> first_;
  std::vector<Near> near_;
  std::vector<char> inside_;
  std::vector<long> load_, scratch_;
};

}  // namespace catchment::engine::planning
