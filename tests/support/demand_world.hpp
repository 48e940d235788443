// A made-up city whose children and pupils come from a process that is known, to see whether a forecast knows it too.
#pragma once

#include <string>
#include <vector>

#include "engine/demand/demand_input.hpp"
#include "tests/support/random.hpp"

namespace catchment::test {

// A standard normal variate (Box and Muller 1958).
double normal(Random& random);

struct DemandWorldOptions {
  std::uint64_t seed = 1;
  int districts = 3;
  int primaries = 6;  // of a district
  int juniors = 2;    // of a district
  int units = 4;      // of a primary school's zone
  int first_year = 2012;
  int last_year = 2024;                         // of enrolment, and of counts of children
  double births = 30;                           // of a unit and year
  double birth_trend = -0.02, birth_sd = 0.04;  // of the city, a year (logarithm)
  double unit_sd = 0.01, zone_sd = 0.01, district_sd = 0.01, migration_sd = 0.005;  // of ageing, a year
  double entry = 0.92, entry_sd = 0.08;                  // ratio into grade 1: its mean, and schools' own (logarithm)
  double entry_city_sd = 0.015, entry_school_sd = 0.05;  // of a year (logarithm)
  double up = 0.99, up_sd = 0.01;                        // ratio from grade to grade, likewise
  double up_city_sd = 0.005, up_school_sd = 0.02;
  double phi = 0.4;      // variance of a count by its expectation
  bool feeders = true;   // else junior schools draw on their units' children
  bool children = true;  // whether births and children are told
  bool housing = false;  // an estate in every fifth unit, completed in the middle of the years and after them by turns
};

struct DemandWorld {
  engine::demand::DemandInput input;
  engine::demand::DemandRules rules;
  int first_year = 0, last_year = 0;
};

DemandWorld make_demand_world(const DemandWorldOptions& options);

// Ids of the world: "D1", "D1-P02", "D1-P02-U3", "D1-J1".
std::string world_primary(int district, int school);
std::string world_unit(int district, int school, int unit);
std::string world_junior(int district, int school);

// The input as it was known at the end of the year: rows of later years left out.
engine::demand::DemandInput known_by(const engine::demand::DemandInput& input, int year);

}  // namespace catchment::test
