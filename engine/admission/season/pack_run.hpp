// A policy pack as the rules of a season's run. What a pack leaves open is filled in the one way that its other dates
// allow, and said in `filled`: a run needs every date, a document need not name it.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/admission/season/season_run.hpp"
#include "engine/policy/policy_pack.hpp"

namespace catchment::engine::admission {

struct PackRun {
  RunRules rules;
  std::vector<std::string> filled;  // windows and days the pack does not name: "late", "accept" ...
  // Ids of districts with their own times in windows that families act in of themselves (online, on_site,
  // private_choice, late); other windows are those of all batches.
  std::array<std::vector<std::pair<std::string, WindowTimes>>, kSeasonWindows> batches;
};

// Nothing if the pack has no window of registration for the level. Throws InputError("season_policy", pack id) where
// dates are out of order (a draw before choices are in) or a district has two batches in a window.
std::optional<PackRun> run_of_pack(const policy::PolicyPack& pack, Stage stage);

// Puts the batches into the rules by the districts' numbers. One that no batch names has the whole window, and is said
// in `filled`. Once a run.
void number_districts(PackRun& run, std::span<const std::string> districts);

// Where an order key of a pack stands in Standing::keys.
std::size_t key_of(policy::OrderKey key);

}  // namespace catchment::engine::admission
