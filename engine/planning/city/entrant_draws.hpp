// How far the entrants of schools may be from what is expected of them, for zones that must have seats all the same.
#pragma once

#include <span>
#include <vector>

#include "engine/planning/city/city_plan.hpp"

namespace catchment::engine::planning {

// What a draw of the demand has at a school, to the mean of all draws. A school nobody forecasts has 1.
struct EntrantDraws {
  double share = 0.9;  // of the draws in which a zone must have seats, in all the years of one; (0, 1]
  int draws = 0;
  std::vector<float> ratio;  // [(draw * years + year) * schools of the city + school]
};

// Draws the demand of the city's sources under the plan; `in_force` is what they were fitted for. Throws
// InputError("demand_option") below 100 draws. O(schools x horizon x draws).
EntrantDraws draw_entrants(const CityPlan& in_force, const CityPlan& plan, StageIndex stage,
                           std::span<const YearIndex> years, int draws, std::uint64_t seed);

}  // namespace catchment::engine::planning
