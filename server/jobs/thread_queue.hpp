// The work queue within one process.
#pragma once

#include "server/jobs/work_queue.hpp"

namespace catchment::jobs {

class ThreadQueue : public WorkQueue {
 public:
  // threads: 0 works in the calling thread.
  ThreadQueue(Handlers handlers, int threads) : handlers_(std::move(handlers)), threads_(threads) {}

  BatchResult run(const Batch& batch, const std::function<bool(const BatchProgress&)>& progress) override;

 private:
  Handlers handlers_;
  int threads_;
};

}  // namespace catchment::jobs
