// Threads for handlers that may block, behind the queue of lane_queues.hpp. Any thread may call any function.
#pragma once

#include <memory>

#include "server/http/lane_queues.hpp"

namespace catchment::http {

class WorkerPool {
 public:
  using Time = LaneQueues::Time;

  explicit WorkerPool(const PoolOptions& options);
  ~WorkerPool();  // as stop(now)
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void start();  // the threads; until then jobs only wait
  // Takes the job or sheds it before it returns. `run` is called on a worker; `shed` on the caller, on a worker, or on
  // whoever calls expire; neither under the pool's lock.
  void offer(Lane lane, Job job, Time now);
  // Sheds those who have waited too long; called now and then, so that workers that all block shed as well.
  void expire(Time now);
  // Begins what waits until the deadline, sheds the rest, and returns when no job runs. From then on everything is
  // shed.
  void stop(Time deadline);

  LaneCounts counts(Lane lane) const;
  // Seconds until a request of this lane is worth sending again: from 1 to 4, 8, 16, 32 by lane, jittered, so that
  // those shed together do not come back together.
  int retry_after_s(Lane lane) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::http
