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
  // Where schools stand that share the zone with it (a multi-school zone): `seats` are of all together, a cost is of
  // the one a child would go to, and the zone holds every one of these units.
  std::vector<UnitIndex> more_units = {};

  std::vector<UnitIndex> all_units() const;  // where it and those that share its zone stand
};

// A unit that must, or must not, go to a school.
struct PlanLock {
  UnitIndex unit = 0;
  SchoolIndex school = 0;
  bool must = true;
};

inline constexpr int kNoLimit = std::numeric_limits<int>::max();

// How much may go to another school than under the plan in force; hard limits.
struct MoveBudget {
  std::vector<SchoolIndex> current;  // unit to school
  int children = kNoLimit;
  int units = kNoLimit;          // each unit counted by its weight
  std::vector<int> weight = {};  // by unit, >= 0; empty: 1 each

  long weight_of(UnitIndex unit) const { return weight.empty() ? 1 : weight[unit]; }
};

// What a zone costs by the number of its children: the sum of
//   balance * |children - target| / scale,
//   seat * (children beyond `seats`),
//   class_over * (classes of at most class_size that the children beyond `classes` such classes fill or begin).
struct LoadCost {
  double balance = 0, target = 0, scale = 1;
  double seat = 0;
  int seats = 0;
  double class_over = 0;
  int class_size = 1, classes = 0;

  double at(long children) const;
};

// A border's length where two units share one; once a pair.
struct SharedBorder {
  UnitIndex a = 0, b = 0;
  double length = 0;
};

// What a zone costs by its shape: weight * (1 - 4 pi area / perimeter^2), the isoperimetric quotient (Polsby and
// Popper 1991), at least 0; the perimeter is what its units' perimeters leave without the borders within.
// Lengths in any unit, areas in its square.
struct ZoneShape {
  double weight = 0;
  std::vector<double> area, perimeter;  // by unit
  std::vector<SharedBorder> shared;     // also where a border is too short to connect

  double at(double zone_area, double zone_perimeter) const;
};

// Demand that is not certain; a hard limit: each zone has seats in at least `share` of the draws, in a draw in all its
// years.
struct DemandDraws {
  double share = 0.9;  // (0, 1]
  int draws = 0, years = 1;
  std::vector<int> children;  // [(draw * years + year) * units + unit]
  std::vector<int> seats;     // by school

  int needed() const;  // draws in which a zone must have seats, at least 1
};

// Hard limits, always: every unit goes to exactly one school, a zone's children have seats, a zone is connected over
// borders and contains its school's unit. Where seats are a goal and no limit, a school has seats for all children and
// a LoadCost. The objective is the sum of the units' costs and of what whole zones cost; it is minimised.
struct PlanProblem {
  std::vector<PlanUnit> units;
  std::vector<std::pair<UnitIndex, UnitIndex>> borders;  // either way round; repeats and loops do no harm
  std::vector<PlanSchool> schools;
  std::vector<double> cost;  // [unit * schools.size() + school], of all the unit's children, >= 0, or kNever
  std::vector<PlanLock> locks;
  std::optional<MoveBudget> budget;
  std::vector<LoadCost> load_cost;  // by school, or empty
  std::optional<ZoneShape> shape;
  std::optional<DemandDraws> draws;

  bool has_zone_costs() const { return !load_cost.empty() || shape; }
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
  budget_short,     // the locks alone move more than the budget
  draws_short,      // the children cannot have seats in enough of the demand draws
  limits_conflict,  // limits that a bound proves to be at odds only together
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
// together: wrong sizes, indexes out of range, negative counts or prices, costs that are negative or no number.
std::vector<PlanFinding> find_problems(const PlanProblem& problem);

// [unit * schools + school]: whether a legal plan may have the unit at the school, as far as locks, forbidden costs,
// the homes of other schools, and the seats that the way from the school's own unit takes can tell.
std::vector<char> find_allowed(const PlanProblem& problem);

}  // namespace catchment::engine::planning
