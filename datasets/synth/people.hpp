// The children and births of a made-up city.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "datasets/synth/demand_truth.hpp"
#include "datasets/synth/random.hpp"

namespace catchment::datasets::synth {

inline constexpr int kFirstMonthlyYear = kLastYear - 2;  // births by month from this year; by year before

// Children counted on 31 August: [year - kFirstYear][age].
using ChildTable = std::array<std::array<int, kAges>, kHistoryYears>;

struct UnitPeople {
  ChildTable children{};
  // Births by year and month, [year - kFirstYear][month - 1]. The last year ends with August: later births are not in
  // yet.
  std::array<std::array<int, 12>, kHistoryYears> births{};
};

// A unit: its homes as a factor of births, and what is built in it.
struct UnitHomes {
  double homes = 0;
  std::vector<const engine::Housing*> projects;
};

// Children aged 0 in a year are those born in the twelve months before its 31 August, drawn about what the truth
// expects; then a cohort ages by a year every year, and families come and go about the truth's ratio (2 % of the
// children change places in any case). Dwellings completed by the last year bring children as they fill, and births.
UnitPeople make_people(const DemandTruth& truth, const UnitArea& area, const UnitHomes& homes, Random& random);

// The children of the last year that make_people draws about.
double expected_children(const DemandTruth& truth, const UnitArea& area, const UnitHomes& homes);

}  // namespace catchment::datasets::synth
