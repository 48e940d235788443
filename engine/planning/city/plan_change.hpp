// What a planner does to a plan, one change at a time, and the plan after it.
//
// A change names units and schools by id, so that a list of them can be written down (datasets/plan_scenario), and a
// unit made by an earlier change of the list can be named by a later one. It holds for children who enter a stage in
// `from_year` or later; who sits already stays, unless its Phasing says otherwise.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/planning/city/city_plan.hpp"

namespace catchment::engine::planning {

// Who among those it concerns a change leaves alone. It does not alter answers, which are of those who enter: it tells
// indicators and notices who else moves.
struct Phasing {
  bool sitting_stay = true;      // 老生老办法: who sits in a school stays there
  std::vector<int> move_grades;  // unless they sit in one of these: ascending
  int siblings_until = 0;        // school year to which a younger child may follow a sibling to the old school; 0: none
  std::string opt_in_until;      // ISO date to which those who sit may ask for the new school; empty: they may not

  friend bool operator==(const Phasing&, const Phasing&) = default;
};

struct ReassignUnits {
  Stage stage = Stage::primary;
  int from_year = 0;
  std::vector<std::string> units;
  std::string school;
};

// The line is the border between two schools' zones from now on: what the left one has right of it goes to the right
// one and the other way round, as seen along the line. The old border stays where the line does not reach. Units
// change hands in the years in which either has them alone. Refused: a line that parts neither zone, or parts a school
// from where it stands.
struct MoveBoundary {
  Stage stage = Stage::primary;
  int from_year = 0;
  std::string left, right;
  geo::Polyline line;
  bool split = false;  // units it cuts, the part that changes hands as u#1; else they go as a whole, by where most of
                       // their addresses lie, then most area
};

// What lies in the polygon goes to the school, whoever had it.
struct DrawPolygon {
  Stage stage = Stage::primary;
  int from_year = 0;
  std::string school;
  geo::Ring ring;
  bool split = false;  // as of a line
};

// The unit becomes two, u#1 left of the line or inside the polygon and u#2. Children, households and addresses without
// a position go by addresses with one, where there are none by area; by largest remainder, so that they add up.
struct SplitUnit {
  std::string unit;
  geo::Polyline cut;    // at least two points
  bool closed = false;  // the cut is a polygon
};

// Units that hang together and have the same answers throughout become one.
struct MergeUnits {
  std::vector<std::string> units;
  std::string id;  // empty: theirs joined by +
};

struct OpenSchool {
  std::string school, name;
  std::vector<Stage> stages;
  int from_year = 0;
  std::vector<geo::Point> gates;  // of its only campus, whose id is the school's
  int rooms = 0;
};

// Its units go to the school named; without one it must not have any.
struct CloseSchool {
  std::string school;
  int from_year = 0;
  std::string units_to;  // may be empty
};

// It ends, and its units, its share in shared zones and its rooms are the other's. Walks to the other go to any campus.
struct MergeSchool {
  std::string school, into;
  int from_year = 0;
};

// A campus elsewhere. Walks are measured to the new gates in every year.
struct MoveSchool {
  std::string school;
  std::string campus;  // empty: its only one
  std::vector<geo::Point> gates;
};

struct ChangeRooms {  // of a campus from a year on
  std::string campus;
  int from_year = 0;
  int rooms = 0;
};

// Another class cap than the rule's, as approved; it holds for school years from `from_year` that begin on `until` or
// before.
struct ChangeClassCap {
  std::string school;
  Stage stage = Stage::primary;
  int from_year = 0;
  std::string until;
  int class_cap = 0;
  std::string reason, approved_by;
};

// Which grades of a stage a school teaches. Without the stage's entry grade it can have no units from the year on.
struct ChangeGrades {
  std::string school;
  Stage stage = Stage::primary;
  int from_year = 0;
  int first_grade = 0, last_grade = 0;
};

struct AddHousing {
  engine::Housing project;
};

struct DelayHousing {
  std::string id;
  int completion_year = 0;
};

// A shared zone for good, or for a transition whose last year is `to_year`; after it `then` has the units, or those
// who had them.
struct DeclareZone {
  SchoolSet::Kind kind = SchoolSet::Kind::shared;
  Stage stage = Stage::primary;
  int from_year = 0;
  int to_year = 0;  // of a transition
  std::vector<std::string> units;
  std::vector<std::string> schools;
  std::string then;  // may be empty
};

struct LockUnits {
  std::vector<std::string> units;
  UnitLock lock;
};

struct UnlockUnits {
  std::vector<std::string> units;
};

using ChangeBody = std::variant<ReassignUnits, MoveBoundary, DrawPolygon, SplitUnit, MergeUnits, OpenSchool,
                                CloseSchool, MergeSchool, MoveSchool, ChangeRooms, ChangeClassCap, ChangeGrades,
                                AddHousing, DelayHousing, DeclareZone, LockUnits, UnlockUnits>;

struct PlanChange {
  ChangeBody body;
  Phasing phasing;
  std::string note;
};

// "reassign_units", "move_boundary" ...: the words of a scenario file, in the order of ChangeBody.
std::span<const std::string_view> change_words();
std::string_view to_word(const PlanChange& change);

// The plan after the change, whose parent is `plan`, untouched. A change that would do something impossible does
// nothing: InputError with the member it fails at as `where` ("/units/3") and a code:
//   plan_unknown     a unit not in force, a school, campus, estate or stage nobody has
//   plan_year        outside the horizon, or an end before its beginning
//   plan_locked      touches a locked unit; the message says who locked it and why
//   plan_unassigned  a unit that nobody has, where the change is about who has it
//   plan_school      a school that is not open then, or does not teach the stage's entry grade
//   plan_line        a line or polygon that parts nothing, crosses itself, or leaves unclear on which side things lie
//   plan_unit        a unit without a shape, or parts too small; units to merge that are apart or answer differently
//   plan_exists      an id that is taken
//   plan_sources     the city lacks what the change has to be reckoned from (demand, seats)
//   plan_nothing     nothing would change
// O(units) for changes of answers; of the city, its tables are copied and what the change touches is reckoned anew.
CityPlan apply(const CityPlan& plan, const PlanChange& change);

// In order; all or nothing. Errors are at "changes/<i><member>".
CityPlan apply(const CityPlan& plan, std::span<const PlanChange> changes);

}  // namespace catchment::engine::planning
