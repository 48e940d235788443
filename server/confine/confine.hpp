// A process shuts itself in before it opens what a stranger sent. From then on whatever runs in it, the file's own code
// if it has some, reaches no network, no file outside its room, no other process and no other program:
//
//   confine::enter({.scratch = folder, .readable = {"/usr/share/proj"}});
//   read_the_upload(folder / "upload.zip");
//
// Several walls, each of which would do for most of it: no new privileges, resource limits, Landlock (files, sockets,
// signals), an allow-list of system calls (seccomp). Files that are open stay open, so nothing secret may be.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace catchment::confine {

struct Limits {
  std::uint64_t memory_bytes = std::uint64_t{512} << 20;  // address space, of which libraries take their part
  std::uint64_t cpu_s = 30;
  std::uint64_t file_bytes = std::uint64_t{1} << 30;  // of any file it writes
  std::uint64_t files = 32;                           // open at once
};

struct Room {
  std::filesystem::path scratch;                // a folder it may read and write in
  std::vector<std::filesystem::path> readable;  // folders and files it may read; those not there are passed over
  Limits limits;
};

// A wall cannot be put up: nothing was opened yet, and nothing may be.
struct ConfineError : std::system_error {
  ConfineError(int error, const std::string& wall) : std::system_error(error, std::generic_category(), wall) {}
};

// For the thread that calls and those it starts: call it while there is one. Threads may be started afterwards,
// processes may not. What is denied fails with EPERM, EACCES or ENOSYS, as on a machine that lacks it. Throws
// ConfineError.
void enter(const Room& room);

// The limits alone; a number that would be above what the process has is left as it is. Async-signal-safe. False:
// errno.
bool set_limits(const Limits& limits) noexcept;

}  // namespace catchment::confine
