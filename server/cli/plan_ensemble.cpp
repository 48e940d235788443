// `catchment plan ensemble`: where a plan stands among many legal ones.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/planning/ensemble/ensemble.hpp"
#include "engine/planning/ensemble/start_plan.hpp"
#include "engine/planning/optimiser/optimise.hpp"
#include "geo/input_error.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/plan_tables.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/quote.hpp"
#include "server/jobs/ensemble_job.hpp"
#include "server/jobs/nats_queue.hpp"
#include "server/jobs/thread_queue.hpp"
#include "server/plans/ensemble_json.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;

struct PlanEnsembleArguments {
  std::string units, adjacency, plan, nats;
  std::string method = "recom", tree = "uniform";
  EnsembleRules rules;
  EnsembleOptions ensemble;
  double tolerance = 0;
  bool ignore_seats = false, free_zones = false;
  std::int64_t burn_in = -1;
  std::uint64_t record_every = 0;
  int threads = 1;
};

constexpr std::uint64_t kRecorded = 2000;  // plans a shard, unless --record-every says otherwise

EnsembleOptions read_options(const PlanEnsembleArguments& given) {
  EnsembleOptions out = given.ensemble;
  for (const ChainMethod method : {ChainMethod::recom, ChainMethod::revrecom, ChainMethod::flip}) {
    if (given.method == to_word(method)) out.method = method;
  }
  if (given.tree == "random-weight") out.tree = TreeKind::random_weight;
  out.burn_in = given.burn_in >= 0 ? static_cast<std::uint64_t>(given.burn_in) : out.steps / 10;
  out.record_every = given.record_every > 0 ? given.record_every : std::max<std::uint64_t>(1, out.steps / kRecorded);
  return out;
}

EnsembleProblem read_problem(const PlanEnsembleArguments& options, const PlanProblem& plans) {
  EnsembleRules rules;
  if (options.tolerance > 0) rules.tolerance = options.tolerance;
  rules.seats = !options.ignore_seats;
  rules.homes = !options.free_zones;
  EnsembleProblem problem = to_ensemble(plans, rules);
  if (!options.plan.empty()) {
    problem.reference = read_plan(options.plan, plans);
    if (check_plan(problem, problem.reference).empty()) problem.start = problem.reference;
  }
  return problem;
}

// Zones so tight that growing and recutting finds no plan: the optimiser may. Chains all begin there then.
void find_tight_start(const PlanEnsembleArguments& options, const PlanProblem& plans, EnsembleProblem& problem) {
  if (!problem.start.empty() || options.free_zones) return;
  const auto alive = [] { return !cancelled(); };
  if (find_start(ChainGround(problem), options.ensemble.seed, alive) || cancelled()) return;
  OptimiseOptions how;
  how.rounds = 1;
  how.progress = [](const PlanProgress&) { return !cancelled(); };
  Assignment plan = optimise(plans, how).plan;
  if (!plan.empty() && check_plan(problem, plan).empty()) problem.start = std::move(plan);
}

void print_result(const EnsembleProblem& problem, const EnsembleOptions& options, const EnsembleSummary& summary) {
  for (const EnsembleFinding& f : summary.findings) {
    std::cout << (f.fatal ? "no plans: " : "note: ") << to_word(f.kind) << ": " << printable(f.message) << "\n";
  }
  if (summary.figures.empty()) return;
  std::cout << summary.plans << " plans of " << problem.zones.size() << " zones, " << to_word(options.method) << ", "
            << options.shards << " chains: " << (summary.mixed() ? "mixed" : "NOT MIXED: more steps are needed")
            << "\n";
  char line[200];
  std::snprintf(line, sizeof line, "%-17s %12s %12s %12s %12s %8s %10s\n", "figure", "least", "median", "most", "mean",
                "R-hat", "effective");
  std::cout << line;
  for (const FigureSummary& f : summary.figures) {
    std::snprintf(line, sizeof line, "%-17s %12.3f %12.3f %12.3f %12.3f %8.3f %10.0f%s\n", to_word(f.figure).data(),
                  f.quantiles[0], f.quantiles[3], f.quantiles[6], f.mean, f.mixing.r_hat, f.mixing.effective,
                  f.mixing.mixed() ? "" : "  not mixed");
    std::cout << line;
  }
  if (problem.reference.empty()) return;
  const auto breaches = check_plan(problem, problem.reference);
  std::cout << "the plan is " << (breaches.empty() ? "legal" : "not legal: " + printable(breaches.front())) << "\n";
  for (const PlanStanding& s : place_plan(summary, count_plan(ChainGround(problem), problem.reference))) {
    if (s.figure >= PlanFigure::units_changed) continue;
    std::snprintf(line, sizeof line, "%-17s %12.3f  better: %.1f %% (+- %.1f)  equal: %.1f %%\n",
                  to_word(s.figure).data(), s.value, 100 * s.better, 100 * s.error, 100 * s.equal);
    std::cout << line;
  }
}

