// `catchment publish` and its own subcommands, in one file.
#pragma once

#include "server/cli/cli.hpp"

namespace catchment::cli {

void register_publish(CLI::App& app, Invocation& invocation);

}  // namespace catchment::cli
