// The parts of a LivePlan. Each takes a unit out of its sums and puts it in again, as the plan at hand has it.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "engine/demand/entry_draws.hpp"
#include "engine/planning/live_plan.hpp"
#include "engine/planning/seat_flow.hpp"

namespace catchment::engine::planning {

// What all parts read and write. `plan` and `city` change between taking out and putting in.
struct LiveBook {
  CityPlan reference, plan;
  LiveOptions options;
  std::size_t stages = 0, years = 0;
  std::vector<YearTally> tallies;         // [stage * years + year]
  std::vector<int> siblings_until;        // [unit * stages + stage]: school year of the sibling rule; 0: none
  std::vector<std::vector<int>> estates;  // by unit: completion years

  const PlanCity& city() const { return plan.city(); }
  YearTally& at(StageIndex stage, YearIndex year) { return tallies[stage * years + year]; }
  std::size_t slot(std::size_t thing, StageIndex stage, YearIndex year) const {
    return (thing * stages + stage) * years + year;
  }
  UnitIndex reference_unit(UnitIndex unit) const;  // itself, or the first it was made of that the reference knows
  std::span<const SchoolIndex> reference_schools(UnitIndex unit, StageIndex stage, YearIndex year) const;
  // Who has the unit, year 0 of the reference standing for all years before.
  std::span<const SchoolIndex> schools_at(UnitIndex unit, StageIndex stage, int year) const;
};

// The i-th of n equal parts; what does not divide goes to the first.
inline std::int64_t equal_part(std::int64_t parts, std::size_t n, std::size_t i) {
  const auto count = static_cast<std::int64_t>(n);
  return parts / count + (static_cast<std::int64_t>(i) < parts % count ? 1 : 0);
}

// Walks, moves, siblings, estates of a unit's stage in all years; sign 1 or -1.
void count_unit(LiveBook& book, UnitIndex unit, StageIndex stage, int sign);

// Zones by answer: their pieces and shapes.
class ZoneTallies {
 public:
  explicit ZoneTallies(LiveBook& book) : book_(book) {}
  void resize();  // to the city's and plan's units, schools and sets
  void count(UnitIndex unit, StageIndex stage, int sign);
  void settle();  // judges the zones that were touched

 private:
  struct Zone {
    std::vector<UnitIndex> units;
    std::int64_t pieces = 0, compactness = -1;  // < 0: no shape
    bool touched = false;
  };
  std::size_t zone_of(AnswerIndex answer) const;
  Zone& zone(StageIndex stage, YearIndex year, std::size_t at);
  void judge(StageIndex stage, YearIndex year, std::size_t at);
  std::int64_t count_pieces(const Zone& zone, StageIndex stage, YearIndex year);
  std::int64_t compactness_of(const Zone& zone, StageIndex stage, YearIndex year) const;

  LiveBook& book_;
  std::size_t schools_ = 0, zones_ = 0;                // zones: schools, then sets
  std::vector<std::vector<Zone>> table_;               // [stage * years + year][zone]
  std::vector<std::uint32_t> place_;                   // by slot of a unit: where in its zone
  std::vector<std::array<std::uint32_t, 3>> touched_;  // stage, year, zone
  std::vector<std::uint32_t> seen_;                    // by unit
  std::uint32_t stamp_ = 0;
  std::vector<UnitIndex> queue_;
};

// Who leaves one school together and goes on where: of the second stage.
class ClassTallies {
 public:
  explicit ClassTallies(LiveBook& book) : book_(book) {}
  void resize();
  void count(UnitIndex unit, int sign);

 private:
  struct Going {
    SchoolIndex to = 0;
    std::int64_t parts = 0;
  };
  struct Class {
    std::int64_t leavers = 0;
    std::vector<Going> going;
  };
  std::int64_t parted(const Class& of, SchoolIndex school) const;
  void go(YearIndex year, SchoolIndex from, std::int64_t parts, std::span<const SchoolIndex> to);

  LiveBook& book_;
  std::vector<std::vector<Class>> classes_;  // [year][school]
  std::vector<double> fed_parted_;           // by school: probability by its feeders; < 0: it has none
};

// Loads against seats, by school.
class SchoolTallies {
 public:
  explicit SchoolTallies(LiveBook& book) : book_(book) {}
  void resize();
  void count(UnitIndex unit, StageIndex stage, int sign);
  void touch(SchoolIndex school, StageIndex stage);
  void settle(const demand::EntryDraws* draws, const std::vector<int>& place);
  SchoolLoad load(SchoolIndex school, StageIndex stage, YearIndex year) const;

 private:
  struct Summary {
    bool open = false, empty = false, unknown = false;
    std::int64_t loaded = 0, load = 0;
    std::int64_t over = 0, free = 0, classes_over = 0, classes_free = 0, schools_over = 0, schools_under = 0;
    std::int64_t demand = 0;  // parts over all draws
  };
  Summary judge(SchoolIndex school, StageIndex stage, YearIndex year, std::span<const float> draws) const;
  void add(const Summary& summary, YearTally& tally, int sign) const;

  LiveBook& book_;
  std::vector<std::int64_t> load_;  // by slot of a school
  std::vector<int> units_;
  std::vector<Summary> summaries_;
  std::set<std::pair<SchoolIndex, StageIndex>> touched_;
};

// Seats given out at the least walk, for every stage and year.
class SeatFlows {
 public:
  explicit SeatFlows(LiveBook& book) : book_(book) {}
  void rebuild();
  void update_unit(UnitIndex unit, StageIndex stage);
  void update_school(SchoolIndex school, StageIndex stage);
  void settle();
  std::vector<std::int64_t> prices(StageIndex stage, YearIndex year);

 private:
  SeatFlowInput make_input(StageIndex stage) const;
  int seats_of(SchoolIndex school, StageIndex stage, YearIndex year) const;

  LiveBook& book_;
  std::vector<SeatFlow> flows_;  // [stage * years + year]
  std::vector<char> touched_;
};

// The draws of the demand model, kept at the plan.
class LiveDemand {
 public:
  explicit LiveDemand(LiveBook& book);
  const demand::EntryDraws* draws() const { return draws_ ? &*draws_ : nullptr; }
  const std::vector<int>& places() const { return place_; }  // by school of the city: in the draws; < 0: none
  // Draws again what the plan's difference from the reference asks for. Units: those whose answers changed.
  void update(const std::vector<std::pair<UnitIndex, StageIndex>>& units, SchoolTallies& schools);

 private:
  void find_places();
  bool is_structural() const;
  std::vector<demand::UnitTurns> turns_of(const std::vector<std::pair<UnitIndex, StageIndex>>& units) const;

  LiveBook& book_;
  std::optional<demand::EntryDraws> draws_;
  std::vector<int> place_;
  bool structural_ = false;  // schools or estates are others than the reference's
};

}  // namespace catchment::engine::planning
