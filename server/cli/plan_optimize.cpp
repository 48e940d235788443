// `catchment plan optimize`: the best plan a search finds, and how far from the best possible it can be.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/planning/optimiser/optimise.hpp"
#include "engine/planning/plan_check.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/plan_tables.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/quote.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

struct Options {
  std::string units, adjacency;
  double seconds = 0;
  int rounds = 0;
  std::uint64_t seed = 1;
};

struct ZoneCount {
  std::size_t units = 0;
  int children = 0;
};

std::vector<ZoneCount> count_zones(const PlanProblem& problem, const Assignment& plan) {
  std::vector<ZoneCount> zones(problem.schools.size());
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    ++zones[plan[u]].units;
    zones[plan[u]].children += problem.units[u].children;
  }
  return zones;
}

ordered_json findings_json(const PlanProblem& problem, const std::vector<PlanFinding>& findings) {
  ordered_json list = ordered_json::array();
  for (const PlanFinding& f : findings) {
    ordered_json one{{"kind", engine::planning::to_word(f.kind)}, {"fatal", f.fatal}, {"message", f.message}};
    ordered_json& units = one["units"] = ordered_json::array();
    for (const UnitIndex u : f.units) units.push_back(problem.units[u].id);
    ordered_json& schools = one["schools"] = ordered_json::array();
    for (const SchoolIndex s : f.schools) schools.push_back(problem.schools[s].id);
    list.push_back(std::move(one));
  }
  return list;
}

ordered_json to_json(const PlanProblem& problem, const OptimiseResult& result, const Options& options, double seconds) {
  const bool planned = !result.plan.empty();
  ordered_json out{{"status", engine::planning::to_word(result.status)},
                   {"feasible", planned && check_plan(problem, result.plan).empty()},
                   {"objective", planned ? ordered_json(result.cost) : ordered_json()},
                   {"bound", result.status == OptimiseStatus::infeasible ? ordered_json() : ordered_json(result.bound)},
                   {"gap", planned ? ordered_json(result.gap()) : ordered_json()},
                   {"seed", options.seed},
                   {"rounds", result.rounds},
                   {"seconds", seconds},
                   {"findings", findings_json(problem, result.findings)}};
  ordered_json& zones = out["zones"] = ordered_json::array();
  ordered_json& assignment = out["assignment"] = ordered_json::object();
  if (!planned) return out;
  const std::vector<ZoneCount> counts = count_zones(problem, result.plan);
  for (SchoolIndex s = 0; s < counts.size(); ++s) {
    zones.push_back({{"school", problem.schools[s].id},
                     {"units", counts[s].units},
                     {"children", counts[s].children},
                     {"seats", problem.schools[s].seats}});
  }
  for (UnitIndex u = 0; u < result.plan.size(); ++u) {
    assignment[problem.units[u].id] = problem.schools[result.plan[u]].id;
  }
  return out;
}

void print_result(const PlanProblem& problem, const OptimiseResult& result) {
  for (const PlanFinding& f : result.findings) {
    std::cout << (f.fatal ? "no plan: " : "note: ") << engine::planning::to_word(f.kind) << ": " << printable(f.message)
              << "\n";
  }
  std::cout << problem.units.size() << " units, " << problem.schools.size()
            << " schools: " << engine::planning::to_word(result.status) << "\n";
  if (result.status == OptimiseStatus::infeasible) return;
  char line[160];
  if (!result.plan.empty()) {
    std::snprintf(line, sizeof line, "objective %.6f  bound %.6f  gap %.4f %%\n", result.cost, result.bound,
                  100 * result.gap());
  } else {
    std::snprintf(line, sizeof line, "no plan found  bound %.6f\n", result.bound);
  }
  std::cout << line;
  if (result.plan.empty()) return;
  const std::vector<ZoneCount> counts = count_zones(problem, result.plan);
  for (SchoolIndex s = 0; s < counts.size(); ++s) {
    std::cout << "  " << printable(problem.schools[s].id) << ": " << counts[s].units << " units, " << counts[s].children
              << " children, " << problem.schools[s].seats << " seats\n";
  }
}

int run(const Options& options, const Invocation& invocation) {
  const auto begun = std::chrono::steady_clock::now();
  const PlanProblem problem = read_plan_tables(options.units, options.adjacency);
  OptimiseOptions how;
  how.seed = options.seed;
  how.rounds = options.rounds;
  // What reading took counts: the limit is the command's.
  const std::chrono::duration<double> reading = std::chrono::steady_clock::now() - begun;
  if (options.seconds > 0) how.seconds = std::max(1e-3, options.seconds - reading.count());
  if (options.rounds == 0 && options.seconds == 0) how.seconds = 30;
  OptimiseResult result;
  {
    ProgressBar bar("rounds");
    how.progress = [&](const PlanProgress& at) {
      bar.show(at.round, at.share);
      return !cancelled();
    };
    result = optimise(problem, how);
  }
  if (result.cancelled) return kCancelled;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
  if (invocation.wants_json()) {
    write_output(
        invocation.json_path,
        to_json(problem, result, options, spent.count()).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (invocation.json_path != "-") print_result(problem, result);
  return result.plan.empty() ? kFindings : kDone;
}

}  // namespace

void register_plan_optimize(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command = plan.add_subcommand(
      "optimize",
      "Contiguous zones within the seats and with the least way to school; exit code 1 if there is no plan");
  command->add_option("--units", options->units, "Table with OID, pop, PointX, PointY, fcapacity")->required();
  command->add_option("--adjacency", options->adjacency, "Table with ID1, ID2 of units that border")->required();
  command->add_option("--seconds", options->seconds, "Stop after this time; 30 without --rounds")
      ->check(CLI::Range(0.01, 1e6));
  command->add_option("--rounds", options->rounds, "Stop after so many rounds; then equal seeds give equal plans")
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_option("--seed", options->seed, "Random seed")->capture_default_str();
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
