// `catchment plan optimize`: the best plan a search finds, and how far from the best possible it can be.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/planning/optimiser/optimise.hpp"
#include "engine/planning/plan_check.hpp"
#include "engine/planning/zone_costs.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/plan_problem_file.hpp"
#include "server/cli/plan_tables.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/quote.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

struct PlanOptimizeArguments {
  std::string units, adjacency, problem;
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

// What a plan is worth by each goal, and how much it moves.
ordered_json goals_json(const PlanProblemFile& asked, const Assignment& plan) {
  ordered_json out{{"objective", total_cost(asked.problem, plan)}};
  const std::vector<double> values = goal_values(asked.problem, asked.goals, asked.inputs, plan);
  ordered_json& goals = out["goals"] = ordered_json::array();
  for (std::size_t k = 0; k < values.size(); ++k) {
    goals.push_back({{"goal", engine::planning::to_word(asked.goals[k].kind)},
                     {"weight", asked.goals[k].weight},
                     {"value", values[k]}});
  }
  if (asked.inputs.current.empty()) return out;
  long units = 0, children = 0;
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    if (plan[u] == asked.inputs.current[u]) continue;
    ++units;
    children += asked.problem.units[u].children;
  }
  out["units_moved"] = units;
  out["children_moved"] = children;
  return out;
}

// What a problem file adds: the goals of the plan found and of the one in force, and the limits the latter breaks.
void add_goals(ordered_json& out, const PlanProblemFile& asked, const Assignment& plan) {
  if (!plan.empty()) out["plan"] = goals_json(asked, plan);
  if (!asked.inputs.current.empty()) {
    ordered_json& now = out["current"] = goals_json(asked, asked.inputs.current);
    ordered_json& breaches = now["breaches"] = ordered_json::array();
    for (const Breach& b : check_plan(asked.problem, asked.inputs.current)) {
      breaches.push_back({{"kind", engine::planning::to_word(b.kind)}, {"message", b.message}});
    }
  }
  if (asked.straight_line) out["distance"] = "straight_line";
}

ordered_json to_json(const PlanProblem& problem, const OptimiseResult& result, const PlanOptimizeArguments& options,
                     double seconds) {
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

void print_goals(const PlanProblemFile& asked, const Assignment& plan) {
  const auto print = [&](const char* name, const Assignment& of) {
    if (of.empty()) return;
    const ordered_json told = goals_json(asked, of);
    char line[160];
    std::snprintf(line, sizeof line, "%s: objective %.8f", name, told["objective"].get<double>());
    std::cout << line;
    for (const ordered_json& goal : told["goals"]) {
      std::snprintf(line, sizeof line, "  %s %.6f", goal["goal"].get<std::string>().c_str(),
                    goal["value"].get<double>());
      std::cout << line;
    }
    if (told.contains("units_moved")) {
      std::cout << "  moved: " << told["units_moved"] << " units, " << told["children_moved"] << " children";
    }
    std::cout << "\n";
  };
  print("now", asked.inputs.current);
  print("plan", plan);
}

int run(const PlanOptimizeArguments& options, const Invocation& invocation) {
  const auto begun = std::chrono::steady_clock::now();
  const PlanProblemFile asked = options.problem.empty()
                                    ? PlanProblemFile{read_plan_tables(options.units, options.adjacency), {}, {}, false}
                                    : load_plan_problem(options.problem);
  const PlanProblem& problem = asked.problem;
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
    ordered_json out = to_json(problem, result, options, spent.count());
    if (!options.problem.empty()) add_goals(out, asked, result.plan);
    write_output(invocation.json_path, out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (invocation.json_path != "-") {
    print_result(problem, result);
    if (!options.problem.empty()) print_goals(asked, result.plan);
  }
  return result.plan.empty() ? kFindings : kDone;
}

}  // namespace

void register_plan_optimize(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<PlanOptimizeArguments>();
  CLI::App* command = plan.add_subcommand(
      "optimize",
      "Contiguous zones within the seats and with the least way to school; exit code 1 if there is no plan");
  CLI::Option* units = command->add_option("--units", options->units, "Table with OID, pop, PointX, PointY, fcapacity");
  CLI::Option* adjacency =
      command->add_option("--adjacency", options->adjacency, "Table with ID1, ID2 of units that border");
  CLI::Option* problem = command->add_option(
      "--problem", options->problem, "JSON with tables, goals and limits: datasets/policy/plan_problem.schema.json");
  units->needs(adjacency);
  adjacency->needs(units);
  problem->excludes(units)->excludes(adjacency);
  command->add_option("--seconds", options->seconds, "Stop after this time; 30 without --rounds")
      ->check(CLI::Range(0.01, 1e6));
  command->add_option("--rounds", options->rounds, "Stop after so many rounds; then equal seeds give equal plans")
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_option("--seed", options->seed, "Random seed")->capture_default_str();
  add_json_option(*command, invocation);
  command->callback([options, &invocation] {
    if (options->problem.empty() && options->units.empty()) {
      throw CLI::RequiredError("--problem, or --units and --adjacency");
    }
    invocation.run = [options, &invocation] { return run(*options, invocation); };
  });
}

}  // namespace catchment::cli
