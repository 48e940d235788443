// `catchment plan`: zones as they could be.
#include "server/cli/plan.hpp"

namespace catchment::cli {

void register_plan(CLI::App& app, Invocation& invocation) {
  CLI::App* plan = app.add_subcommand("plan", "Boundary plans: the best possible, and where one stands among many");
  plan->require_subcommand(1);
  register_plan_ensemble(*plan, invocation);
  register_plan_optimize(*plan, invocation);
}

}  // namespace catchment::cli
