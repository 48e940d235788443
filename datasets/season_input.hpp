// A season's folder and a policy pack as the input of a run: each child is judged by the pack, its papers become facts,
// its acts times of the pack's calendar.
#pragma once

#include <array>
#include <vector>

#include "datasets/season_dir.hpp"
#include "engine/admission/eligibility.hpp"
#include "engine/admission/season/pack_run.hpp"

namespace catchment::datasets {

struct LevelInput {
  engine::admission::PackRun run;
  engine::admission::RunInput input;
  std::vector<std::size_t> rows;        // of each child, in children.csv
  std::vector<std::size_t> schools;     // of each school, in schools.csv
  std::vector<std::string> categories;  // of each child, as the pack calls them
};

// Dice and numbers of a season that nobody held a ceremony for, from a seed; the roles say that it is synthetic. `of`:
// seats, classes or heads, each another.
engine::admission::Ceremony synthetic_ceremony(std::uint64_t seed, std::string_view of);

// The levels for which the pack has a window of registration. Throws InputError("season_policy") if there is none, and
// season_family where a line names a school that is not there.
std::vector<LevelInput> season_input(const SeasonDir& dir, const engine::admission::EligibilityRules& rules,
                                     std::uint64_t seed);

}  // namespace catchment::datasets
