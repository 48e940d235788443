// `catchment policy coverage`, registered under `policy`.
#pragma once

#include "server/cli/cli.hpp"

namespace catchment::cli {

void register_policy_coverage(CLI::App& policy, Invocation& invocation);

}  // namespace catchment::cli
