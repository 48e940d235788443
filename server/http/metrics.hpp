// What the server counts, as Prometheus text (exposition format 0.0.4). Labels are route patterns, lanes and statuses:
// nothing of these comes from who asks.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "server/http/message.hpp"
#include "server/http/worker_pool.hpp"

namespace catchment::http {

// Upper bounds in seconds; one more bucket has no bound.
inline constexpr std::array kLatencyBounds{0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                           0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};

// The counts of one event loop. One thread records, any thread reads; recording takes no lock but for a route seen for
// the first time.
class LoopCounts {
 public:
  // From the whole request in hand to its answer in hand: waiting and handler, not the network.
  void record(const Routing& routing, int status, std::chrono::nanoseconds taken);

 private:
  friend class MetricsText;
  static constexpr std::size_t kStatuses = 16;  // different ones a route may have; further ones count as the last
  struct Series {
    std::string_view pattern;
    Lane lane = Lane::here;
    std::array<std::atomic<std::uint64_t>, kLatencyBounds.size() + 1> buckets{};
    std::atomic<std::uint64_t> nanoseconds{0};
    std::array<std::atomic<int>, kStatuses> statuses{};
    std::array<std::atomic<std::uint64_t>, kStatuses> by_status{};
  };
  struct Key {
    const char* pattern;
    Lane lane;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<const char*>()(key.pattern) * 8 + static_cast<std::size_t>(key.lane);
    }
  };
  Series& series_of(const Routing& routing);

  mutable std::mutex mutex_;  // held to add a series, and to read them from another thread
  std::unordered_map<Key, std::unique_ptr<Series>, KeyHash> series_;
};

struct MetricsInput {
  std::span<const LoopCounts* const> loops;
  const WorkerPool* pool = nullptr;  // may be null
  std::size_t connections = 0;
  std::size_t streams = 0;
};
std::string metrics_text(const MetricsInput& input);

}  // namespace catchment::http
