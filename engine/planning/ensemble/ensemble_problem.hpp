// Which plans an ensemble is drawn from: units, zones, and what makes a plan legal.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

// Zones are numbered by their place in the problem's list; with schools, a zone is its school's.
struct EnsembleZone {
  std::string id;
  std::optional<UnitIndex> home;                          // always in the zone
  int least = 0, most = std::numeric_limits<int>::max();  // children, both included; hard limits
  int seats = std::numeric_limits<int>::max();            // what children over seats are counted from; no limit
};

// A plan is legal if every zone has a unit, is connected over borders, has children within its limits and holds its
// home, and no unit is where its cost, a lock or another zone's home forbids.
struct EnsembleProblem {
  std::vector<PlanUnit> units;
  std::vector<std::pair<UnitIndex, UnitIndex>> borders;  // either way round; repeats and loops do no harm
  std::vector<EnsembleZone> zones;
  std::vector<double> cost;  // [unit * zones.size() + zone], >= 0, or kNever; empty: none
  std::vector<PlanLock> locks;
  Assignment reference;  // the plan that units and children are compared with; may be illegal; empty: none
  Assignment start;      // a legal plan, for chains that find none of their own; empty: none
};

struct EnsembleRules {
  std::optional<double> tolerance;  // children within target * (1 +- tolerance); targets share the children by seats
  bool seats = true;                // no zone above its seats
  bool homes = true;                // a zone holds its school's unit
};

// The zones of a plan problem's schools. Its budget gives the reference and is no limit here.
EnsembleProblem to_ensemble(const PlanProblem& problem, const EnsembleRules& rules);

enum class EnsembleFindingKind {
  no_zones,             // there are units and no zone, or fewer units than zones
  parts_without_zones,  // units and borders fall into more parts than zones, or a part has no home where all have one
  shared_home,          // two zones with one home
  lock_conflict,        // a unit that locks, costs and homes leave no zone
  limits_conflict,      // a zone's least above its most, a home above it, or all zones together too small or too large
  illegal_start,        // the start breaks a limit: it is not used
  no_start,             // no legal plan was found to begin with, and none was ruled out
};

std::string_view to_word(EnsembleFindingKind kind);

struct EnsembleFinding {
  EnsembleFindingKind kind{};
  bool fatal = true;  // no plan can be drawn
  std::string message;
};

// What is wrong, in the order of the kinds. Throws InputError("ensemble_problem", part) on lists that do not fit
// together, negative counts or costs, more than 100,000 units or 10^9 children. O(units * zones + borders).
std::vector<EnsembleFinding> find_problems(const EnsembleProblem& problem);

// [unit * zones + zone]: what locks, costs and homes leave.
std::vector<char> find_allowed(const EnsembleProblem& problem);

// Every breach of a plan in words, none for a legal one. Shares nothing with the chains. O(units + borders).
std::vector<std::string> check_plan(const EnsembleProblem& problem, const Assignment& plan);

}  // namespace catchment::engine::planning
