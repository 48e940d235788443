#include "engine/planning/ensemble/ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "engine/planning/ensemble/start_plan.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kMostPairs = 1000;                 // a step of recom
constexpr std::uint64_t kUnitsPerLook = 20'000;  // of merged pairs, between two looks whether to go on
constexpr std::uint64_t kFlipsPerLook = 20'000;

std::uint64_t shard_seed(std::uint64_t seed, int shard) {
  return PlanRandom(PlanRandom(seed).next() + static_cast<std::uint64_t>(shard)).next();
}

// One chain behind one door.
class Chain {
 public:
  Chain(const ChainGround& ground, const EnsembleOptions& options, const Assignment& start, std::uint64_t seed)
      : options_(options) {
    if (options.method == ChainMethod::flip) {
      flip_.emplace(ground, start, seed, options.energy);
    } else {
      recom_.emplace(ground, start, seed, options.tree);
    }
    const std::uint64_t pair = 1 + 2 * ground.graph.units / std::max<std::size_t>(1, ground.zones);
    per_look_ = options.method == ChainMethod::flip ? kFlipsPerLook : 1 + kUnitsPerLook / pair;
  }

  // Up to `steps`, as many as look() lets it; returns false when told to end.
  template <typename Look>
  bool advance(std::uint64_t steps, ShardResult& result, const Look& look) {
    while (steps > 0) {
      const std::uint64_t now = flip_ ? std::min(steps, per_look_ - since_look_) : 1;
      if (flip_) {
        flip_->advance(now);
      } else if (!step(result, look)) {
        return false;
      }
      steps -= now;
      since_look_ += now;
      done_ += now;
      if (since_look_ >= per_look_ && !look_again(look)) return false;
    }
    return true;
  }

  const ChainPlan& plan() const { return flip_ ? flip_->plan() : recom_->plan(); }

  void count(ShardResult& result) const {
    if (flip_) {
      result.accepted = flip_->accepted();
    } else {
      result.trees = recom_->trees();
      result.over_bound = recom_->over_bound();
    }
  }

 private:
  template <typename Look>
  bool look_again(const Look& look) {
    since_look_ = 0;
    return look(done_);
  }

  template <typename Look>
  bool step(ShardResult& result, const Look& look) {
    if (options_.method == ChainMethod::revrecom) {
      result.accepted += recom_->recombine_reversibly(options_.cut_bound);
      return true;
    }
    for (int pair = 0; pair < kMostPairs; ++pair) {
      if (recom_->recombine()) {
        ++result.accepted;
        return true;
      }
      if (pair % 4 == 3 && !look_again(look)) return false;
    }
    ++result.stuck;
    return true;
  }

  const EnsembleOptions& options_;
  std::optional<RecomChain> recom_;
  std::optional<FlipChain> flip_;
  std::uint64_t per_look_ = 1, since_look_ = 0, done_ = 0;
};

class Recorder {
 public:
  Recorder(std::size_t zones, ShardResult& result) : result_(result), loads_(zones) {}

  void record(const ChainPlan& plan) {
    for (std::size_t f = 0; f < kPlanFigures; ++f) result_.series[f].push_back(plan.figures[f]);
    for (std::size_t z = 0; z < loads_.size(); ++z) ++loads_[z][plan.load[z]];
  }

  void finish() {
    for (const auto& zone : loads_) result_.loads.emplace_back(zone.begin(), zone.end());
  }

 private:
  ShardResult& result_;
  std::vector<std::map<int, std::uint32_t>> loads_;
};

Quantiles quantiles_of(std::uint64_t count, const std::function<double(std::uint64_t)>& value_at) {
  constexpr std::array<double, 7> kShares{0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
  Quantiles out{};
  for (std::size_t q = 0; q < kShares.size(); ++q) {
    const auto rank = static_cast<std::uint64_t>(std::ceil(kShares[q] * static_cast<double>(count)));
    out[q] = value_at(rank == 0 ? 0 : std::min(rank, count) - 1);
  }
  return out;
}

FigureSummary summarise(PlanFigure figure, const std::vector<const ShardResult*>& shards) {
  FigureSummary out;
  out.figure = figure;
  std::vector<std::span<const double>> chains;
  double sum = 0;
  for (const ShardResult* shard : shards) {
    const auto& series = shard->series[static_cast<std::size_t>(figure)];
    chains.emplace_back(series);
    for (const double v : series) sum += v;
    out.sorted.insert(out.sorted.end(), series.begin(), series.end());
  }
  out.mixing = measure_mixing(chains);
  std::ranges::sort(out.sorted);
  out.mean = sum / static_cast<double>(out.sorted.size());
  out.quantiles = quantiles_of(out.sorted.size(), [&](std::uint64_t at) { return out.sorted[at]; });
  return out;
}

Quantiles summarise_load(std::size_t zone, const std::vector<const ShardResult*>& shards) {
  std::map<int, std::uint64_t> counts;
  std::uint64_t total = 0;
  for (const ShardResult* shard : shards) {
    for (const auto& [load, count] : shard->loads[zone]) {
      counts[load] += count;
      total += count;
    }
  }
  return quantiles_of(total, [&](std::uint64_t at) {
    for (const auto& [load, count] : counts) {
      if (at < count) return static_cast<double>(load);
      at -= count;
    }
    return 0.0;
  });
}

}  // namespace

