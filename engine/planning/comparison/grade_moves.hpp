// Cohorts through their grades: who sits where, year after year, under plans that move some of those who sit.
#pragma once

#include <map>
#include <vector>

#include "engine/planning/comparison/plan_moves.hpp"

namespace catchment::engine::planning {

// What a plan's changes say of those who sit in a unit; of nearly all units nothing.
class SittingMoves {
 public:
  explicit SittingMoves(const CityPlan& plan);

  bool empty() const { return moves_.empty(); }
  // The answer of the cohort that entered `ago` years before `year` (that may be before the first year planned), in
  // which it sits in that year; and whether it sat elsewhere before.
  struct Seat {
    AnswerIndex answer = kNobody;
    bool moved = false;
  };
  Seat seat_of(UnitIndex unit, StageIndex stage, YearIndex year, int ago) const;

 private:
  struct Move {
    YearIndex from = 0;
    AnswerIndex answer = kNobody;
    bool all = false;
    std::vector<int> grades;
  };
  const CityPlan& plan_;
  std::map<std::pair<UnitIndex, StageIndex>, std::vector<Move>> moves_;  // in the order of the changes
};

std::vector<GradeMoves> find_grade_moves(const CityPlan& before, const CityPlan& after, const CommonGround& ground);

}  // namespace catchment::engine::planning
