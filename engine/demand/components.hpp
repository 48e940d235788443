// Where the scatter of ratios comes from: kinds (grades, ages), groups (schools, units), years, and chance.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/demand/pooling.hpp"

namespace catchment::engine::demand {

// `before` children of a kind in one group became `after` a year later.
struct Transition {
  std::uint32_t group = 0;
  std::uint16_t kind = 0;
  std::int16_t year = 0;  // of `after`
  float before = 0;       // > 0
  float after = 0;
};

struct Components {
  std::vector<double> kind_ratio;   // of the whole city, by kind; 1 for a kind nobody saw
  std::vector<double> kind_sample;  // children seen, by kind
  std::vector<double> kind_log_sd;  // standard error of the ratio's logarithm; 0 for a kind nobody saw
  double phi = 1;                   // variance of a count by chance, divided by its expectation
  double group_year_sd = 0;         // of a group's own shock in a year (logarithm), all kinds alike
  double year_sd = 0;               // of the city's
  double years = 0;                 // how many years' worth of shocks the ratios are means of, weights considered
  std::vector<Observation> groups;  // each group's ratio to the city's, its years' shocks taken out; parent is left 0
};

// Robust: a transition beyond three standard deviations weighs less. A year counts `decay` times the year after it.
// O(transitions + groups x years).
Components analyse(std::span<const Transition> transitions, std::size_t kinds, std::size_t groups, int last_year,
                   double decay);

}  // namespace catchment::engine::demand
