// The children and births of a made-up city.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "datasets/synth/city.hpp"
#include "datasets/synth/random.hpp"

namespace catchment::datasets::synth {

inline constexpr int kAges = 18;                                  // 0 to 17
inline constexpr int kFirstYear = kLastYear - kHistoryYears + 1;  // of children and enrolment
inline constexpr int kFirstBirthYear = kLastYear - 10;
inline constexpr int kFirstMonthlyYear = kLastYear - 2;  // births by month from this year; by year before

// Children counted on 31 August: [year - kFirstYear][age].
using ChildTable = std::array<std::array<int, kAges>, kHistoryYears>;

struct UnitPeople {
  ChildTable children{};
  // Births by year and month, [year - kFirstBirthYear][month - 1]. The last year ends with August: later births are not
  // in yet.
  std::array<std::array<int, 12>, kLastYear - kFirstBirthYear + 1> births{};
};

// A unit with exactly `total` children in the last year. A cohort ages by a year every year and changes only by a few
// families who move (one child in 25 a year at most); births fall from year to year as the relative sizes in people.cpp
// say; the children aged 0 on 31 August are those born in the twelve months before it.
UnitPeople make_people(std::int64_t total, Random& random);

}  // namespace catchment::datasets::synth
