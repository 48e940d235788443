// `catchment`, the planner's tool: one subcommand per file.
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/publish.hpp"

namespace {

using namespace catchment;

// Every subcommand, in the order --help lists them.
constexpr cli::Register kSubcommands[]{
    cli::register_address,  cli::register_audit,   cli::register_check,  cli::register_demand,
    cli::register_draw,     cli::register_import,  cli::register_match,  cli::register_plan,
    cli::register_policy,   cli::register_publish, cli::register_season, cli::register_simulate,
    cli::register_snapshot, cli::register_synth,   cli::register_worker, cli::register_zones,
};

constexpr const char* kExitCodes =
    "Exit codes: 0 done, 1 findings (check, lint, warn), 2 bad input, 3 trouble with the machine (disk, permission, "
    "memory),\n"
    "            64 wrong usage, 130 cancelled with nothing written.";

int fail(const cli::Invocation& invocation, int exit_code, const std::string& code, const std::string& where,
         const std::string& message) {
  std::cerr << "catchment: " << message << "\n";
  if (invocation.wants_json()) {
    const nlohmann::json error{{"code", code}, {"where", where}, {"message", message}};
    try {
      cli::write_output(invocation.json_path, error.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    } catch (const std::system_error& trouble) {
      std::cerr << "catchment: " << trouble.what() << "\n";
      return cli::kTrouble;
    }
  }
  return exit_code;
}

int run(const cli::Invocation& invocation) {
  try {
    return invocation.run();
  } catch (const InputError& error) {
    return fail(invocation, cli::kBadInput, error.code, error.where, error.what());
  } catch (const std::system_error& error) {
    return fail(invocation, cli::kTrouble, "io", "", error.what());
  } catch (const std::bad_alloc&) {
    return fail(invocation, cli::kTrouble, "memory", "", "out of memory");
  }
}

}  // namespace

int main(int argc, char** argv) {
  cli::install_cancel_handler();  // first: a Ctrl-C may come at once
  CLI::App app("School catchments: import, check, look up and plan.", "catchment");
  app.footer(kExitCodes);
  app.require_subcommand(1);
  cli::Invocation invocation;
  for (const cli::Register add : kSubcommands) add(app, invocation);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? cli::kDone : cli::kUsage;
  }
  return run(invocation);
}
