// What a forecast says: children and pupils to come, with intervals, by school, grade and year.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model.hpp"

namespace catchment::engine::demand {

// One figure to come. `mean` adds up: the mean of a total is the sum of the means of its parts. Medians and bounds do
// not. Bounds are of 50, 80 and 90 %: below low[2] the figure falls in one of twenty cases.
struct Estimate {
  double mean = 0;
  double median = 0;
  std::array<double, 3> low{};
  std::array<double, 3> high{};
};
inline constexpr std::array<double, 3> kLevels{0.5, 0.8, 0.9};

// Where a ratio comes from: the finest area that has figures of its own. `prior`: none has, and the figure is the
// rules'.
enum class Level : std::uint8_t { prior, city, district, zone, unit };
std::string_view to_word(Level level);

// An estimated ratio, drawn toward that of the level above by how few children it was seen on.
struct Ratio {
  double value = 1;
  double sample = 0;  // children (or pupils) it was seen on at its own level
  double log_sd = 0;  // how far off its logarithm may be, one standard deviation; of a district's or school's: beside
                      // the city's ratio, whose own error is common to all and drawn once
  Level from = Level::prior;
};

// Where the children of an entry year go, as expected: zone_children + from_outside = enrolled + private_school +
// elsewhere, to rounding.
struct EntryFlow {
  double zone_children = 0;  // of entry age in the school's units
  double from_outside = 0;   // enrolled though not of the zone: out of area and migrant children
  double enrolled = 0;       // in the entry grade
  double private_school = 0;
  double elsewhere = 0;  // other districts and cities, deferred, other public schools
  double migrant = 0;    // of from_outside, where the rows say
};

struct GradeForecast {
  int grade = 0;
  std::vector<Estimate> years;  // [i]: school year base_year + 1 + i
};

struct SchoolForecast {
  std::string school_id;
  std::vector<GradeForecast> grades;  // ascending; a nine-year school has all nine
  std::vector<Estimate>
      zone_children;                // of entry age in its zone (leavers of its feeders), of its first stage, by year
  std::vector<EntryFlow> entry;     // of its first stage, by year; empty for a school without units and feeders
  Level entry_from = Level::prior;  // the level its entry ratio was estimated at
  double entry_sample = 0;
  bool shrunk = false;  // no or too short a past of its own: figures lean on district and city
};

struct CityForecast {
  std::vector<GradeForecast> grades;
  std::vector<GradeForecast> stages;  // `grade` is the first grade of the stage; the figure all its pupils
};

struct Forecast {
  int base_year = 0;  // the last school year that was observed
  int horizon = 0;    // years
  int draws = 0;
  std::uint64_t seed = 0;
  std::vector<SchoolForecast> schools;  // by id
  CityForecast city;
};

}  // namespace catchment::engine::demand
