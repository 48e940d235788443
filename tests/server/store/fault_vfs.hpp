// SQLite's door to the disk, with faults: the k-th call fails, or every call is written down, so that what a crash may
// leave can be made of it. In place of SQLite's default while it lives; one at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace catchment::testing {

enum class DiskFault {
  io_error,     // once
  disk_full,    // from then on, as a full disk is
  short_write,  // once, half of it written
};

struct DiskCall {
  enum class Kind { write, truncate, sync, remove, mark } kind = Kind::mark;
  std::string file;         // its name, without the folder
  std::int64_t offset = 0;  // of a mark: what was marked
  std::string bytes;
};

class FaultVfs {
 public:
  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  // Calls that change the disk, counted from 1: open of a new file, write, truncate, sync, remove.
  void fail_at(std::int64_t call, DiskFault fault);
  std::int64_t calls() const { return calls_; }
  bool has_failed() const { return failed_; }

  void record() { recording_ = true; }
  void mark(std::int64_t what);
  const std::vector<DiskCall>& recorded() const { return recorded_; }

  // Inside the shim: true if this call is to fail.
  bool fails();
  DiskFault fault() const { return fault_; }
  void note(DiskCall call);

 private:
  std::atomic<std::int64_t> calls_ = 0;
  std::int64_t fail_at_ = 0;
  DiskFault fault_ = DiskFault::io_error;
  std::atomic<bool> failed_ = false;
  bool recording_ = false;
  std::mutex mutex_;
  std::vector<DiskCall> recorded_;
};

}  // namespace catchment::testing
