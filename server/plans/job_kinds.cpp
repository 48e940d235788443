#include "server/plans/job_kinds.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/planning/ensemble/ensemble.hpp"
#include "geo/input_error.hpp"
#include "server/desk/refused.hpp"
#include "server/jobs/ensemble_job.hpp"
#include "server/jobs/thread_queue.hpp"
#include "server/plans/ensemble_json.hpp"
#include "server/plans/ensemble_start.hpp"
#include "server/plans/redraw.hpp"

namespace catchment::plans {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

constexpr std::string_view kWhere = "/options/";
constexpr double kMostSeconds = 3600, kUsualSeconds = 30;
constexpr double kMostRounds = 1e6, kMostSteps = 1e9;
constexpr std::uint64_t kRecordedPlans = 2000;  // a shard

// The options of a job, each read once; what is left is unknown.
class JobOptions {
 public:
  explicit JobOptions(const ordered_json& options) : options_(options) {
    if (!options.is_object()) throw InputError("job_option", "/options", "must be an object");
  }

  double number(const std::string& name, double otherwise, double least, double most) {
    const ordered_json* value = find(name);
    if (value == nullptr) return otherwise;
    if (!value->is_number() || !(value->get<double>() >= least && value->get<double>() <= most)) {
      char range[64];
      std::snprintf(range, sizeof range, "must be a number from %g to %g", least, most);
      throw InputError("job_option", std::string(kWhere) + name, range);
    }
    return value->get<double>();
  }
  template <class Int>
  Int whole(const std::string& name, Int otherwise, double least, double most) {
    const double value = number(name, static_cast<double>(otherwise), least, most);
    if (value != std::floor(value)) throw InputError("job_option", std::string(kWhere) + name, "must be whole");
    return static_cast<Int>(value);
  }
  std::string word(const std::string& name, const std::string& otherwise) {
    const ordered_json* value = find(name);
    if (value == nullptr) return otherwise;
    if (!value->is_string()) throw InputError("job_option", std::string(kWhere) + name, "must be a word");
    return value->get<std::string>();
  }
  bool flag(const std::string& name) {
    const ordered_json* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_boolean()) throw InputError("job_option", std::string(kWhere) + name, "must be true or false");
    return value->get<bool>();
  }
  const ordered_json* find(const std::string& name) {
    known_.push_back(name);
    const auto at = options_.find(name);
    return at == options_.end() ? nullptr : &*at;
  }
  void finish() const {
    for (const auto& [name, value] : options_.items()) {
      if (std::ranges::find(known_, name) == known_.end())
        throw InputError("job_option", std::string(kWhere) + name, "is no option of this job");
    }
  }

 private:
  const ordered_json& options_;
  std::vector<std::string> known_;
};

struct RedrawJob {
  RedrawRequest request;
  OptimiseOptions search;
};

void read_goals(JobOptions& options, RedrawRequest& request) {
  const ordered_json* goals = options.find("goals");
  if (goals == nullptr) return;
  if (!goals->is_object()) throw InputError("job_option", "/options/goals", "must be goal: weight");
  for (const auto& [word, weight] : goals->items()) {
    const std::string where = "/options/goals/" + word;
    if (!weight.is_number()) throw InputError("redraw_goal", where, "the weight must be a number from 0");
    request.goals.push_back(make_goal(word, weight.get<double>(), where));
  }
}

void read_zones_asked(JobOptions& options, RedrawRequest& request) {
  request.where = kWhere;
  request.stage = options.word("stage", "primary");
  request.school_year = options.whole("year", 0, 1900, 2200);
  request.last_year = options.whole("last_year", 0, 1900, 2200);
  request.take_up = options.number("take_up", 0, 0.01, 10);
}

