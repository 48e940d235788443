// `catchment plan sites`: which schools to open and close, and how far from the best choice that can be.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/planning/sites/choose_sites.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/site_tables.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using engine::planning::to_word;
using nlohmann::ordered_json;

struct PlanSitesArguments {
  SiteTables tables;
  std::string adjacency;
  std::optional<int> open, most;
  double seconds = 0;
  int rounds = 0;
  std::uint64_t seed = 1;
};

// What is printed: the choice of sites, and with --adjacency the zones drawn for it.
struct Answer {
  SiteResult choice;
  std::optional<OptimiseResult> zones;
  SitePlan plan;    // empty unless there is one
  double cost = 0;  // of the plan, sites included
  double seconds = 0;

  // Of every choice of sites; with zones no longer a bound of these sites alone.
  double bound() const { return choice.bound; }
  double gap() const { return cost > 0 ? (cost - bound()) / cost : 0; }
  bool planned() const { return !plan.open.empty(); }
  OptimiseStatus status() const {
    if (!zones || choice.status == OptimiseStatus::infeasible) return choice.status;
    if (!planned()) return OptimiseStatus::unknown;  // other sites may have connected zones
    return gap() <= 1e-8 ? OptimiseStatus::optimal : OptimiseStatus::feasible;
  }
};

std::string_view change_of(const Site& site, bool open) {
  if (site.state == SiteState::candidate) return open ? "opens" : "stays_closed";
  if (site.state == SiteState::closed) return "stays_closed";
  return open ? "stays_open" : "closes";
}

struct SiteCount {
  bool open = false;
  std::size_t units = 0;
  long children = 0;
};

std::vector<SiteCount> count_sites(const SiteProblem& problem, const SitePlan& plan) {
  std::vector<SiteCount> counts(problem.sites.size());
  for (const SiteIndex s : plan.open) counts[s].open = true;
  for (UnitIndex u = 0; u < plan.site_of.size(); ++u) {
    ++counts[plan.site_of[u]].units;
    counts[plan.site_of[u]].children += problem.units[u].children;
  }
  return counts;
}

ordered_json findings_json(const SiteProblem& problem, const Answer& answer) {
  ordered_json list = ordered_json::array();
  for (const SiteFinding& f : answer.choice.findings) {
    ordered_json one{{"kind", to_word(f.kind)}, {"fatal", f.fatal}, {"message", f.message}};
    ordered_json& units = one["units"] = ordered_json::array();
    for (const UnitIndex u : f.units) units.push_back(problem.units[u].id);
    ordered_json& sites = one["sites"] = ordered_json::array();
    for (const SiteIndex s : f.sites) sites.push_back(problem.sites[s].id);
    list.push_back(std::move(one));
  }
  if (!answer.zones) return list;
  for (const PlanFinding& f : answer.zones->findings) {
    list.push_back({{"kind", to_word(f.kind)}, {"fatal", f.fatal}, {"message", f.message}});
  }
  return list;
}

ordered_json to_json(const SiteProblem& problem, const Answer& answer, const PlanSitesArguments& options) {
  const bool planned = answer.planned(), possible = answer.status() != OptimiseStatus::infeasible;
  ordered_json out{{"status", to_word(answer.status())},
                   {"objective", planned ? ordered_json(answer.cost) : ordered_json()},
                   {"bound", possible ? ordered_json(answer.bound()) : ordered_json()},
                   {"gap", planned ? ordered_json(answer.gap()) : ordered_json()},
                   {"site_costs", planned ? ordered_json(site_costs(problem, answer.plan.open)) : ordered_json()},
                   {"connected", planned && answer.zones.has_value()},
                   {"seed", options.seed},
                   {"rounds", answer.choice.rounds},
                   {"seconds", answer.seconds},
                   {"findings", findings_json(problem, answer)}};
  ordered_json& sites = out["sites"] = ordered_json::array();
  ordered_json& assignment = out["assignment"] = ordered_json::object();
  if (!planned) return out;
  const std::vector<SiteCount> counts = count_sites(problem, answer.plan);
  for (SiteIndex s = 0; s < counts.size(); ++s) {
    const Site& site = problem.sites[s];
    sites.push_back({{"site", site.id},
                     {"change", change_of(site, counts[s].open)},
                     {"units", counts[s].units},
                     {"children", counts[s].children},
                     {"seats", site.seats ? ordered_json(*site.seats) : ordered_json()}});
  }
  for (UnitIndex u = 0; u < problem.units.size(); ++u) {
    assignment[problem.units[u].id] = problem.sites[answer.plan.site_of[u]].id;
  }
  return out;
}

void print_sites(const SiteProblem& problem, const Answer& answer) {
  const std::vector<SiteCount> counts = count_sites(problem, answer.plan);
  for (SiteIndex s = 0; s < counts.size(); ++s) {
    const Site& site = problem.sites[s];
    const std::string_view change = change_of(site, counts[s].open);
    if (change == "stays_closed") continue;
    std::cout << "  " << printable(site.id);
    if (!counts[s].open) {
      std::cout << " closes\n";
      continue;
    }
    std::cout << (change == "opens" ? " opens: " : " stays: ") << counts[s].units << " units, " << counts[s].children
              << " children";
    if (site.seats) std::cout << ", " << *site.seats << " seats";
    std::cout << "\n";
  }
}

