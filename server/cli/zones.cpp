// `catchment zones`: the words of catchment notices.
#include "server/cli/zones.hpp"

namespace catchment::cli {

void register_zones(CLI::App& app, Invocation& invocation) {
  CLI::App* zones = app.add_subcommand("zones", "Read, write, check and compare the words of catchment notices");
  zones->require_subcommand(1);
  register_zones_parse(*zones, invocation);
  register_zones_print(*zones, invocation);
  register_zones_lint(*zones, invocation);
  register_zones_diff(*zones, invocation);
}

}  // namespace catchment::cli
