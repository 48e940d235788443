// `catchment plan evaluate`: the indicators of a plan by stage and year, beside the zones in force.
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/plan_scenario.hpp"
#include "engine/planning/live_plan.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/plan_city.hpp"
#include "server/plans/plan_json.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

struct PlanEvaluateArguments {
  PlanCityOptions city;
  std::string scenario;
  int draws = 500;
  std::uint64_t seed = 1;
  double sibling_share = -1;  // not given
};

// A figure as short as its size allows.
std::string short_figure(double value) {
  char text[32];
  const double size = std::abs(value);
  std::snprintf(text, sizeof text, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.3f", value);
  return text;
}

// One block a stage, a line an indicator, a column a year; remarks below, each once.
void print_stage(const PlanCity& city, const std::vector<IndicatorRow>& rows, StageIndex stage) {
  std::printf("\n%s\n%-22s %-16s", std::string(engine::to_word(city.stages[stage])).c_str(), "indicator", "unit");
  for (YearIndex y = 0; y < city.years; ++y) std::printf(" %9d", city.school_year(y));
  std::vector<std::pair<std::string, std::string_view>> remarks;
  std::string_view last;
  for (const IndicatorRow& row : rows) {
    if (row.stage != stage) continue;
    if (row.indicator->id != last) {
      std::printf("\n%-22s %-16s", std::string(row.indicator->id).c_str(), std::string(row.indicator->unit).c_str());
      last = row.indicator->id;
    }
    std::printf(" %9s", row.value.value ? short_figure(*row.value.value).c_str() : "unknown");
    const std::string id(row.indicator->id);
    if (!row.value.remark.empty() && (remarks.empty() || remarks.back() != std::pair(id, row.value.remark)))
      remarks.emplace_back(id, row.value.remark);
  }
  std::printf("\n");
  for (const auto& [id, remark] : remarks) std::printf("  %s: %s\n", id.c_str(), std::string(remark).c_str());
}

int run(const PlanEvaluateArguments& options, const Invocation& invocation) {
  const std::optional<PlanDesk> desk = open_plan_desk(options.city);
  if (!desk) return kCancelled;
  // The zones in force are what moves are counted from, and what the demand was fitted to.
  const bool by_zones = options.city.plan.empty() && options.city.assignment.empty();
  const CityPlan reference = by_zones ? desk->start.plan : datasets::plan_of_zones(desk->package, desk->city).plan;
  CityPlan plan = desk->start.plan;
  if (!options.scenario.empty())
    plan = change_plan(plan, datasets::load_plan_scenario(options.scenario), options.scenario);
  if (cancelled()) return kCancelled;
  LiveOptions how;
  how.draws = options.draws, how.seed = options.seed;
  if (options.sibling_share >= 0) how.sibling_share = options.sibling_share;
  LivePlan live(reference, plan, how);
  const std::vector<IndicatorRow> rows = live.rows();
  if (cancelled()) return kCancelled;
  const int draws = live.facts(0).draws;
  if (invocation.wants_json()) {
    const ordered_json out{{"base_year", plan.city().base_year},
                           {"draws", draws},
                           {"seed", options.seed},
                           {"indicators", plans::indicators_json(plan.city(), rows)},
                           {"schools", plans::schools_json(live)}};
    write_output(invocation.json_path, out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (invocation.json_path == "-") return kDone;
  std::printf("%zu units, %zu schools; %s\n", plan.city().units.size(), plan.city().schools.size(),
              draws > 0 ? ("demand of " + std::to_string(draws) + " draws").c_str()
                        : "no demand: the package has no enrolment");
  for (StageIndex k = 0; k < plan.city().stages.size(); ++k) print_stage(plan.city(), rows, k);
  return kDone;
}

}  // namespace

void register_plan_evaluate(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<PlanEvaluateArguments>();
  CLI::App* command =
      plan.add_subcommand("evaluate", "Indicators of a plan, by stage and year, beside the zones in force");
  add_plan_city_options(*command, options->city);
  command->add_option("--scenario", options->scenario,
                      "Changes to carry out first (datasets/policy/plan_scenario.schema.json)");
  command->add_option("--draws", options->draws, "Draws of the demand that seats are held against")
      ->check(CLI::Range(100, 100'000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Random seed")->capture_default_str();
  command
      ->add_option("--sibling-share", options->sibling_share,
                   "Share of entering children with an elder sibling at the school; without it siblings are unknown")
      ->check(CLI::Range(0.0, 1.0));
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
