// Who would go to another school under one plan than under another: by unit, by schools, by year, by grade.
//
// Children are expected children who reach a stage's entry age, in whole 1/65,536. What a plan says of a year is for
// those who enter then; children only one of the plans expects (an estate it adds) move nowhere. A unit moves as a
// whole: where its schools are not the same set, all its children have another answer, also those of a shared zone who
// may go on where they would have gone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/planning/comparison/parcels.hpp"

namespace catchment::engine::planning {

// Schools of an answer, ascending; none: nobody has the unit.
using ComparedAnswer = std::vector<ComparedIndex>;

inline constexpr int kFarther_m = 500;  // a walk that is so much longer is told

// How far children walk, on one side and the other; of those for whom both are known. Crossings of those whose walks
// both lead on streets.
struct WalkSums {
  std::int64_t children = 0;                               // parts
  std::int64_t unknown = 0;                                // parts: no walk within the limit, or no place, on a side
  std::int64_t straight = 0;                               // parts: by the straight line, on a side
  std::array<std::int64_t, 2> walk_mm{};                   // parts x millimetres, by side
  std::int64_t farther = 0, nearer = 0;                    // parts: by more than kFarther_m
  std::int64_t more_crossings = 0, fewer_crossings = 0;    // parts: of trunk roads, railways and rivers together
  std::array<std::array<std::int64_t, 3>, 2> crossings{};  // parts x crossings, by side: trunk roads, railways, rivers

  void add(const WalkSums& other);
  std::optional<double> mean_m(Side side) const;  // nobody: no walk is known
  bool operator==(const WalkSums&) const = default;
};

struct MoveSums {
  int parcels = 0, addresses = 0;
  int households = 0;         // of those where it is known
  int uncounted = 0;          // parcels whose households are not known
  std::int64_t children = 0;  // parts
  WalkSums walk;

  void add(const MoveSums& other);
  bool operator==(const MoveSums&) const = default;
};

// A parcel with one pair of answers throughout entry years [from, to).
struct UnitMove {
  std::size_t parcel = 0;
  StageIndex stage = 0;
  YearIndex from = 0, to = 0;
  ComparedAnswer before, after;
  std::vector<std::int64_t> children;             // parts, by year from `from` on
  std::array<std::optional<int>, 2> walk_m;       // rounded up, of the answer's schools the mean; nobody: not known
  std::array<std::array<int, 3>, 2> crossings{};  // trunk roads, railways, rivers: of the school crossed to most
  bool straight = false;
};

struct PairMoves {
  ComparedAnswer before, after;
  StageIndex stage = 0;
  YearIndex year = 0;
  MoveSums sums;
};

// A shared zone's children are of its schools in equal parts; of those who have a school on both sides as many stay as
// can.
struct SchoolMoves {
  ComparedIndex school = 0;
  StageIndex stage = 0;
  YearIndex year = 0;
  std::array<std::int64_t, 2> children{};  // parts, expected in its units on each side
  std::array<int, 2> units{};
  std::array<std::optional<int>, 2> seats{};  // entry seats; nobody: not known, or not open
  std::array<bool, 2> open{};
  std::int64_t gained = 0, lost = 0;   // parts
  std::array<std::int64_t, 2> only{};  // parts, of children that only this side expects
};

// Pupils of a grade who sit elsewhere in a school year: those who entered then or before, moved as answers and phasings
// of changes say. Nobody leaves, comes or repeats. Cohorts that entered before the first year planned are not counted:
// of them it is told how many parcels' change says that they move.
struct GradeMoves {
  StageIndex stage = 0;
  YearIndex year = 0;
  int grade = 0;
  std::int64_t children = 0;  // parts
  std::int64_t sitting = 0;   // parts of these who sat when they had to move
  int uncounted_parcels = 0;  // whose cohort of this grade moves, but entered before the first year planned
};

struct PlanMoves {
  CommonGround ground;
  std::vector<UnitMove> units;       // by stage, parcel, year
  std::vector<PairMoves> pairs;      // by stage, year, answers; only pairs somebody moves between
  std::vector<MoveSums> sums;        // [stage * years + year]
  std::vector<SchoolMoves> schools;  // by stage, school, year; of schools with children, units or seats on a side
  std::vector<GradeMoves> grades;    // by stage, year, grade; only those in which somebody moves
  std::vector<std::size_t> guessed;  // parcels that could only be guessed

  bool empty() const { return units.empty(); }
};

// Throws InputError as find_common_ground. O(parcels x stages x years x (log walks + grades)).
PlanMoves find_moves(const CityPlan& before, const CityPlan& after);

}  // namespace catchment::engine::planning
