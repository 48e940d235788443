// Many legal plans drawn by chains, and where a plan stands among them.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "engine/planning/ensemble/chain_plan.hpp"
#include "engine/planning/ensemble/flip_chain.hpp"
#include "engine/planning/ensemble/mixing.hpp"
#include "engine/planning/ensemble/recom_chain.hpp"

namespace catchment::engine::planning {

enum class ChainMethod {
  recom,     // wanders fastest; its distribution has no known form
  revrecom,  // proportional to the spanning trees of the zones
  flip,      // proportional to exp(-energy)
};

std::string_view to_word(ChainMethod method);

// An ensemble is so many shards, each one chain with a seed and a start of its own, both by hashing. A shard depends on
// problem, options and its number alone; shards are merged in their order. So the result knows nothing of who ran them.
struct EnsembleOptions {
  ChainMethod method = ChainMethod::recom;
  TreeKind tree = TreeKind::uniform;  // recom only
  FlipEnergy energy;                  // flip only
  std::uint32_t cut_bound = 30;       // revrecom only
  std::uint64_t seed = 1;
  int shards = 4;
  std::uint64_t steps = 2000;  // a shard, after burn_in: plans (recom) or proposals
  std::uint64_t burn_in = 200;
  std::uint64_t record_every = 1;  // steps
};

struct ShardResult {
  bool started = false;  // a legal plan to begin with was found
  bool whole = false;    // not cut off
  std::uint64_t accepted = 0, trees = 0;
  std::uint64_t stuck = 0;                               // recom: steps that found no cut, their plan recorded again
  std::uint64_t over_bound = 0;                          // revrecom: trees with more cuts than the bound
  std::array<std::vector<double>, kPlanFigures> series;  // by figure, of the plans recorded, in order
  std::vector<std::vector<std::pair<int, std::uint32_t>>> loads;  // by zone: children, in how many plans; ascending
  Assignment last;                                                // the plan it ended with; legal
};

struct ShardHooks {
  std::function<bool(std::uint64_t done)> alive;   // of steps with the burn-in, every few milliseconds; false ends
  std::function<void(const ChainPlan&)> recorded;  // every plan recorded
};

// Throws std::logic_error if the chain ended with an illegal plan.
ShardResult run_shard(const EnsembleProblem& problem, const ChainGround& ground, const EnsembleOptions& options,
                      int shard, const ShardHooks& hooks);

// Least, 5 %, 25 %, median, 75 %, 95 %, most.
using Quantiles = std::array<double, 7>;

struct FigureSummary {
  PlanFigure figure{};
  double mean = 0;
  Quantiles quantiles{};
  Mixing mixing;
  std::vector<double> sorted;  // of all plans recorded
};

struct EnsembleSummary {
  std::vector<EnsembleFinding> findings;  // of the problem; then no_start for shards without one
  std::uint64_t plans = 0;                // recorded
  std::uint64_t accepted = 0, trees = 0, stuck = 0, over_bound = 0;
  std::vector<FigureSummary> figures;  // those of change only with a reference; none without plans
  std::vector<Quantiles> loads;        // by zone

  bool mixed() const;  // all figures
};

// Shards in their order. Those that did not start are left out and named.
EnsembleSummary merge_shards(const EnsembleProblem& problem, const std::vector<ShardResult>& shards);

struct PlanStanding {
  PlanFigure figure{};
  double value = 0;
  double better = 0, equal = 0;  // shares of the ensemble with a lesser, and with the same, value
  double error = 0;              // standard error of `better`, by the effective size
  std::uint64_t rank = 1;        // 1 + how many are better
};

// Where a plan, legal or not, stands in each figure of the ensemble.
std::vector<PlanStanding> place_plan(const EnsembleSummary& ensemble, const ChainPlan& plan);

}  // namespace catchment::engine::planning
