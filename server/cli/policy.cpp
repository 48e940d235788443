// `catchment policy`: policy packs.
#include "server/cli/cli.hpp"
#include "server/cli/policy_coverage.hpp"

namespace catchment::cli {

void register_policy(CLI::App& app, Invocation& invocation) {
  CLI::App* policy = app.add_subcommand("policy", "Admission rules of a place and school year");
  policy->require_subcommand(1);
  register_policy_coverage(*policy, invocation);
}

}  // namespace catchment::cli
