// A season played through before it happens: zones -> children -> applications -> admission -> overflow -> classes,
// once for every draw of the demand. It tells who is turned away, who ends far from home, and how full classes are.
//
// In each draw a school has as many applicants as the forecast drew. They live in its units, in proportion to the
// children expected there (systematic sampling, so that a unit has its expectation rounded up or down); those who come
// from outside its zone are placed as if they lived in it. Each belongs to a household class by chance. Where seats
// lack, tiers decide and then the lot. Whoever has no seat is given one of those that are free, so that all together
// walk least; nobody who has a seat loses it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/demand/forecaster.hpp"
#include "engine/planning/city/city_plan.hpp"

namespace catchment::engine::planning {

// What sets children of one zone apart when seats lack.
struct HouseholdClass {
  std::string id, name;
  double share = 1;  // of a zone's children, 0-1
  int tier = 1;      // 1 is admitted first
};

struct SeasonOptions {
  StageIndex stage = 0;
  YearIndex year = 0;
  std::vector<HouseholdClass> classes;  // their shares add up to 1; none: all children alike
  std::uint64_t seed = 1;
  int far_m = 2000;                      // a longer walk ends far from home
  int near_schools = 12;                 // the nearest with free seats that a child without a seat may be given
  unsigned threads = 1;                  // the result does not depend on it
  std::function<bool(double)> progress;  // share done, 0-1; false cancels. Called by one thread at a time.
};

// Children over all draws.
struct SeasonCount {
  std::int64_t children = 0;     // who apply
  std::int64_t admitted = 0;     // at the school of their zone
  std::int64_t elsewhere = 0;    // turned away there, and given another's seat
  std::int64_t unplaced = 0;     // turned away, and no seat within reach
  std::int64_t far = 0;          // of those with a seat: walk more than far_m, or farther than walks are known
  std::int64_t walk_m = 0;       // sum of the walks that are known
  std::int64_t walks_known = 0;  // how many are
};

struct SchoolSeason {
  SeasonCount zone;           // the children of its zone, wherever they end
  std::int64_t taken_in = 0;  // children of other zones
  int full_draws = 0;         // in which somebody was turned away
  std::optional<int> seats;   // nobody: not known, and all were admitted
  int classes = 0;            // 0: not known
  int class_cap = 0;
};

// A figure of the city by draw: children.
struct SeasonFigure {
  double mean = 0;
  int low_90 = 0, median = 0, high_90 = 0;
};

struct SeasonResult {
  int draws = 0;
  std::vector<SchoolSeason> schools;  // as the city has them; without children and seats: not of this stage
  std::vector<SeasonCount> units;     // as the city has them
  std::vector<SeasonCount> classes;   // as the options have them; one if they have none
  SeasonCount homeless;               // children of schools that have entrants but no unit; they are in no unit's count
  SeasonFigure turned_away, unplaced, far;
  bool cancelled = false;  // and then the rest is not to be used
};

// `forecaster` must be that of the city's demand with the plan's changes carried out (to_demand_changes). Throws
// InputError("season_option", which). O(draws x (children + the seat flow of those turned away)).
SeasonResult simulate_season(const CityPlan& plan, const demand::Forecaster& forecaster, const SeasonOptions& options);

}  // namespace catchment::engine::planning
