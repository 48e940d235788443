// A made-up admission season with known truth: households and their papers, honest mistakes, twins and siblings,
// movers, forfeits, late registrations, migrants with points, promotees, policy groups, children with disabilities.
// Nobody in it is real: a child is a code, a school a number. The same seed gives the same bytes on every machine.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "datasets/season_dir.hpp"

namespace catchment::datasets::synth {

struct SeasonMakeup {
  int children = 10'000;  // of both levels, half each; 200 to 1,000,000
  std::uint64_t seed = 1;
  int school_year = 2024;
  std::vector<std::string> districts;  // ids; empty: D1 to D8
  std::string place = "synthetic";
  int class_cap_primary = 45, class_cap_junior = 50;
};

// Throws InputError("synth_season", option). `cancelled` is asked now and then; the result is then empty.
SeasonDir make_season(const SeasonMakeup& makeup, const std::function<bool()>& cancelled);

}  // namespace catchment::datasets::synth
