// How wide intervals must be to hold what they say: learnt from forecasts of years that are over.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/demand/model.hpp"

namespace catchment::engine::demand {

// One held-back figure and what was forecast of it, the spread as drawn (uncalibrated).
struct Outcome {
  std::uint32_t school = 0;  // the number of schools: the whole city
  std::int16_t grade = 0;    // of the city's stage totals, the stage's first
  std::int16_t base_year = 0;
  std::int16_t ahead = 1;  // years
  OutcomeKind kind = OutcomeKind::entry;
  double actual = 0;
  Estimate estimate;
};

// Forecasts from one origin, of years up to `last_year` and at most `horizon` ahead, beside what came. Schools that
// opened or ended in between are left out of schools and city alike. `excluded` counts them if given.
std::vector<Outcome> outcomes_from(const CityHistory& history, int base_year, int last_year, int horizon, int draws,
                                   unsigned threads, std::size_t* excluded = nullptr);

// The factors under which the outcomes known by `known_by` (target years up to it) fell into their intervals as often
// as the levels say; the fewer independent outcomes these are worth, the more of what all levels have in common, and
// the more room, by Student's t. Outcomes of one year err together: n is their number where the years are alike, the
// number of years where each is of one piece. A cell of fewer than 20 outcomes or three years borrows from the years
// ahead before it; without any, 1. Where intervals so learnt at past origins proved too narrow later, they are widened
// alike.
Calibration calibration_of(std::span<const Outcome> outcomes, int known_by);

// An interval as the factors widen or narrow it.
Estimate calibrated(const Estimate& estimate, const Calibration& calibration, OutcomeKind kind, int ahead);

// From the last origins up to base_year - 1: at most eight. None is learnt once progress (share done) says false.
Calibration calibrate(const CityHistory& history, int base_year, unsigned threads,
                      const std::function<bool(double)>& progress = {});

// fit() without calibration.
DemandModel fit_once(const CityHistory& history, int base_year);

}  // namespace catchment::engine::demand
