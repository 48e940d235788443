// Ensembles of legal plans as jobs of a work queue.
#pragma once

#include "engine/planning/ensemble/ensemble.hpp"
#include "server/jobs/work_queue.hpp"

namespace catchment::jobs {

inline constexpr std::string_view kEnsembleJob = "ensemble";

// One shard each of options.shards. The problem travels as the input, once.
Batch to_batch(const engine::planning::EnsembleProblem& problem, const engine::planning::EnsembleOptions& options);

// The handler of kEnsembleJob. Throws InputError("job_bytes") on bytes that are no such shard, or of another version.
std::string run_ensemble_shard(std::string_view input, std::string_view shard, const Alive& alive);

engine::planning::ShardResult read_shard_result(std::string_view bytes);

// Every kind of job this program can do.
Handlers all_handlers();

}  // namespace catchment::jobs
