// Common ground of two plans' cities: pieces that are whole in both, however each plan split and merged its units.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/planning/city/city_plan.hpp"

namespace catchment::engine::planning {

// Of the two plans compared, in the order they were given.
enum Side : std::size_t { kBefore = 0, kAfter = 1 };
inline constexpr std::array<Side, 2> kSides{kBefore, kAfter};

// A school that either plan knows; the same id is the same school.
struct ComparedSchool {
  std::string id, name;
  std::array<SchoolIndex, 2> in{kNoSchool, kNoSchool};  // its number in each plan's city
};
using ComparedIndex = std::uint32_t;  // into the list of compared schools

// A unit that is one in both plans, or the part of one that the two have in common.
struct Parcel {
  std::string id, name;             // of the smaller of the two units
  std::array<UnitIndex, 2> unit{};  // in force, in each plan's city
  std::optional<Side> finer;        // whose unit the parcel is as a whole; nobody: neither's
  int addresses = 0;
  std::optional<int> households;
  bool guessed =
      false;  // both plans cut the unit, each in its own way, and it has no addresses to tell what they share
};

struct CommonGround {
  std::vector<ComparedSchool> schools;  // those of the city as it was read, then by id
  std::vector<Parcel> parcels;          // by the unit of the city as it was read, then by the plans' units
  // [(parcel * stages + stage) * years + year]. Parcels of a unit add up to it, on either side.
  std::array<std::vector<ChildParts>, 2> children;
};

// Throws InputError("comparison") if the plans are not of one city as it was read, its years and stages.
// O(units x stages x years), and the addresses of units that both plans cut.
CommonGround find_common_ground(const CityPlan& before, const CityPlan& after);

}  // namespace catchment::engine::planning
