// What a forecast is asked of: who belongs where from which year on, and the changes a planner makes to it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/demand/fit_parts.hpp"
#include "engine/demand/model.hpp"

namespace catchment::engine::demand {

// One change of a plan, from a school year on. Pupils who sit in a school stay (老生老办法), but for those of a school
// that ends: they go where its units go, or into the school it is merged into.
struct ScenarioChange {
  enum class Kind { reassign_unit, open_school, close_school, merge_school, delay_housing, add_housing };
  Kind kind = Kind::reassign_unit;
  int from_year = 0;             // the first school year it holds for; of housing not used
  std::string unit_id;           // reassign_unit
  std::string school_id;         // reassign: to it; open, close: it; merge: the one that ends
  std::string into_school_id;    // merge
  Stage stage = Stage::primary;  // reassign, open; close and merge end all stages
  double share = 1;              // reassign: of the unit's children; the others keep their proportions
  std::string district_id;       // open: of a school nobody knows yet; may be empty
  Housing housing;               // add: the project; delay: its id and the new completion_year
};

// A unit's part in a school for years [from, to) ahead, counted from 0.
struct Member {
  std::uint32_t unit = 0;
  float share = 1;
  std::int16_t from = 0;
  std::int16_t to = 0;
  bool counts = true;  // false in a school fed by others: the unit's children come as their leavers
};

struct FeederIn {
  std::uint32_t school = 0;  // whose leavers come
  float share = 1;
  std::int16_t from = 0;  // years, as of a member
  std::int16_t to = 0;
  bool handed_on = false;  // by a school that ended; the others are the school's own

  bool operator==(const FeederIn&) const = default;
};

// Pupils of a school that ends move in, in the year it ends.
struct MoveIn {
  std::uint32_t school = 0;
  std::int16_t year = 0;
  std::uint16_t stage = 0;  // whose pupils move
  float share = 1;
};

// Cheap to copy: what no change touches is shared.
struct SchoolState {
  std::shared_ptr<const SchoolPlace> place;
  std::shared_ptr<const SchoolModel> model;
  std::uint64_t key = 0;  // of its draws, by id
  std::array<std::vector<Member>, kStages> members;
  std::vector<FeederIn> feeders;  // of the second stage; empty: by zone
  std::vector<MoveIn> moves;
  // By stage and year: the children of the zone it had in the base year, on whom its own level was learnt. Empty for a
  // school without a zone then, whose level stands for itself.
  std::array<std::shared_ptr<const std::vector<float>>, kStages> usual_base;
  std::array<std::int16_t, kStages> open_from{};  // years ahead; the horizon: never
  std::int16_t closed_from = 0;                   // the horizon: never
};

struct PlanState {
  std::vector<SchoolState> schools;  // by id
  std::vector<Housing> housing;
  std::shared_ptr<const std::vector<float>> arrivals;  // [unit][year]: children of entry age from housing to come
};

PlanState make_plan_state(const DemandModel& model, int horizon);

// The plan after the changes. `touched` gets 1 at the places (in it) of the schools whose stage is drawn anew, the
// second stage's feeding included. Throws InputError("demand_change", "changes/<i>"). O(schools + members).
PlanState apply_changes(const DemandModel& model, int horizon, std::span<const ScenarioChange> changes,
                        const PlanState& state, std::array<std::vector<char>, kStages>& touched);

// The first year ahead whose entrants to a school's stage differ between two states of it, if nothing else does: not
// who sits, nor any housing. Leavers of feeders are not looked at. The horizon if nothing differs.
std::optional<std::size_t> first_entrants_changed(const SchoolState& before, const SchoolState& after,
                                                  std::size_t stage, std::size_t horizon);

}  // namespace catchment::engine::demand
