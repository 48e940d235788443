// The laws that the children of a made-up city follow: what a forecast of it should find out. All figures are invented.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "datasets/synth/city.hpp"
#include "engine/model.hpp"

namespace catchment::datasets::synth {

inline constexpr int kAges = 18;                                  // 0 to 17
inline constexpr int kFirstYear = kLastYear - kHistoryYears + 1;  // of children, births and enrolment

// Where a unit lies; what its children follow besides what is its own.
struct UnitArea {
  double ageing = 0;  // what persists in unit, zone and district together, on top of 1
  double births = 1;  // the unit's own factor
};

// What new dwellings of a kind bring, when all are lived in.
struct HousingYield {
  double children = 0;  // aged 0-17 a dwelling
  double births = 0;    // a dwelling and year
};
HousingYield yield_of(std::string_view kind);
// Share of dwellings lived in, by years since completion (from 0; negative: none).
double occupancy_after(int years);
// How the children who move into new dwellings are spread over ages; sums to 1.
double newcomers_aged(int age);

class DemandTruth {
 public:
  DemandTruth(std::uint64_t seed, std::size_t zones, std::size_t districts);

  // zone: the unit's primary zone in the last year.
  UnitArea area(std::size_t unit, std::int32_t zone, std::int32_t district) const;

  // Births of a cohort (September of the year before to August of `year`) and unit, relative to those of other years
  // and units: the city's course, a shock of the year (3 %) and the unit's own (12 %).
  double births(const UnitArea& area, int year) const;
  // Children aged age + 1 in `year` for one aged `age` the year before, as expected: by age, what persists in district
  // (1 %), zone (1 %) and unit (2 %), and a shock of the city and year (0.8 %). New housing comes on top.
  double ageing(const UnitArea& area, int age, int year) const;

  // Of a zone's children of entry age: to private schools (persistent, about 4 %), to another zone's public school
  // (about 3 %), out of the city or a year later (about 3 %, and the year's shock of 1 %).
  double private_share(std::int32_t zone, engine::Stage stage) const;
  double out_of_area_share(std::int32_t zone) const;
  double elsewhere_share(std::int32_t zone, int year) const;
  // Migrant children, who are not among the children counted, for one of the zone's children enrolled: the district's
  // (2 to 14 %) times the year's.
  double migrant_share(std::int32_t district, int year) const;
  // Pupils of a grade for one in the grade below the year before: the school's own (sd 0.8 %), its year's (1 %), the
  // city's year's (0.6 %).
  double progression(std::size_t school, int year) const;

 private:
  double shock(int what, int year) const;

  std::uint64_t seed_;
  std::vector<double> zone_ageing_;
  std::vector<double> district_ageing_;
  std::array<std::array<double, kHistoryYears + kAges>, 5> shocks_{};  // [what][year - kFirstYear + kAges]
};

}  // namespace catchment::datasets::synth
