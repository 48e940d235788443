// `catchment plan`: zones as they could be.
#include "server/cli/plan.hpp"

namespace catchment::cli {

void register_plan(CLI::App& app, Invocation& invocation) {
  CLI::App* plan = app.add_subcommand("plan", "Optimise boundary plans, with a bound on the best possible");
  plan->require_subcommand(1);
  register_plan_optimize(*plan, invocation);
  register_plan_sites(*plan, invocation);
}

}  // namespace catchment::cli
