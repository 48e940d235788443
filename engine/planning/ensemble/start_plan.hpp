// A legal plan to begin a chain with, far from other chains' beginnings.
#pragma once

#include <functional>
#include <optional>

#include "engine/planning/ensemble/chain_plan.hpp"

namespace catchment::engine::planning {

// Zones grown from homes, locked units or random units, the lightest first, a random neighbour at a time; then adjacent
// zones are merged and cut again where that leaves fewer children outside the limits, until none is. Several attempts;
// nothing if all fail, which proves nothing, or once alive(), asked every few trees, says no. Depends on ground and
// seed.
std::optional<Assignment> find_start(const ChainGround& ground, std::uint64_t seed, const std::function<bool()>& alive);

}  // namespace catchment::engine::planning
