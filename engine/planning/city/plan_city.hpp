// What boundary plans speak of, prepared once: units and their borders, schools and their seats, walks, children to
// come.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/demand/demand_rules.hpp"
#include "engine/model.hpp"
#include "engine/planning/plan_problem.hpp"
#include "geo/shapes.hpp"
#include "geo/street_network/street_network.hpp"

namespace catchment::engine::planning {

using StageIndex = std::uint32_t;  // into PlanCity::stages
using YearIndex = std::uint32_t;   // 0 is the school year after the base year

inline constexpr UnitIndex kNoUnit = std::numeric_limits<UnitIndex>::max();
inline constexpr SchoolIndex kNoSchool = std::numeric_limits<SchoolIndex>::max();

// Children are counted in whole 1/65,536, so that sums know no order and parts of a unit add up to it.
using ChildParts = std::int32_t;
inline constexpr ChildParts kWholeChild = 65'536;

// A part of a unit of the city as it was read, in 1/65,536 of its children.
struct UnitOrigin {
  UnitIndex unit = 0;
  std::int32_t parts = kWholeChild;

  friend bool operator==(const UnitOrigin&, const UnitOrigin&) = default;
};

struct CityUnit {
  std::string id, name;
  bool in_force = true;  // false once it was split or merged: it keeps its number, and nobody asks who has it
  std::shared_ptr<const geo::MultiPolygon> shape;  // null: not known
  geo::Point place;                                // where its walks begin: amid its addresses, else inside its shape
  bool placed = false;                             // whether `place` is known
  double area_m2 = 0;
  double perimeter_m = 0;                                      // of all its rings
  int addresses = 0;                                           // with or without a position
  std::shared_ptr<const std::vector<geo::Point>> positions{};  // of the addresses that have one; null: none
  std::optional<int> households;
  std::vector<UnitIndex> made_of;   // the unit it is a part of, or the units merged into it; lower numbers
  std::vector<UnitOrigin> origins;  // of a unit that came about by splits and merges; empty: it was read as it is
};

// Two units that share a border longer than a point.
struct CityBorder {
  UnitIndex a = 0, b = 0;  // a < b
  double length_m = 0;
  // False where all of it runs along a river, a railway or a trunk road that no street crosses there: a zone is not
  // connected over it.
  bool passable = true;
};

struct CityCampus {
  std::string id;
  std::vector<geo::Point> gates;  // the nearest counts; empty: not known
  UnitIndex unit = kNoUnit;       // in force, which holds the first gate
};

// A stage a school offers for entry years [from, to).
struct StageOffer {
  YearIndex from = 0, to = 0;           // from == to: never
  int first_grade = 0, last_grade = 0;  // it teaches, of the stage's
  bool entry = true;                    // it teaches the stage's entry grade

  bool open(YearIndex year) const { return entry && from <= year && year < to; }
};

struct CitySchool {
  std::string id, name;
  std::string ownership = "public";  // public | private
  std::vector<CityCampus> campuses;  // by id
  std::vector<StageOffer> offers;    // [stage]
};

// The entry grade of a school's stage in one year. Sums of its admission units.
struct EntrySeats {
  int seats = 0;    // that the expected children may have: free ones and those reserved for children they count
  int classes = 0;  //
  int class_cap = 0;
  int grade_rooms = 0;  // rooms the entry classes have or could have; spare ones included
  bool known = false;   // false: no line in the ledger
};

// One walk from a unit to the nearest gate of a school. Only `walked` and `straight` ones are kept; what is not there
// is farther than the city was asked for (kWalkLimit_m, unless said otherwise).
struct UnitWalk {
  SchoolIndex school = 0;
  std::uint32_t length_mm = 0;
  std::uint16_t trunk_roads = 0, rails = 0, rivers = 0;  // crossed on the way; of `straight` not counted
  geo::Way way = geo::Way::walked;

  double distance_m() const { return length_mm / 1000.0; }
};
using UnitWalks = std::vector<UnitWalk>;  // by school
inline constexpr double kWalkLimit_m = 5000;

struct CityHousing {  // an estate, there or to come
  engine::Housing project;
  UnitIndex unit = kNoUnit;  // in force
};

struct CityFeeder {
  SchoolIndex from = 0, to = 0;
  double share = 1;  // of the leavers
};

struct CitySources;  // what changes need to reckon anew (city_sources.hpp)

// Immutable once settled and always behind a shared_ptr<const>; a change of the city itself (a split, a school opened)
// makes another that shares what did not change. Numbers stay: units and schools that come are added behind, none is
// removed. Tables of numbers are dense where every entry is asked for (children, seats), sparse where most are not
// (walks: 20,000 units x 2,000 schools have some hundred schools a unit within 5 km).
struct PlanCity {
  int base_year = 0;          // the last school year observed; YearIndex y is base_year + 1 + y
  std::size_t years = 0;      // of the horizon
  std::vector<Stage> stages;  // those of the rules, at most two
  demand::DemandRules rules;

  std::vector<CityUnit> units;
  std::vector<CityBorder> borders;  // of units in force, by (a, b)
  std::vector<CitySchool> schools;
  std::vector<std::shared_ptr<const UnitWalks>> walks;  // [unit]; null: none
  std::vector<ChildParts> children;  // [(unit * stages + stage) * years + year]: expected to reach the entry age of the
                                     // stage, living in the unit, estates to come included; 0 of a unit not in force
  std::vector<EntrySeats> seats;  // [(school * stages + stage) * years + year], of the plan in force at the base year
  std::vector<CityHousing> housing;          // by id
  std::vector<CityFeeder> feeders;           // in the first year, by (from, to)
  std::vector<std::uint8_t> rezoned_before;  // [unit * stages + stage]: how often its school changed from one past year
                                             // to the next; empty: not known
  std::size_t addresses_without_unit = 0;
  std::shared_ptr<const CitySources> sources;  // null in a city made by hand

  // Filled by settle().
  struct Neighbour {
    UnitIndex unit = 0;
    std::uint32_t border = 0;  // into borders
  };
  std::vector<std::uint32_t> first_neighbour;  // units + 1
  std::vector<Neighbour> neighbour_list;       // ascending within a unit

  std::span<const Neighbour> neighbours(UnitIndex u) const {
    return {neighbour_list.data() + first_neighbour[u], neighbour_list.data() + first_neighbour[u + 1]};
  }
  ChildParts children_of(UnitIndex u, StageIndex stage, YearIndex year) const {
    return children[(u * stages.size() + stage) * years + year];
  }
  const EntrySeats& seats_of(SchoolIndex s, StageIndex stage, YearIndex year) const {
    return seats[(s * stages.size() + stage) * years + year];
  }
  const UnitWalk* find_walk(UnitIndex u, SchoolIndex s) const;  // null: none; O(log of the unit's walks)
  int school_year(YearIndex year) const { return base_year + 1 + static_cast<int>(year); }
  std::optional<YearIndex> find_year(int school_year) const;
  std::optional<StageIndex> find_stage(Stage stage) const;
  // By id, of all units and schools, in force or not; linear.
  std::optional<UnitIndex> find_unit(std::string_view id) const;
  std::optional<SchoolIndex> find_school(std::string_view id) const;
};

// Sorts borders and walks, lays out neighbours and fills tables that were left empty (children, seats, walks: nothing;
// offers: never). Throws InputError("plan_city", part) on lists that do not fit together: sizes, numbers out of range,
// a border of a unit with itself or twice, an id twice among units in force or among schools.
std::shared_ptr<const PlanCity> settle(PlanCity city);

}  // namespace catchment::engine::planning
