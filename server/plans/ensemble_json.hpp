// An ensemble in JSON: what was drawn, each figure with its mixing, and where the plan in force stands.
#pragma once

#include <nlohmann/json.hpp>

#include "engine/planning/ensemble/ensemble.hpp"

namespace catchment::plans {

nlohmann::ordered_json ensemble_json(const engine::planning::EnsembleProblem& problem,
                                     const engine::planning::EnsembleOptions& options,
                                     const engine::planning::EnsembleSummary& summary);

}  // namespace catchment::plans
