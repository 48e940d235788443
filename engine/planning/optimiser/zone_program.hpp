// The pool's plans as a linear program: which zones fit together, and a plan rounded from that.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/planning/optimiser/zone_pool.hpp"
#include "engine/planning/optimiser/zone_pricer.hpp"
#include "engine/planning/plan_problem.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::engine::planning {

// One column a zone, one row a unit and a school; a unit may also stay without a zone, or have two, at a price that
// rises with what its own price is. Solved by Clp's dual simplex. What the pool holds besides the columns is priced by
// the program's own prices until none of it would help ("sifting").
class ZoneProgram {
 public:
  // Takes the pool's best zones by value; `schools` bounds what is taken of each. The problem must outlive it, the pool
  // only this call. below: what a plan of interest costs at most.
  ZoneProgram(const PlanProblem& problem, const ZonePool& pool, double below);
  ~ZoneProgram();
  ZoneProgram(ZoneProgram&&) noexcept;

  // Solves the program; false if stop() asked to leave.
  bool solve(const ZonePool& pool, const std::function<bool()>& stop);
  double value() const;                    // of the program as it stands
  std::span<const double> shares() const;  // [unit * schools + school], of the last solution
  std::span<const double> unit_price() const;

  // Fixes units to the schools that have most of them, the most certain first and with it all that are nearly certain,
  // and solves again, until every unit has one school or the program costs `below`. Then the shares are a plan's, or
  // near one's: zones may lack a unit or two. All is unfixed at the next solve or dive. noise: how far chance bends
  // the order, 0-1.
  bool dive(double below, double noise, PlanRandom& random, ZonePool& pool, ZonePricer& pricer, const std::vector<char>& allowed, const std::function<bool()>& stop);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::engine::planning
