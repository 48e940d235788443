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

// One way in which the facts that nobody knows may be, as far as they decide: what is assumed, and who then has the
// address. Together the worlds of an outcome cover every household; what a world does not assume may be either way.
struct World {
  std::vector<Assumption> assumed;
  std::vector<Voice> voices;
  Resolution resolution;
  bool others_open = false;     // another school may take the same child, by facts that are not assumed
  bool several_groups = false;  // unshared only because the child was assumed to be one that another school takes too
  bool cut_short = false;       // more facts than can be tried
};

// How one school of an outcome has the address.
struct Terms {
  zone_text::AllocationMode mode = zone_text::AllocationMode::direct;
  bool mode_unsure = false;
  std::vector<Assumption> conditions;  // sorted; without which the school is never among the answers
};

struct Outcome {
  FinderStatus status = FinderStatus::no_zone;
  std::vector<SchoolNumber> schools;  // sorted; with undetermined those that may be meant
  std::vector<Terms> terms;           // of each of them
  std::vector<World> worlds;          // at least one
  std::string reason;

  // The same schools under the same conditions; how they give their seats aside.
  bool same_answer(const Outcome& other) const;
};

// The terms of out.schools, from its worlds.
void find_terms(Outcome& out);
// What two answers have in common: `direct` gives way to another mode, and a difference makes it unsure.
void join_terms(Terms& terms, const Terms& with);

// Appends what one row says of the spot that lies under `names`, for the school and those it shares the address with.
void add_row_voices(const SchoolFinder::Tables& tables, std::uint32_t row, const zone_text::TextAnswer& said,
                    const Spot& spot, const std::vector<geo::NameId>& names, std::vector<Voice>& voices);

// Appends what every row, zone, group and feeder that knows the spot says.
void collect_voices(const SchoolFinder::Tables& tables, const Spot& spot, const ChildQuery& child,
                    const zone_text::HouseholdTest& test, std::vector<Voice>& voices);

// Appends the worlds of the facts that are not known; at least one.
void explore(const SchoolFinder::Tables& tables, const Spot& spot, const ChildQuery& child, std::vector<World>& worlds);

Outcome evaluate(const SchoolFinder::Tables& tables, const Spot& spot, const ChildQuery& child);

// The outcome with its evidence in words. `address` and `place` are left empty.
FinderAnswer compose(const SchoolFinder::Tables& tables, const Outcome& outcome);

}  // namespace catchment::engine
