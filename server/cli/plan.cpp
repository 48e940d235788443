// `catchment plan`: zones as they could be.
#include "server/cli/plan.hpp"

namespace catchment::cli {

void register_plan(CLI::App& app, Invocation& invocation) {
  CLI::App* plan = app.add_subcommand("plan",
                                      "Boundary plans: change, judge, compare and optimise them, with a bound on the "
                                      "best possible and a place among many");
  plan->require_subcommand(1);
  register_plan_apply(*plan, invocation);
  register_plan_compare(*plan, invocation);
  register_plan_ensemble(*plan, invocation);
  register_plan_evaluate(*plan, invocation);
  register_plan_explain(*plan, invocation);
  register_plan_optimize(*plan, invocation);
  register_plan_redraw(*plan, invocation);
  register_plan_sites(*plan, invocation);
}

}  // namespace catchment::cli
