// `catchment plan ensemble`: where a plan stands among many legal ones.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/plan_scenario.hpp"
#include "engine/planning/city/city_problem.hpp"
#include "engine/planning/ensemble/ensemble.hpp"
#include "geo/input_error.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/plan_city.hpp"
#include "server/cli/plan_tables.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/quote.hpp"
#include "server/jobs/ensemble_job.hpp"
#include "server/jobs/nats_queue.hpp"
#include "server/jobs/thread_queue.hpp"
#include "server/plans/ensemble_json.hpp"
#include "server/plans/ensemble_start.hpp"
#include "server/plans/redraw.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;

struct PlanEnsembleArguments {
  std::string units, adjacency, plan, scenario, nats;  // either units and adjacency or city.package
  PlanCityOptions city;
  plans::RedrawRequest zones;  // of the package: stage and years
  std::string method = "recom", tree = "uniform";
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

EnsembleRules read_rules(const PlanEnsembleArguments& options) {
  EnsembleRules rules;
  if (options.tolerance > 0) rules.tolerance = options.tolerance;
  rules.seats = !options.ignore_seats;
  rules.homes = !options.free_zones;
  return rules;
}

struct PlacedPlan {
  PlanProblem problem;
  Assignment plan;  // to be placed; empty: none
};

PlacedPlan read_tables(const PlanEnsembleArguments& options) {
  PlacedPlan out{read_plan_tables(options.units, options.adjacency), {}};
  if (!options.plan.empty()) out.plan = read_plan(options.plan, out.problem);
  return out;
}

// A stage's zones of a package, or a plan's, with the changes of the scenario. Empty if cancelled.
std::optional<PlacedPlan> read_city(const PlanEnsembleArguments& options) {
  PlanCityOptions from = options.city;
  from.plan = options.plan;
  if (options.threads > 0) from.threads = static_cast<unsigned>(options.threads);
  const std::optional<PlanDesk> desk = open_plan_desk(from);
  if (!desk) return std::nullopt;
  if (!desk->has_demand)
    throw InputError("ensemble_demand", from.package + ": enrolment",
                     "the package has no enrolment, so nobody knows how many children will come");
  CityPlan plan = desk->start.plan;
  if (!options.scenario.empty())
    plan = change_plan(plan, datasets::load_plan_scenario(options.scenario), options.scenario);
  const bool by_zones = from.plan.empty() && from.assignment.empty();
  const CityPlan in_force = by_zones ? desk->start.plan : datasets::plan_of_zones(desk->package, desk->city).plan;
  CityProblem asked = make_city_problem(plan, plans::redraw_options(options.zones, in_force, plan));
  return PlacedPlan{std::move(asked.problem), std::move(asked.current)};
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
  const std::optional<PlacedPlan> placed = options.city.package.empty() ? read_tables(options) : read_city(options);
  if (!placed) return kCancelled;
  const EnsembleRules rules = read_rules(options);
  EnsembleProblem problem = plans::ensemble_around(placed->problem, rules, placed->plan);
  const EnsembleOptions how = read_options(options);
  EnsembleSummary summary;
  summary.findings = find_problems(problem);
  if (std::ranges::none_of(summary.findings, &EnsembleFinding::fatal)) {
    bool off = false;
    plans::find_tight_start(
        placed->problem, rules, how.seed, [] { return !cancelled(); }, problem);
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

// What the ensemble is drawn around: a package, or tables.
void add_ground_options(CLI::App& command, PlanEnsembleArguments& options) {
  auto* package = command.add_option("package", options.city.package, "City package (GeoPackage); or:");
  auto* units = command.add_option("--units", options.units, "Table with OID, pop, PointX, PointY, fcapacity");
  auto* borders = command.add_option("--adjacency", options.adjacency, "Table with ID1, ID2 of units that border");
  units->needs(borders)->excludes(package);
  borders->needs(units);
  auto* plan = command.add_option("--plan", options.plan,
                                  "The plan to be placed: a table with unit, school; of a package the id of one of its "
                                  "plans, its zones if not given");
  auto* table = command.add_option("--assignment", options.city.assignment,
                                   "The plan to be placed as a table: unit, stage, schools, from_year, to_year, kind");
  table->excludes(plan)->excludes(units);
  for (auto* option :
       {command.add_option("--scenario", options.scenario, "Changes to carry out first"),
        command.add_option("--stage", options.zones.stage, "primary or junior"),
        command.add_option("--year", options.zones.school_year, "First school year of entry under the zones"),
        command.add_option("--last-year", options.zones.last_year, "Zones must have seats from --year to this one"),
        command
            .add_option("--take-up", options.zones.take_up,
                        "Entering pupils for a child of the zone; by the forecast if not given")
            ->check(CLI::Range(0.01, 10.0))})
    option->excludes(units);
  add_plan_year_options(command, options.city);
}

void register_plan_ensemble(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<PlanEnsembleArguments>();
  CLI::App* command =
      plan.add_subcommand("ensemble", "Where a plan stands among many legal ones; exit code 1 if none could be drawn");
  add_ground_options(*command, *options);
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
  command->callback([options, &invocation] {
    if (options->city.package.empty() && options->units.empty())
      throw CLI::RequiredError("package, or --units and --adjacency");
    invocation.run = [options, &invocation] { return run(*options, invocation); };
  });
}

}  // namespace catchment::cli
