// Runs programs as a user would and keeps what they say.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/datasets/temp_dir.hpp"

namespace catchment::testing {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// A shell command; its words are ours, so it is not quoted.
inline Outcome run_command(const TempDir& dir, const std::string& command) {
  const std::string out = (dir / "stdout.txt").string();
  const std::string err = (dir / "stderr.txt").string();
  const int status =
      std::system(("cd '" + dir.path().string() + "' && " + command + " > " + out + " 2> " + err).c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), read_file(out), read_file(err)};
}

inline Outcome run_catchment(const TempDir& dir, const std::string& arguments) {
  return run_command(dir, std::string(CATCHMENT_PROGRAM) + " " + arguments);
}

// The JSON a command with --json - printed, whether a result or an error.
inline nlohmann::json run_json(const TempDir& dir, const std::string& arguments) {
  const Outcome outcome = run_catchment(dir, arguments + " --json -");
  return nlohmann::json::parse(outcome.out, nullptr, false);
}

}  // namespace catchment::testing
