// Admission control: one bounded queue of four lanes before a number of workers. No threads, no clock: what it does
// follows from the calls and their times, so an overload of minutes is played through in a test in no time.
//
// - Order: confirm, then submit, read, browse; within a lane first come, first served. Lower lanes may not hold all
//   workers at once (LaneOptions::share), so that a confirm never waits for browsers that already run.
// - Shedding: CoDel's question (Nichols and Jacobson, CACM 2012) asked of requests. A lane is *standing* when, over a
//   number of whole intervals, nobody waited less than its target, or nobody was begun and the first has waited longer
//   than its patience. What waits for a disk is given more of both, because a disk that pauses for a moment is no
//   overload: the queue it leaves is gone soon, and of a registration a late answer is better than none. It
//   then takes a newcomer only if, at the rate it was drained of late, he would be begun within twice the target, and
//   sheds whoever has waited longer when his turn comes: a burst is let through, a queue that stands is kept short.
//   That goes on for kCalmWindows intervals after, or the queue would stand again at once. Any other lane takes what,
//   by Little's law (those before it, times the mean time a worker needs, over the workers) or at the rate it was
//   drained, would be begun within most_wait.
// - Nobody waits longer than most_wait, whatever the workers do (if expire is called).
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "server/http/message.hpp"

namespace catchment::http {

struct LaneOptions {
  std::size_t bound;                    // waiting at most
  std::chrono::milliseconds target;     // waiting time that is no sign of overload
  std::chrono::milliseconds most_wait;  // nobody waits longer
  double share;                         // of the workers at most, at least one
  std::chrono::milliseconds patience;   // that nobody at all is begun
  int slow_intervals;                   // in a row that make it stand
};

struct PoolOptions {
  int workers = 64;
  std::chrono::milliseconds interval{100};
  // confirm, submit, read, browse
  std::array<LaneOptions, 4> lanes{{
      {4096, std::chrono::milliseconds(90), std::chrono::milliseconds(5'000), 1.0, std::chrono::milliseconds(500), 4},
      {4096, std::chrono::milliseconds(80), std::chrono::milliseconds(2'000), 0.9, std::chrono::milliseconds(500), 4},
      {2048, std::chrono::milliseconds(30), std::chrono::milliseconds(1'000), 0.75, std::chrono::milliseconds(60), 1},
      {1024, std::chrono::milliseconds(15), std::chrono::milliseconds(500), 0.5, std::chrono::milliseconds(30), 1},
  }};
};

// Why a request was not begun.
enum class Shed : std::uint8_t {
  full,      // the lane's bound
  standing,  // would wait, or has waited, longer than an overloaded lane allows
  late,      // most_wait
  stopped,   // the pool stops
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

// One of the two is called, once, and neither may throw.
struct Job {
  std::function<void()> run;
  std::function<void(Shed)> shed;
};
struct ShedJob {
  Job job;
  Shed reason;
};

inline constexpr int kCalmWindows = 10;

class LaneQueues {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Span = std::chrono::steady_clock::duration;

  explicit LaneQueues(const PoolOptions& options);

  // Moves the job in, or leaves it where it is and says why. lane is not `here`. Constant.
  std::optional<Shed> offer(Lane lane, Job& job, Time now);
  bool due() const;  // claim() would find somebody
  // The next whose turn it is, and his lane; empty if those that were due had waited too long. Appends those to `shed`.
  struct Claimed {
    Job job;
    Lane lane;
  };
  std::optional<Claimed> claim(Time now, std::vector<ShedJob>& shed);
  void done(Lane lane, Span run);  // a claimed job, after it ran
  void expire(Time now, std::vector<ShedJob>& shed);
  void shed_all(Shed reason, std::vector<ShedJob>& shed);

  std::size_t waiting() const { return waiting_; }
  LaneCounts counts(Lane lane) const;

 private:
  struct Waiting {
    Job job;
    Time since;
  };
  struct Queue {
    Lane lane = Lane::here;
    LaneOptions options{};
    std::size_t most_running = 1;
    std::deque<Waiting> waiting;
    LaneCounts counts;
    double mean_s = 0;  // of a job's run; 0: none has finished yet
    Time window_end{};
    Span least_wait = Span::max();  // of those claimed in the window
    int window_claims = 0;
    int slow_windows = 0;  // in a row
    double drained_per_s = 0;
    int calm_windows = kCalmWindows;  // since it stood

    bool wary() const { return calm_windows < kCalmWindows; }
    Span limit() const {
      const Span most = options.most_wait;
      return wary() ? std::min<Span>(options.target * 2, most) : most;
    }
    void roll(Time now, Span interval);  // into the next window if this one is over
  };

  Queue& queue_of(Lane lane) { return queues_.at(static_cast<std::size_t>(lane) - 1); }
  const Queue& queue_of(Lane lane) const { return queues_.at(static_cast<std::size_t>(lane) - 1); }
  bool worker_free(const Queue& queue) const;
  Span expected_wait(const Queue& queue) const;
  Waiting pop(Queue& queue);
  void shed_front(Queue& queue, Shed reason, std::vector<ShedJob>& shed);
  void shed_old(Queue& queue, Time now, std::vector<ShedJob>& shed);

  std::size_t workers_;
  Span interval_;
  std::array<Queue, 4> queues_;
  std::size_t waiting_ = 0;
  std::size_t running_ = 0;
};

}  // namespace catchment::http
