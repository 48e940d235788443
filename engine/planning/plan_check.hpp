// Whether a plan is legal: everything a plan problem forbids, asked of one plan.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

enum class BreachKind {
  wrong_size,     // not one school per unit, or a school that is not there
  over_seats,     // a zone's children exceed its school's seats
  home_lost,      // a school's own unit goes elsewhere
  apart,          // a zone in several pieces
  forbidden,      // a unit where its cost or a lock says never
  over_budget,    // more children or units change school than may
  over_in_draws,  // a zone has seats in too few of the demand draws
};

std::string_view to_word(BreachKind kind);

struct Breach {
  BreachKind kind{};
  std::string message;  // names and figures
};

// All breaches in the order of the kinds; none for a legal plan. O(units + borders).
std::vector<Breach> check_plan(const PlanProblem& problem, const Assignment& plan);

}  // namespace catchment::engine::planning
