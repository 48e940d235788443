// The subcommands of `catchment plan`, one file each.
#pragma once

#include "server/cli/cli.hpp"

namespace catchment::cli {

void register_plan_apply(CLI::App& plan, Invocation& invocation);
void register_plan_compare(CLI::App& plan, Invocation& invocation);
void register_plan_evaluate(CLI::App& plan, Invocation& invocation);
void register_plan_explain(CLI::App& plan, Invocation& invocation);
void register_plan_ensemble(CLI::App& plan, Invocation& invocation);
void register_plan_optimize(CLI::App& plan, Invocation& invocation);
void register_plan_redraw(CLI::App& plan, Invocation& invocation);
void register_plan_sites(CLI::App& plan, Invocation& invocation);

}  // namespace catchment::cli
