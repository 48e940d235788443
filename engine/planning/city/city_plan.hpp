// A plan: who has each unit, by stage and school year of entry. A value that never changes; a change makes another.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/planning/city/plan_city.hpp"

namespace catchment::engine::planning {

// What a plan says of a unit, a stage and a year: a school's number, a set of schools, or kNobody. Equal numbers are
// equal answers among plans that come from one another.
using AnswerIndex = std::uint32_t;
inline constexpr AnswerIndex kFirstSet = 0x8000'0000;
inline constexpr AnswerIndex kNobody = std::numeric_limits<AnswerIndex>::max();

// Several schools for one unit, as declared: children may go to any of them.
struct SchoolSet {
  enum class Kind { shared, transition };  // 共同学区; 过渡期: the old school and the new for some years
  std::vector<SchoolIndex> schools;        // ascending, two or more
  Kind kind = Kind::shared;

  friend bool operator==(const SchoolSet&, const SchoolSet&) = default;
};

// The answer of a unit and stage for entry years [from, to).
struct AnswerEdit {
  UnitIndex unit = 0;
  StageIndex stage = 0;
  YearIndex from = 0, to = 0;
  AnswerIndex answer = kNobody;

  friend bool operator==(const AnswerEdit&, const AnswerEdit&) = default;
};

struct UnitLock {
  std::string reason, owner;

  friend bool operator==(const UnitLock&, const UnitLock&) = default;
};

struct PlanChange;  // plan_change.hpp

// What one change did: the change as given, and every answer that is another since.
struct AppliedChange {
  std::shared_ptr<const PlanChange> change;
  std::vector<AnswerEdit> edits;  // by unit, stage, year; units that were split or merged: of their successors
};

// Copies share everything; an edit copies the blocks of units it touches (64 units each) and a list of blocks.
//
// A plan assigns entry cohorts: the answer of year y is for children who enter a stage in y. Those who entered earlier
// sit where they sit; whether some of them move too is each change's Phasing.
//
// Zones are sets of units. So a border two zones share is one line: whatever moves it moves it for both, and there is
// nothing between them that could become a sliver or an overlap.
class CityPlan {
 public:
  // Nobody has anything.
  explicit CityPlan(std::shared_ptr<const PlanCity> city);

  const PlanCity& city() const { return *city_; }
  const std::shared_ptr<const PlanCity>& shared_city() const { return city_; }

  AnswerIndex answer(UnitIndex unit, StageIndex stage, YearIndex year) const {
    return blocks_->list[stage * blocks_->per_stage + unit / kBlock]->answers[(unit % kBlock) * city_->years + year];
  }
  // Empty: nobody has it. Valid as long as this plan or a copy of it.
  std::span<const SchoolIndex> schools_of(UnitIndex unit, StageIndex stage, YearIndex year) const;
  std::span<const SchoolIndex> schools_of(AnswerIndex answer) const;  // of a set only: answer >= kFirstSet, not kNobody
  // The only school; kNoSchool if there is none, or more than one.
  SchoolIndex school_of(UnitIndex unit, StageIndex stage, YearIndex year) const {
    const AnswerIndex a = answer(unit, stage, year);
    return a < kFirstSet ? a : kNoSchool;
  }
  const SchoolSet& set_of(AnswerIndex answer) const { return (*sets_)[answer - kFirstSet]; }
  std::span<const SchoolSet> sets() const { return *sets_; }

  // By unit; locked units keep their answers until they are unlocked.
  const std::map<UnitIndex, UnitLock>& locks() const { return *locks_; }

  // The plan this one was made from by changes(); null for one that was read or put together by edits.
  const CityPlan* parent() const { return parent_.get(); }
  const AppliedChange* made_by() const { return made_by_.get(); }  // null likewise
  std::vector<const AppliedChange*> history() const;               // from the first plan on

  // Building blocks; they check nothing but ranges, and know nothing of locks and changes.
  // Later edits win. O(blocks + edits x years).
  CityPlan edited(std::span<const AnswerEdit> edits) const;
  // The plan with the set among its own, and its answer. `set.schools` in any order; one school: that school's number.
  std::pair<CityPlan, AnswerIndex> with_set(SchoolSet set) const;
  CityPlan with_lock(UnitIndex unit, const UnitLock* lock) const;  // null: unlocked
  // On a city made from this one's, whose units and schools keep their numbers; units that are new have kNobody.
  CityPlan on_city(std::shared_ptr<const PlanCity> city) const;
  CityPlan made_from(const CityPlan& parent, AppliedChange change) const;

  // The same city, answers and locks, whatever made them. Sets are compared by schools.
  bool same_answers(const CityPlan& other) const;

  static constexpr std::size_t kBlock = 64;

 private:
  friend std::vector<AnswerEdit> differences(const CityPlan& before, const CityPlan& after);
  struct Block {
    std::vector<AnswerIndex> answers;  // [unit % kBlock][year]
  };
  struct Blocks {
    std::size_t per_stage = 0;
    std::vector<std::shared_ptr<const Block>> list;  // [stage][unit / kBlock]
  };

  std::shared_ptr<const PlanCity> city_;
  std::shared_ptr<const Blocks> blocks_;
  std::shared_ptr<const std::vector<SchoolSet>> sets_;
  std::shared_ptr<const std::map<UnitIndex, UnitLock>> locks_;
  std::shared_ptr<const CityPlan> parent_;
  std::shared_ptr<const AppliedChange> made_by_;
};

// Where two plans answer otherwise, with the answers of `after` for its units in force; by unit, stage, year, joined
// over years where the answer is one. A unit that `before` does not know is compared with the first of those it was
// made of that `before` knows. Blocks that are shared are passed over. Sets are compared by schools.
std::vector<AnswerEdit> differences(const CityPlan& before, const CityPlan& after);

}  // namespace catchment::engine::planning
