// What a layer says of one child at one place, with every household fact that matters and is not known tried both ways.
// Internal to engine/matching.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/matching/finder_tables.hpp"

namespace catchment::engine {

struct Spot {
  geo::EntryPath path;
  std::optional<geo::Point> position;
  double error_m = 0;
};

struct Assumption {
  zone_text::Household question;
  bool holds = false;
};

struct World {
  std::vector<Assumption> assumed;
  std::vector<Voice> voices;
  Resolution resolution;
};

struct Outcome {
  FinderStatus status = FinderStatus::no_zone;
  std::vector<SchoolNumber> schools;  // sorted; with undetermined those that may be meant
  std::vector<World> worlds;          // at least one
  std::string reason;

  bool same_answer(const Outcome& other) const { return status == other.status && schools == other.schools; }
};

// Appends what every row, zone, group and feeder that knows the spot says.
void collect_voices(const SchoolFinder::Tables& tables, const Spot& spot, const ChildQuery& child,
                    const zone_text::HouseholdTest& test, std::vector<Voice>& voices);

Outcome evaluate(const SchoolFinder::Tables& tables, const Spot& spot, const ChildQuery& child);

// The outcome with its evidence in words. `address` and `place` are left empty.
FinderAnswer compose(const SchoolFinder::Tables& tables, const Outcome& outcome);

}  // namespace catchment::engine