std::unique_ptr<jobs::WorkQueue> open_queue(const PlanEnsembleArguments& options) {
  if (!options.nats.empty()) return std::make_unique<jobs::NatsQueue>(options.nats);
  return std::make_unique<jobs::ThreadQueue>(jobs::all_handlers(), options.threads);
}

EnsembleSummary draw(const PlanEnsembleArguments& options, const EnsembleProblem& problem, const EnsembleOptions& how,
                     bool& off) {
  const std::unique_ptr<jobs::WorkQueue> queue = open_queue(options);
  ProgressBar bar("shards");
  try {
    const jobs::BatchResult result = queue->run(jobs::to_batch(problem, how), [&](const jobs::BatchProgress& at) {
      bar.show(static_cast<std::int64_t>(at.done), at.share);
      return !cancelled();
    });
    off = result.cancelled;
    std::vector<ShardResult> shards;
    for (const std::string& bytes : result.results) shards.push_back(jobs::read_shard_result(bytes));
    return merge_shards(problem, shards);
  } catch (const jobs::ShardFailure& failure) {
    throw InputError("shard_failed", "shard " + std::to_string(failure.shard), failure.what());
  }
}

int run(const PlanEnsembleArguments& options, const Invocation& invocation) {
  const PlanProblem plans = read_plan_tables(options.units, options.adjacency);
  EnsembleProblem problem = read_problem(options, plans);
  const EnsembleOptions how = read_options(options);
  EnsembleSummary summary;
  summary.findings = find_problems(problem);
  if (std::ranges::none_of(summary.findings, &EnsembleFinding::fatal)) {
    bool off = false;
    find_tight_start(options, plans, problem);
    if (!cancelled()) summary = draw(options, problem, how, off);
    if (off || cancelled()) return kCancelled;
  }
  if (invocation.wants_json()) {
    write_output(
        invocation.json_path,
        plans::ensemble_json(problem, how, summary).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (invocation.json_path != "-") print_result(problem, how, summary);
  return summary.figures.empty() ? kFindings : kDone;
}

void add_chain_options(CLI::App& command, PlanEnsembleArguments& options) {
  command.add_option("--method", options.method, "recom, revrecom (known distribution) or flip (by energy)")
      ->check(CLI::IsMember({"recom", "revrecom", "flip"}))
      ->capture_default_str();
  command.add_option("--steps", options.ensemble.steps, "Steps a shard: plans of recom, proposals of the others")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}))
      ->capture_default_str();
  command.add_option("--burn-in", options.burn_in, "Steps before the first plan is recorded; a tenth of --steps")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000'000}));
  command.add_option("--record-every", options.record_every, "Steps between plans recorded; 2,000 plans a shard")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  command.add_option("--shards", options.ensemble.shards, "Chains; they and the seed make the result")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command.add_option("--seed", options.ensemble.seed, "Random seed")->capture_default_str();
  command.add_option("--tree", options.tree, "recom: uniform or random-weight spanning trees")
      ->check(CLI::IsMember({"uniform", "random-weight"}))
      ->capture_default_str();
  command.add_option("--cut-bound", options.ensemble.cut_bound, "revrecom: most legal cuts of a tree")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--distance-weight", options.ensemble.energy.distance, "flip: energy of a child's km");
  command.add_option("--seats-weight", options.ensemble.energy.over_seats, "flip: energy of a child over seats");
  command.add_option("--cut-weight", options.ensemble.energy.cut_edges, "flip: energy of a border between zones");
}

}  // namespace

void register_plan_ensemble(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<PlanEnsembleArguments>();
  CLI::App* command =
      plan.add_subcommand("ensemble", "Where a plan stands among many legal ones; exit code 1 if none could be drawn");
  command->add_option("--units", options->units, "Table with OID, pop, PointX, PointY, fcapacity")->required();
  command->add_option("--adjacency", options->adjacency, "Table with ID1, ID2 of units that border")->required();
  command->add_option("--plan", options->plan, "The plan to be placed: table with unit, school");
  command
      ->add_option("--tolerance", options->tolerance, "Children within this share of the target, which goes by seats")
      ->check(CLI::Range(0.0001, 10.0));
  command->add_flag("--ignore-seats", options->ignore_seats, "Seats are counted, not a limit");
  command->add_flag("--free-zones", options->free_zones, "A zone need not hold its school");
  add_chain_options(*command, *options);
  command->add_option("--threads", options->threads, "Threads; the result is the same with any number")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command->add_option("--nats", options->nats, "Let `catchment worker`s on this NATS server draw them instead");
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
