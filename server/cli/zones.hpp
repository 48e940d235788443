// The subcommands of `catchment zones`, one file each.
#pragma once

#include "server/cli/cli.hpp"

namespace catchment::cli {

void register_zones_parse(CLI::App& zones, Invocation& invocation);
void register_zones_print(CLI::App& zones, Invocation& invocation);
void register_zones_lint(CLI::App& zones, Invocation& invocation);
void register_zones_diff(CLI::App& zones, Invocation& invocation);

}  // namespace catchment::cli
