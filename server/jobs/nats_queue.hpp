// The work queue across machines: shards go to whichever `catchment worker` is free, by way of NATS JetStream.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "server/jobs/nats_link.hpp"
#include "server/jobs/work_queue.hpp"

namespace catchment::jobs {

// At least once: a shard whose worker falls silent for NatsLink::kAckWaitMs is delivered to another, and a result that
// comes twice is the same bytes. After kMostDeliveries a shard is given up and the batch fails with what was wrong.
inline constexpr std::uint64_t kMostDeliveries = 3;

class NatsQueue : public WorkQueue {
 public:
  explicit NatsQueue(const std::string& url) : link_(url) {}

  // Waits for workers as long as it takes. Throws std::system_error when the server is lost.
  BatchResult run(const Batch& batch, const std::function<bool(const BatchProgress&)>& progress) override;

 private:
  NatsLink link_;
};

// Does shards, one at a time, until stop(), asked some times a second, says so; a shard under way is given back then.
// Returns how many were done. Throws std::system_error when the server is lost.
std::uint64_t serve_shards(const std::string& url, const Handlers& handlers, const std::function<bool()>& stop);

}  // namespace catchment::jobs