RedrawJob read_redraw(const ordered_json& given) {
  JobOptions options(given);
  RedrawJob job;
  RedrawRequest& r = job.request;
  read_zones_asked(options, r);
  read_goals(options, r);
  r.soft_seats = options.flag("soft_seats");
  r.move_share = options.number("move_share", -1, 0, 100);
  r.move_children = options.whole("move_children", -1, 0, 1e8);
  r.move_units = options.whole("move_units", -1, 0, 1e8);
  r.robust = options.number("robust", 0, 0.01, 1);
  r.draws = options.whole("draws", 200, 100, 10'000);
  r.seed = options.whole<std::uint64_t>("seed", 1, 0, 9e15);
  job.search.seed = r.seed;
  job.search.rounds = options.whole("rounds", 0, 1, kMostRounds);
  job.search.seconds = options.number("seconds", 0, 0.01, kMostSeconds);
  if (job.search.rounds == 0 && job.search.seconds == 0) job.search.seconds = kUsualSeconds;
  options.finish();
  return job;
}

struct EnsembleJob {
  RedrawRequest request;
  EnsembleRules rules;
  EnsembleOptions chains;
};

EnsembleJob read_ensemble(const ordered_json& given) {
  JobOptions options(given);
  EnsembleJob job;
  read_zones_asked(options, job.request);
  job.rules.seats = !options.flag("ignore_seats");
  job.rules.homes = !options.flag("free_zones");
  if (options.find("tolerance") != nullptr) job.rules.tolerance = options.number("tolerance", 0, 0.0001, 10);
  const std::string method = options.word("method", "recom");
  bool known = false;
  for (const ChainMethod m : {ChainMethod::recom, ChainMethod::revrecom, ChainMethod::flip}) {
    if (method == to_word(m)) job.chains.method = m, known = true;
  }
  if (!known) throw InputError("job_option", "/options/method", "must be recom, revrecom or flip");
  job.chains.seed = options.whole<std::uint64_t>("seed", 1, 0, 9e15);
  job.chains.shards = options.whole("shards", 4, 1, 1000);
  job.chains.steps = options.whole<std::uint64_t>("steps", 2000, 1, kMostSteps);
  job.chains.burn_in = job.chains.steps / 10;
  job.chains.record_every = std::max<std::uint64_t>(1, job.chains.steps / kRecordedPlans);
  options.finish();
  return job;
}

// Null if told to leave.
std::shared_ptr<const PlanGround> ground_with_demand(PlanDesk& desk, const JobAlive& alive) {
  auto ground = desk.wait_for_ground([&] { return alive(0, ordered_json::object()); });
  if (ground && !ground->has_demand)
    throw desk::Refused(409, "redraw_demand",
                        "The package has no enrolment, so nobody knows how many children will come.");
  return ground;
}

std::optional<ordered_json> run_redraw(PlanDesk& desk, const JobRow& row, const JobAlive& alive) {
  RedrawJob job = read_redraw(ordered_json::parse(row.options));
  const auto ground = ground_with_demand(desk, alive);
  if (!ground) return std::nullopt;
  const CityPlan plan = desk.make(row.base, row.scenario);
  const RedrawOptions how = redraw_options(job.request, ground->in_force, plan);
  const CityProblem asked = make_city_problem(plan, how);
  job.search.progress = [&](const PlanProgress& at) {
    ordered_json known{{"round", at.round}, {"bound", at.bound}};
    if (at.cost) known["objective"] = *at.cost;
    return alive(at.share, known);
  };
  const OptimiseResult result = optimise(asked.problem, job.search);
  if (result.cancelled) return std::nullopt;
  const std::vector<PlanChange> changes =
      result.plan.empty() ? std::vector<PlanChange>() : changes_of(plan, how, asked, result.plan);
  return redraw_json(plan.city(), how, asked, result, changes);
}

std::optional<ordered_json> run_ensemble(PlanDesk& desk, const JobRow& row, const JobAlive& alive) {
  const EnsembleJob job = read_ensemble(ordered_json::parse(row.options));
  const auto ground = ground_with_demand(desk, alive);
  if (!ground) return std::nullopt;
  const CityPlan plan = desk.make(row.base, row.scenario);
  const RedrawOptions how = redraw_options(job.request, ground->in_force, plan);
  const CityProblem asked = make_city_problem(plan, how);
  EnsembleProblem problem = ensemble_around(asked.problem, job.rules, asked.current);
  EnsembleSummary summary;
  summary.findings = find_problems(problem);
  if (std::ranges::none_of(summary.findings, &EnsembleFinding::fatal)) {
    const auto wanted = [&alive] { return alive(0, ordered_json::object()); };
    find_tight_start(asked.problem, job.rules, job.chains.seed, wanted, problem);
    if (!wanted()) return std::nullopt;
    jobs::ThreadQueue queue(jobs::all_handlers(), 1);
    const jobs::BatchResult drawn = queue.run(jobs::to_batch(problem, job.chains), [&](const jobs::BatchProgress& at) {
      return alive(at.share, {{"done", at.done}, {"shards", at.shards}});
    });
    if (drawn.cancelled) return std::nullopt;
    std::vector<ShardResult> shards;
    for (const std::string& bytes : drawn.results) shards.push_back(jobs::read_shard_result(bytes));
    summary = merge_shards(problem, shards);
  }
  return ensemble_json(problem, job.chains, summary);
}

}  // namespace

void check_job(const std::string& kind, const ordered_json& options) {
  if (kind == "redraw") {
    read_redraw(options);
  } else if (kind == "ensemble") {
    read_ensemble(options);
  } else {
    throw InputError("job_kind", "/kind", "must be redraw or ensemble");
  }
}

std::optional<ordered_json> run_job(PlanDesk& desk, const JobRow& job, const JobAlive& alive) {
  return job.kind == "redraw" ? run_redraw(desk, job, alive) : run_ensemble(desk, job, alive);
}

std::optional<ordered_json> scenario_of(const JobRow& job) {
  if (!job.result) return std::nullopt;
  const ordered_json result = ordered_json::parse(*job.result);
  if (!result.contains("changes") || result.value("plan", ordered_json()).is_null()) return std::nullopt;
  ordered_json scenario = ordered_json::parse(job.scenario);
  for (const ordered_json& change : result["changes"]) scenario.push_back(change);
  return scenario;
}

}  // namespace catchment::plans
