// Why a unit has the schools it has: what a plan says of it through the years, and the change that made it so.
#pragma once

#include <vector>

#include "engine/planning/city/plan_change.hpp"

namespace catchment::engine::planning {

// One answer of a stage for those who enter in years [from, to).
struct UnitChapter {
  StageIndex stage = 0;
  YearIndex from = 0, to = 0;
  std::vector<SchoolIndex> schools;                // none: nobody has it
  SchoolSet::Kind kind = SchoolSet::Kind::shared;  // of several
  const AppliedChange* change = nullptr;           // that gave this answer; null: the plan one began with
  std::size_t change_number = 0;                   // in the plan's history
  std::vector<const UnitWalk*> walks;              // by school; null: none is known
};

struct UnitStory {
  UnitIndex unit = 0;
  const UnitLock* lock = nullptr;
  std::vector<UnitChapter> chapters;  // by stage, year
};

// Valid as long as the plan. O(changes + years).
UnitStory tell_story(const CityPlan& plan, UnitIndex unit);

// The units in force that the unit is or became part of, ascending.
std::vector<UnitIndex> find_successors(const PlanCity& city, UnitIndex unit);

}  // namespace catchment::engine::planning
