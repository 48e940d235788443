// The subcommands of `catchment plan`, one file each.
#pragma once

#include "server/cli/cli.hpp"

namespace catchment::cli {

void register_plan_ensemble(CLI::App& plan, Invocation& invocation);
void register_plan_optimize(CLI::App& plan, Invocation& invocation);

}  // namespace catchment::cli
