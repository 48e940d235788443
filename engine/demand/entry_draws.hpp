// Entry pupils of every school in every draw, kept up while units change schools: a forecaster that draws no more than
// warnings count.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/demand/forecaster.hpp"
#include "engine/demand/scenario.hpp"

namespace catchment::engine::demand {

// What a unit's children are told: from `year` ahead on, these schools (by place) have them, each its share of all.
struct UnitTurn {
  struct Part {
    std::uint32_t school = 0;
    double share = 1;
  };
  std::int16_t year = 0;
  std::vector<Part> parts;  // shares above 0 that add up to 1, carried out in order as changes of a scenario are
};

struct UnitTurns {
  std::uint32_t unit = 0;
  std::size_t stage = 0;
  std::vector<UnitTurn> turns;  // by year; none: as in the plan the draws began with
};

struct SchoolStage {
  std::uint32_t school = 0;  // by place in state().schools
  std::size_t stage = 0;

  auto operator<=>(const SchoolStage&) const = default;
};

// The draws are those of a Forecaster with the same options and changes, to the last bit, whatever came in between: a
// state follows from the changes since the beginning, not from their history. Not to be used by two threads at once.
class EntryDraws {
 public:
  // Draws the plan in force: O(schools x years x draws). The model must outlive it; progress is not asked.
  EntryDraws(const DemandModel& model, const ForecastOptions& options);
  ~EntryDraws();
  EntryDraws(EntryDraws&&) noexcept;

  const PlanState& state() const;
  std::size_t draws() const;
  // Scaled to the calibrated spread (Forecaster::entry_draws); empty for a school without the stage.
  std::span<const float> of(std::size_t school, std::size_t stage, std::size_t year) const;

  // Each unit's turns take the place of those it had. Gives the schools whose draws differ, ascending. Draws the
  // cohorts of the schools it left and joined and of those they feed. The schools must be open then. Not after a
  // start_over that opened, ended or built anything: start_over with all of it again.
  std::vector<SchoolStage> turn(std::span<const UnitTurns> units);
  // The plan the draws began with after these changes and no others: schools opened, ended, estates, units. Draws what
  // differs from before. Places of schools may change. Throws InputError as Forecaster::apply, and then nothing has
  // changed.
  std::vector<SchoolStage> start_over(std::span<const ScenarioChange> changes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::engine::demand
