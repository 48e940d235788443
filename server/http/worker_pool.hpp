// Threads for handlers that may block, behind one bounded queue of four lanes: admission control.
//
// - Order: confirm, then submit, read, browse; within a lane first come, first served. So that a confirm never waits
// for
//   browsers that already run, the lower lanes may not hold all workers at once (LaneOptions::share).
// - Shedding: CoDel's question (Nichols and Jacobson, CACM 2012) asked of requests: a lane is *standing* when, over a
//   whole `interval`, nobody waited less than its target. A standing lane takes a newcomer only if by Little's law
//   (those before it, times the mean time a worker needs, over the workers) it would be begun within twice the target,
//   and whoever has waited longer is shed when his turn comes; so a burst is let through and a queue that stands is
//   kept short. A lane that does not stand takes what would be begun within most_wait. Nobody waits longer than
//   most_wait, whatever the workers do.
// - No clock is hidden: times come in as arguments, `run` threads ask steady_clock.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "server/http/message.hpp"

namespace catchment::http {

struct LaneOptions {
  std::size_t bound;                    // waiting at most
  std::chrono::milliseconds target;     // waiting time that is no sign of overload
  std::chrono::milliseconds most_wait;  // nobody waits longer
  double share;                         // of the workers at most, at least one
};

struct PoolOptions {
  int workers = 64;
  std::chrono::milliseconds interval{100};
  // confirm, submit, read, browse
  std::array<LaneOptions, 4> lanes{{
      {4096, std::chrono::milliseconds(80), std::chrono::milliseconds(5'000), 1.0},
      {4096, std::chrono::milliseconds(50), std::chrono::milliseconds(2'000), 0.9},
      {2048, std::chrono::milliseconds(30), std::chrono::milliseconds(1'000), 0.75},
      {1024, std::chrono::milliseconds(15), std::chrono::milliseconds(500), 0.5},
  }};
};

// Why a request was not begun.
enum class Shed : std::uint8_t {
  full,      // the lane's bound
  standing,  // would wait, or has waited, longer than an overloaded lane allows
  late,      // most_wait
  stopped,   // past the deadline of stop()
};
inline constexpr int kSheds = 4;
std::string_view to_word(Shed reason);

struct LaneCounts {
  std::size_t waiting = 0;
  std::size_t running = 0;
  std::uint64_t begun = 0;
  std::array<std::uint64_t, kSheds> shed{};
  bool standing = false;
};

class WorkerPool {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // Both are called at most once, one of them exactly once, never under the pool's lock. `run` on a worker; `shed`
  // on the thread that calls offer, on a worker, or on the one that calls expire. Neither may throw.
  struct Job {
    std::function<void()> run;
    std::function<void(Shed)> shed;
  };

  explicit WorkerPool(const PoolOptions& options);
  ~WorkerPool();  // as stop(now)
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void start();  // the threads; until then jobs only wait
  // Takes the job or sheds it before it returns. lane is not `here`.
  void offer(Lane lane, Job job, Time now);
  // Sheds those who have waited too long; called now and then, so that workers that all block shed as well.
  void expire(Time now);
  // Finishes what waits, sheds what has not been begun by the deadline, returns when no job runs. Once; while it
  // waits, offer() still works.
  void stop(Time deadline);

  LaneCounts counts(Lane lane) const;
  // Seconds until a request of this lane is worth sending again, 1 to 8 and more for lower lanes; jittered, so that
  // those shed together do not come back together.
  int retry_after_s(Lane lane) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::http
