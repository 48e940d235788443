#include "server/cli/cli.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <system_error>

namespace catchment::cli {
namespace {

volatile std::sig_atomic_t g_cancelled = 0;

void on_signal(int) { g_cancelled = 1; }

[[noreturn]] void throw_errno(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), path);
}

}  // namespace

void add_json_option(CLI::App& subcommand, Invocation& invocation) {
  subcommand
      .add_option("--json", invocation.json_path, "Write the result (or the error) as JSON to FILE, - for stdout")
      ->type_name("FILE");
}

void write_output(const std::string& path, std::string_view text) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> owned(path == "-" ? nullptr : std::fopen(path.c_str(), "wb"),
                                                              [](std::FILE* file) { return std::fclose(file); });
  std::FILE* file = path == "-" ? stdout : owned.get();
  if (file == nullptr) throw_errno(path);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fputc('\n', file) != EOF;
  if (!written || std::fflush(file) != 0) throw_errno(path);
}

bool cancelled() noexcept { return g_cancelled != 0; }

void install_cancel_handler() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace catchment::cli
