// A change being carried out: what all kinds of change share. Internal to apply().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/planning/city/cut_shapes.hpp"
#include "engine/planning/city/plan_change.hpp"

namespace catchment::engine::planning {

// Works on copies; if anything throws, they are dropped.
class PlanDraft {
 public:
  explicit PlanDraft(const CityPlan& plan) : plan_(plan) {}

  const CityPlan& plan() const { return plan_; }
  const PlanCity& city() const { return plan_.city(); }

  [[noreturn]] static void fail(const char* code, const std::string& member, const std::string& message);
  UnitIndex unit(const std::string& id, const std::string& member);   // in force
  std::vector<UnitIndex> units(const std::vector<std::string>& ids);  // at "/units"; none twice
  SchoolIndex school(const std::string& id, const std::string& member) const;
  StageIndex stage(Stage stage) const;
  YearIndex year(int school_year, const std::string& member) const;
  void require_open(SchoolIndex school, StageIndex stage, YearIndex from, YearIndex to,
                    const std::string& member) const;
  void require_unlocked(UnitIndex unit, const std::string& member) const;

  // Answers that differ of a locked unit are refused.
  void put(UnitIndex unit, StageIndex stage, YearIndex from, YearIndex to, AnswerIndex answer,
           const std::string& member);
  AnswerIndex answer_of(SchoolSet set);
  void set_lock(UnitIndex unit, const UnitLock* lock) { plan_ = plan_.with_lock(unit, lock); }
  void take_city(PlanCity city);  // settles it

  // Both parts of each unit, in order. The parts' answers are the unit's.
  struct Split {
    UnitIndex unit = 0;
    CutArea cut;
    std::string member;
  };
  std::vector<std::pair<UnitIndex, UnitIndex>> split(const std::vector<Split>& splits);

  // The unit's part within the region: whether most of it is (addresses, else area), and the cut if both parts hold an
  // address or a hundredth of its area.
  struct Within {
    bool most = false;
    std::optional<CutArea> cut;
  };
  static Within look(const CityUnit& unit, const geo::MultiPolygon& region);

 private:
  CityPlan plan_;
  std::unordered_map<std::string_view, UnitIndex> unit_numbers_;  // of city_of_numbers_
  std::shared_ptr<const PlanCity> city_of_numbers_;
};

void carry_out(PlanDraft& draft, const ReassignUnits& change);
void carry_out(PlanDraft& draft, const MoveBoundary& change);
void carry_out(PlanDraft& draft, const DrawPolygon& change);
void carry_out(PlanDraft& draft, const SplitUnit& change);
void carry_out(PlanDraft& draft, const MergeUnits& change);
void carry_out(PlanDraft& draft, const OpenSchool& change);
void carry_out(PlanDraft& draft, const CloseSchool& change);
void carry_out(PlanDraft& draft, const MergeSchool& change);
void carry_out(PlanDraft& draft, const MoveSchool& change);
void carry_out(PlanDraft& draft, const ChangeRooms& change);
void carry_out(PlanDraft& draft, const ChangeClassCap& change);
void carry_out(PlanDraft& draft, const ChangeGrades& change);
void carry_out(PlanDraft& draft, const AddHousing& change);
void carry_out(PlanDraft& draft, const DelayHousing& change);
void carry_out(PlanDraft& draft, const DeclareZone& change);
void carry_out(PlanDraft& draft, const LockUnits& change);
void carry_out(PlanDraft& draft, const UnlockUnits& change);

}  // namespace catchment::engine::planning