std::string_view to_word(ChainMethod method) {
  switch (method) {
    case ChainMethod::recom:
      return "recom";
    case ChainMethod::revrecom:
      return "revrecom";
    case ChainMethod::flip:
      break;
  }
  return "flip";
}

ShardResult run_shard(const EnsembleProblem& problem, const ChainGround& ground, const EnsembleOptions& options,
                      int shard, const ShardHooks& hooks) {
  ShardResult result;
  PlanRandom seeds(shard_seed(options.seed, shard));
  const auto look = [&](std::uint64_t done) { return !hooks.alive || hooks.alive(done); };
  bool ended = !look(0);
  if (ended) return result;
  std::optional<Assignment> start = find_start(ground, seeds.next(), [&] { return !(ended = ended || !look(0)); });
  if (ended) return result;
  if (!start && !ground.start.empty()) start = ground.start;
  result.started = start.has_value();
  result.whole = !result.started;
  if (!result.started) return result;
  Chain chain(ground, options, *start, seeds.next());
  Recorder recorder(ground.zones, result);
  const std::uint64_t every = std::max<std::uint64_t>(1, options.record_every);
  bool on = chain.advance(options.burn_in, result, look);
  for (std::uint64_t done = 0; on && done + every <= options.steps; done += every) {
    on = chain.advance(every, result, look);
    if (!on) break;
    recorder.record(chain.plan());
    if (hooks.recorded) hooks.recorded(chain.plan());
  }
  recorder.finish();
  chain.count(result);
  result.whole = on;
  result.last = chain.plan().zone_of;
  // What leaves here has been checked by code that shares nothing with the chains.
  if (!check_plan(problem, result.last).empty()) throw std::logic_error("a chain made an illegal plan");
  return result;
}

bool EnsembleSummary::mixed() const {
  return !figures.empty() && std::ranges::all_of(figures, [](const FigureSummary& f) { return f.mixing.mixed(); });
}

EnsembleSummary merge_shards(const EnsembleProblem& problem, const std::vector<ShardResult>& shards) {
  EnsembleSummary out;
  out.findings = find_problems(problem);
  std::vector<const ShardResult*> started;
  for (const ShardResult& shard : shards) {
    out.accepted += shard.accepted;
    out.trees += shard.trees;
    out.stuck += shard.stuck;
    out.over_bound += shard.over_bound;
    out.plans += shard.series[0].size();
    if (shard.started && !shard.series[0].empty()) started.push_back(&shard);
  }
  const auto unstarted = std::ranges::count_if(shards, [](const ShardResult& s) { return !s.started; });
  if (unstarted > 0) {
    out.findings.push_back({EnsembleFindingKind::no_start, started.empty(),
                            std::to_string(unstarted) + " of " + std::to_string(shards.size()) +
                                " shards found no legal plan to begin with; none was ruled out"});
  }
  if (started.empty()) return out;
  for (std::size_t f = 0; f < kPlanFigures; ++f) {
    const auto figure = static_cast<PlanFigure>(f);
    if (problem.reference.empty() && figure >= PlanFigure::units_changed) break;
    out.figures.push_back(summarise(figure, started));
  }
  for (std::size_t z = 0; z < problem.zones.size(); ++z) out.loads.push_back(summarise_load(z, started));
  return out;
}

std::vector<PlanStanding> place_plan(const EnsembleSummary& ensemble, const ChainPlan& plan) {
  std::vector<PlanStanding> out;
  for (const FigureSummary& f : ensemble.figures) {
    PlanStanding s;
    s.figure = f.figure;
    s.value = plan.figure(f.figure);
    const auto [low, high] = std::equal_range(f.sorted.begin(), f.sorted.end(), s.value);
    const auto all = static_cast<double>(f.sorted.size());
    s.better = static_cast<double>(low - f.sorted.begin()) / all;
    s.equal = static_cast<double>(high - low) / all;
    s.rank = 1 + static_cast<std::uint64_t>(low - f.sorted.begin());
    s.error = std::sqrt(s.better * (1 - s.better) / std::max(1.0, f.mixing.effective));
    out.push_back(s);
  }
  return out;
}

}  // namespace catchment::engine::planning
