// A program run as a child that has nothing of ours: no open file but its three streams, no environment, no network (a
// namespace of its own, where the system lets us make one), no privileges to gain, another user where we are root, and
// limits. The program shuts itself in further (confine.hpp) before it opens what it is to read.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "server/confine/confine.hpp"

namespace catchment::confine {

struct ChildOrder {
  std::filesystem::path program;
  std::vector<std::string> arguments;  // without its name
  std::filesystem::path folder;        // where it runs; TMPDIR too
  Limits limits;
  std::chrono::milliseconds patience{60'000};  // then it is killed
  std::size_t output_bytes = 4 << 20;          // more of standard output, and it is killed
};

struct ChildEnd {
  enum class How { exited, killed, late, talkative };
  How how = How::exited;
  int code = 0;        // the exit code, or the signal that killed it; 127: it could not be started
  std::string output;  // what it wrote to standard output
  std::string errors;  // the beginning of what it wrote to standard error
};

// Waits until it has ended. From any thread, beside other children. Throws std::system_error where there is none to
// wait for.
ChildEnd run_child(const ChildOrder& order);

// Who a child is when we are root: nobody in particular. The folder it works in has to be its own.
inline constexpr unsigned kChildUser = 65534;

}  // namespace catchment::confine
