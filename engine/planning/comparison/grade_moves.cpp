#include "engine/planning/comparison/grade_moves.hpp"

#include <algorithm>

#include "engine/planning/city/plan_change.hpp"

namespace catchment::engine::planning {
namespace {

const CityPlan& root_of(const CityPlan& plan) {
  const CityPlan* root = &plan;
  while (root->parent() != nullptr) root = root->parent();
  return *root;
}

}  // namespace

SittingMoves::SittingMoves(const CityPlan& plan) : plan_(plan) {
  for (const AppliedChange* applied : plan.history()) {
    const Phasing& phasing = applied->change->phasing;
    if (phasing.sitting_stay && phasing.move_grades.empty()) continue;
    for (const AnswerEdit& e : applied->edits) {
      moves_[{e.unit, e.stage}].push_back({e.from, e.answer, !phasing.sitting_stay, phasing.move_grades});
    }
  }
}

SittingMoves::Seat SittingMoves::seat_of(UnitIndex unit, StageIndex stage, YearIndex year, int ago) const {
  const PlanCity& city = plan_.city();
  std::vector<UnitIndex> line{unit};  // the unit and those it was made of, the oldest last
  while (!city.units[line.back()].made_of.empty()) line.push_back(city.units[line.back()].made_of.front());
  const int entry = static_cast<int>(year) - ago;
  Seat seat;
  if (entry >= 0) {
    seat.answer = plan_.answer(unit, stage, static_cast<YearIndex>(entry));
  } else {
    // The first year of the plan that all began with stands for those before.
    const CityPlan& root = root_of(plan_);
    const auto known = std::ranges::find_if(line, [&](UnitIndex u) { return u < root.city().units.size(); });
    if (known != line.end()) seat.answer = root.answer(*known, stage, 0);
  }
  if (moves_.empty()) return seat;
  const int first_grade = city.rules.stages[stage].first_grade;
  for (auto of = line.rbegin(); of != line.rend(); ++of) {
    const auto moves = moves_.find({*of, stage});
    if (moves == moves_.end()) continue;
    for (const Move& move : moves->second) {
      if (move.from > year || entry >= static_cast<int>(move.from)) continue;
      const int grade = first_grade + static_cast<int>(move.from) - entry;
      if (!move.all && std::ranges::find(move.grades, grade) == move.grades.end()) continue;
      if (seat.answer != move.answer) seat = {move.answer, true};
    }
  }
  return seat;
}

namespace {

class GradeCounter {
 public:
  GradeCounter(const CityPlan& before, const CityPlan& after, const CommonGround& ground)
      : plans_{&before, &after}, ground_(ground), sitting_{SittingMoves(before), SittingMoves(after)} {
    for (const Side side : kSides) {
      number_[side].resize(plans_[side]->city().schools.size());
      for (ComparedIndex s = 0; s < ground.schools.size(); ++s) {
        if (ground.schools[s].in[side] != kNoSchool) number_[side][ground.schools[s].in[side]] = s;
      }
    }
  }

  std::vector<GradeMoves> count() {
    const PlanCity& city = plans_[kBefore]->city();
    std::vector<GradeMoves> list;
    for (StageIndex k = 0; k < city.stages.size() && k < city.rules.stages.size(); ++k) {
      const int grades = city.rules.stages[k].grades();
      table_.assign(city.years * static_cast<std::size_t>(grades), {});
      for (std::size_t p = 0; p < ground_.parcels.size(); ++p) {
        if (is_touched(p, k)) count_parcel(p, k, grades);
      }
      for (YearIndex y = 0; y < city.years; ++y) {
        for (int g = 0; g < grades; ++g) {
          GradeMoves& moves = cell(y, g, grades);
          if (moves.children == 0 && moves.uncounted_parcels == 0) continue;
          moves.stage = k, moves.year = y, moves.grade = city.rules.stages[k].first_grade + g;
          list.push_back(moves);
        }
      }
    }
    return list;
  }

 private:
  GradeMoves& cell(YearIndex year, int ago, int grades) {
    return table_[year * static_cast<std::size_t>(grades) + static_cast<std::size_t>(ago)];
  }

  ComparedAnswer compared(Side side, AnswerIndex answer) const {
    ComparedAnswer list;
    if (answer == kNobody) return list;
    if (answer < kFirstSet) return {number_[side][answer]};
    for (const SchoolIndex s : plans_[side]->schools_of(answer)) list.push_back(number_[side][s]);
    std::ranges::sort(list);
    return list;
  }

  bool is_touched(std::size_t p, StageIndex k) const {
    if (!sitting_[kBefore].empty() || !sitting_[kAfter].empty()) return true;
    const auto& unit = ground_.parcels[p].unit;
    for (YearIndex y = 0; y < plans_[kBefore]->city().years; ++y) {
      if (compared(kBefore, plans_[kBefore]->answer(unit[kBefore], k, y)) !=
          compared(kAfter, plans_[kAfter]->answer(unit[kAfter], k, y)))
        return true;
    }
    return false;
  }

  void count_parcel(std::size_t p, StageIndex k, int grades) {
    const PlanCity& city = plans_[kBefore]->city();
    const auto& unit = ground_.parcels[p].unit;
    for (YearIndex y = 0; y < city.years; ++y) {
      for (int ago = 0; ago < grades; ++ago) {
        const auto a = sitting_[kBefore].seat_of(unit[kBefore], k, y, ago);
        const auto b = sitting_[kAfter].seat_of(unit[kAfter], k, y, ago);
        // Of those who entered before the first year planned both plans found the same, and left it unless they move.
        if (static_cast<int>(y) < ago && !a.moved && !b.moved) continue;
        if (compared(kBefore, a.answer) == compared(kAfter, b.answer)) continue;
        GradeMoves& moves = cell(y, ago, grades);
        if (static_cast<int>(y) < ago) {
          ++moves.uncounted_parcels;
          continue;
        }
        const std::size_t at = (p * city.stages.size() + k) * city.years + y - static_cast<YearIndex>(ago);
        const std::int64_t parts = std::min(ground_.children[kBefore][at], ground_.children[kAfter][at]);
        moves.children += parts;
        if (a.moved || b.moved) moves.sitting += parts;
      }
    }
  }

  std::array<const CityPlan*, 2> plans_;
  const CommonGround& ground_;
  std::array<SittingMoves, 2> sitting_;
  std::array<std::vector<ComparedIndex>, 2> number_;
  std::vector<GradeMoves> table_;
};

}  // namespace

std::vector<GradeMoves> find_grade_moves(const CityPlan& before, const CityPlan& after, const CommonGround& ground) {
  return GradeCounter(before, after, ground).count();
}

}  // namespace catchment::engine::planning
