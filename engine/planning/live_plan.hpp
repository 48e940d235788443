// A plan whose indicators are kept up while it changes: what a change costs depends on what moved.
//
// Every figure follows from the plan, the reference plan and the options alone, to the last bit: a LivePlan brought
// somewhere by any changes equals one made there.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/demand/model.hpp"
#include "engine/planning/city/city_plan.hpp"
#include "engine/planning/indicators/indicators.hpp"

namespace catchment::engine::planning {

struct LiveOptions {
  // The demand seats are held against; 0: none, the children expected instead. Needs the city's demand model. A share
  // of 500 draws is off by at most 0.045 (two standard errors).
  int draws = 500;
  std::uint64_t seed = 1;
  std::optional<double> sibling_share;  // of entering children, who have an elder sibling at the school
  // Seats are given out at the least walk, year by year: to so many nearest schools of a unit, where a seat outside the
  // unit's zone counts as so many metres more.
  bool seat_flow = true;
  int near_schools = 12;
  int leave_m = 2000;
};

struct IndicatorRow {
  const Indicator* indicator = nullptr;
  StageIndex stage = 0;
  YearIndex year = 0;
  IndicatorValue value;
};

// What a school's seats are held against, of a stage and year.
struct SchoolLoad {
  bool open = false;
  std::int64_t children = 0;     // in parts of 1/65,536: expected in its units
  int units = 0;                 //
  std::optional<int> seats;      // nobody: not known
  std::optional<double> demand;  // entering children, mean of the draws
  std::optional<double> over;    // probability that they are more than the seats
};

// Not to be used by two threads at once.
class LivePlan {
 public:
  // `plan` comes from `reference`, or both from one plan, by edits and changes. Throws InputError("live_plan", option)
  // on options out of range. O(units x years + schools x years x draws), and a seat flow a stage and year from nothing.
  LivePlan(const CityPlan& reference, const CityPlan& plan, const LiveOptions& options = {});
  ~LivePlan();
  LivePlan(LivePlan&&) noexcept;

  // The plan after any changes, of its city or one made from it. Units whose answer or figures differ are taken out of
  // the sums and put in again; their zones and schools are judged anew; touched schools are drawn again. A city that
  // gained units, schools or walks gives out its seats from nothing; one that lost any is begun anew.
  void update(const CityPlan& plan);

  const CityPlan& plan() const;
  const YearTally& tally(StageIndex stage, YearIndex year) const;
  IndicatorFacts facts(StageIndex stage) const;
  // All indicators of all stages and years: by indicator, stage, year. Constant time each.
  std::vector<IndicatorRow> rows() const;
  SchoolLoad load(SchoolIndex school, StageIndex stage, YearIndex year) const;
  // What one seat more in each school would save in metres, exactly; empty without a seat flow. One search over the
  // city.
  std::vector<std::int64_t> seat_prices(StageIndex stage, YearIndex year);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::engine::planning
