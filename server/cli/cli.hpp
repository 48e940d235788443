// What every subcommand of `catchment` shares: how it registers, its exit codes, --json and Ctrl-C.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>

namespace catchment::cli {

// The exit codes; they are listed by --help.
enum ExitCode : int {
  kDone = 0,
  kFindings = 1,  // the command worked and what it looked for is there: unsound zones, rows refused under --strict, ...
  kBadInput = 2,  // a file, row, field or option cannot be used; InputError
  kTrouble = 3,   // the machine: disk full, no permission, out of memory
  kUsage = 64,    // the command line itself
  kCancelled = 130  // Ctrl-C; nothing was written
};

// One command line. A subcommand's callback fills `run`; main calls it once parsing is over, so that an error thrown in
// it is never taken for a usage error.
struct Invocation {
  std::function<int()> run;  // returns an ExitCode
  std::string json_path;     // --json FILE, "-" for standard output; empty when not asked for

  bool wants_json() const { return !json_path.empty(); }
};

// Each subcommand is one file with one of these. It adds a subcommand with its options to the app, whose callback sets
// invocation.run.
using Register = void (*)(CLI::App& app, Invocation& invocation);

void register_address(CLI::App& app, Invocation& invocation);
void register_audit(CLI::App& app, Invocation& invocation);
void register_check(CLI::App& app, Invocation& invocation);
void register_demand(CLI::App& app, Invocation& invocation);
void register_draw(CLI::App& app, Invocation& invocation);
void register_import(CLI::App& app, Invocation& invocation);
void register_match(CLI::App& app, Invocation& invocation);
void register_plan(CLI::App& app, Invocation& invocation);
void register_policy(CLI::App& app, Invocation& invocation);
void register_season(CLI::App& app, Invocation& invocation);
void register_simulate(CLI::App& app, Invocation& invocation);
void register_snapshot(CLI::App& app, Invocation& invocation);
void register_synth(CLI::App& app, Invocation& invocation);
void register_synth_season(CLI::App& synth, Invocation& invocation);  // a subcommand of synth
void register_worker(CLI::App& app, Invocation& invocation);
void register_zones(CLI::App& app, Invocation& invocation);

// The --json option, the same everywhere. On an error it receives {"code", "where", "message"} instead of the result.
void add_json_option(CLI::App& subcommand, Invocation& invocation);

// Writes text and a newline to a file, or to standard output for "-". Throws std::system_error.
void write_output(const std::string& path, std::string_view text);

// True once Ctrl-C (SIGINT) or SIGTERM has come. Long loops ask and leave cleanly with kCancelled; a second one kills.
bool cancelled() noexcept;
void install_cancel_handler();

}  // namespace catchment::cli
