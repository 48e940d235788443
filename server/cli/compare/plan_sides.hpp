// The plans a command holds beside the zones in force: given as plans of the package and as scenario files, any mix.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/planning/comparison/judgements.hpp"
#include "engine/planning/comparison/plan_moves.hpp"
#include "server/cli/plan_city.hpp"

namespace catchment::cli {

struct PlanSideOptions {
  struct Given {
    bool scenario = false;
    std::string name;  // of a plan, or a file
  };
  PlanCityOptions city;
  std::vector<std::string> plans, scenarios;
  std::vector<Given> given;  // both, in the order of the command line
};

// package, --plan, --scenario, --rules, --base-year, --horizon, --threads. After parsing, take_sides() puts the plans
// in their order.
void add_plan_side_options(CLI::App& command, PlanSideOptions& options);
void take_sides(const CLI::App& command, PlanSideOptions& options);

struct SidePlan {
  std::string label;   // A, B ...; of the zones in force empty
  std::string name;    // the plan's, or the file's
  std::string source;  // as given
  engine::planning::CityPlan plan;
};

struct PlanSides {
  PlanDesk desk;
  std::vector<SidePlan> plans;  // the zones in force, then those given

  const engine::planning::CityPlan& base() const { return plans.front().plan; }
};

// Empty if cancelled. Throws InputError as open_plan_desk, load_plan_scenario and apply do, and plan_unknown.
std::optional<PlanSides> open_plan_sides(const PlanSideOptions& options);

}  // namespace catchment::cli