void print_answer(const SiteProblem& problem, const Answer& answer) {
  const auto print_finding = [](bool fatal, std::string_view kind, const std::string& message) {
    std::cout << (fatal ? "no plan: " : "note: ") << kind << ": " << printable(message) << "\n";
  };
  for (const SiteFinding& f : answer.choice.findings) print_finding(f.fatal, to_word(f.kind), f.message);
  if (answer.zones) {
    for (const PlanFinding& f : answer.zones->findings) print_finding(f.fatal, to_word(f.kind), f.message);
  }
  std::cout << problem.units.size() << " units, " << problem.sites.size() << " sites: " << to_word(answer.status())
            << "\n";
  if (answer.status() == OptimiseStatus::infeasible) return;
  char line[160];
  if (answer.planned()) {
    std::snprintf(line, sizeof line, "%zu open  objective %.6f  bound %.6f  gap %.4f %%\n", answer.plan.open.size(),
                  answer.cost, answer.bound(), 100 * answer.gap());
  } else {
    std::snprintf(line, sizeof line, "no plan found  bound %.6f\n", answer.bound());
  }
  std::cout << line;
  if (answer.planned()) print_sites(problem, answer);
}

OptimiseOptions limits_of(const PlanSitesArguments& options, double seconds, ProgressBar& bar) {
  OptimiseOptions how;
  how.seed = options.seed;
  how.rounds = options.rounds;
  how.seconds = seconds;
  how.progress = [&bar](const PlanProgress& at) {
    bar.show(at.round, at.share);
    return !cancelled();
  };
  return how;
}

// Draws connected zones for the chosen sites; they replace the choice's own assignment.
void connect(const SiteInput& input, const PlanSitesArguments& options, double seconds, ProgressBar& bar,
             Answer& answer) {
  auto borders = read_borders(options.adjacency, input.units, options.tables.units);
  const PlanProblem problem = to_plan_problem(input.problem, answer.choice.plan, std::move(borders));
  answer.zones = optimise(problem, limits_of(options, seconds, bar));
  answer.plan = {};
  if (answer.zones->plan.empty()) return;
  answer.plan.open = answer.choice.plan.open;
  for (const SchoolIndex s : answer.zones->plan) answer.plan.site_of.push_back(answer.plan.open[s]);
  answer.cost = answer.zones->cost + site_costs(input.problem, answer.plan.open);
}

int run(const PlanSitesArguments& options, const Invocation& invocation) {
  const auto begun = std::chrono::steady_clock::now();
  const auto spent = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(); };
  SiteInput input = read_site_tables(options.tables);
  input.problem.least_open = options.open.value_or(0);
  input.problem.most_open = options.open ? options.open : options.most;
  double seconds = options.rounds == 0 && options.seconds == 0 ? 30 : options.seconds;
  if (seconds > 0) seconds = std::max(1e-3, seconds - spent());  // what reading took counts: the limit is the command's
  const double share = options.adjacency.empty() ? 1 : 0.5;
  Answer answer;
  {
    ProgressBar bar("rounds");
    answer.choice = choose_sites(input.problem, limits_of(options, seconds * share, bar));
    answer.plan = answer.choice.plan;
    answer.cost = answer.choice.cost;
    if (!options.adjacency.empty() && answer.planned() && !answer.choice.cancelled) {
      connect(input, options, seconds * share, bar, answer);
    }
  }
  if (answer.choice.cancelled || (answer.zones && answer.zones->cancelled)) return kCancelled;
  answer.seconds = spent();
  if (invocation.wants_json()) {
    write_output(invocation.json_path,
                 to_json(input.problem, answer, options).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (invocation.json_path != "-") print_answer(input.problem, answer);
  return answer.planned() ? kDone : kFindings;
}

}  // namespace

void register_plan_sites(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<PlanSitesArguments>();
  CLI::App* command =
      plan.add_subcommand("sites", "Which schools to open and close, with a bound; exit code 1 if there is no plan");
  command
      ->add_option("--units", options->tables.units,
                   "Table with id, children, and x, y in metres unless distances "
                   "or edges are given")
      ->required();
  command
      ->add_option("--candidates", options->tables.candidates,
                   "Table with id, unit, seats, state (candidate, open, fixed, closed), open_cost, close_cost")
      ->required();
  CLI::Option* distances = command->add_option("--distances", options->tables.distances,
                                               "Table with unit, site, and metres, or cost of all children");
  command->add_option("--edges", options->tables.edges, "Table with u, v, metres: a graph of units and other nodes")
      ->excludes(distances);
  command->add_option("--adjacency", options->adjacency,
                      "Table with ID1, ID2 of units that border: then zones are connected");
  CLI::Option* open =
      command->add_option("--open", options->open, "Exactly so many sites are open")->check(CLI::Range(0, 1'000'000));
  command->add_option("--most", options->most, "At most so many sites are open")
      ->check(CLI::Range(0, 1'000'000))
      ->excludes(open);
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
