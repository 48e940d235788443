// What a planner asks for: units, schools, what may not be broken, and what a plan costs.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catchment::engine::planning {

// Units and schools are numbered by their place in the problem's lists.
using UnitIndex = std::uint32_t;
using SchoolIndex = std::uint32_t;

// The cost of a unit at a school it may never go to.
inline constexpr double kNever = std::numeric_limits<double>::infinity();

struct PlanUnit {
  std::string id;
  int children = 0;
};

struct PlanSchool {
  std::string id;
  UnitIndex unit = 0;  // where it stands; this unit is always in its zone
  int seats = 0;
};

// A unit that must, or must not, go to a school.
struct PlanLock {
  UnitIndex unit = 0;
  SchoolIndex school = 0;
  bool must = true;
};

// How many children may go to another school than under the plan in force; a hard limit.
struct MoveBudget {
  std::vector<SchoolIndex> current;  // unit to school
  int children = 0;
};

// Hard limits, always: every unit goes to exactly one school, a zone's children have seats, a zone is connected over
// borders and contains its school's unit. The objective is the sum of the costs; it is minimised.
struct PlanProblem {
  std::vector<PlanUnit> units;
  std::vector<std::pair<UnitIndex, UnitIndex>> borders;  // either way round; repeats and loops do no harm
  std::vector<PlanSchool> schools;
  std::vector<double> cost;  // [unit * schools.size() + school], of all the unit's children, >= 0, or kNever
  std::vector<PlanLock> locks;
  std::optional<MoveBudget> budget;

  double cost_of(UnitIndex unit, SchoolIndex school) const { return cost[unit * schools.size() + school]; }
};

// Unit to school, of one stage.
using Assignment = std::vector<SchoolIndex>;

enum class PlanFindingKind {
  disconnected,     // units and borders fall apart, each part with a school: remarkable, not wrong
  no_schools,       // there are units and no school
  island,           // units that no border leads to from any school
  no_seats,         // a school without seats
  shared_home,      // two schools stand in one unit, and each must have it
  home_over_seats,  // a school's own unit alone has more children than seats
  lock_conflict,    // locks that deny each other, or a school its own unit
  unreachable,      // units that no school can take: forbidden, cut off, or the way there alone fills the school
  seats_short,      // units that can only reach schools with too few seats in all
  budget_short,     // the locks alone move more children than the budget
};

std::string_view to_word(PlanFindingKind kind);

struct PlanFinding {
  PlanFindingKind kind{};
  bool fatal = true;                 // no legal plan exists
  std::vector<UnitIndex> units;      // ascending
  std::vector<SchoolIndex> schools;  // ascending
  std::string message;               // in words, with figures
};

// What is wrong with a problem, in a fixed order; linear but for one flow. Fatal findings prove that no legal plan
// exists; without one there may still be none. Throws InputError("plan_problem", part) on lists that do not fit
// together: wrong sizes, indexes out of range, negative counts, costs that are negative or no number.
std::vector<PlanFinding> find_problems(const PlanProblem& problem);

// [unit * schools + school]: whether a legal plan may have the unit at the school, as far as locks, forbidden costs,
// the homes of other schools, and the seats that the way from the school's own unit takes can tell.
std::vector<char> find_allowed(const PlanProblem& problem);

}  // namespace catchment::engine::planning
