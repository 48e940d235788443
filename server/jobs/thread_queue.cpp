#include "server/jobs/thread_queue.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace catchment::jobs {
namespace {

class Run {
 public:
  Run(const Handler& handler, const Batch& batch) : handler_(handler), batch_(batch), share_(batch.shards.size()) {
    result_.results.resize(batch.shards.size());
  }

  // Takes shards until none is left. look: asked at each sign of life, in the calling thread's case.
  void work(const std::function<bool()>& look) {
    for (std::size_t k; !off_ && (k = next_++) < batch_.shards.size();) {
      const auto alive = [&](double share) {
        share_[k] = share;
        if (!look()) off_ = true;
        return !off_;
      };
      try {
        std::string bytes = handler_(batch_.input, batch_.shards[k], alive);
        if (off_) return;
        share_[k] = 1;
        result_.results[k] = std::move(bytes);
        ++done_;
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_.emplace(k, error.what());
        off_ = true;
      }
    }
  }

  void work_in_threads(int threads, const std::function<bool()>& look) {
    std::vector<std::thread> pool;
    int left = threads;
    for (int t = 0; t < threads; ++t) {
      pool.emplace_back([this, &left] {
        work([] { return true; });
        const std::lock_guard lock(mutex_);
        --left;
        ended_.notify_one();
      });
    }
    {
      std::unique_lock lock(mutex_);
      while (!ended_.wait_for(lock, std::chrono::milliseconds(50), [&] { return left == 0; })) {
        lock.unlock();
        if (!look()) off_ = true;
        lock.lock();
      }
    }
    for (std::thread& t : pool) t.join();
  }

  BatchProgress progress() const {
    BatchProgress at{done_, batch_.shards.size(), 0};
    for (const auto& s : share_) at.share += s / static_cast<double>(share_.size());
    return at;
  }

  BatchResult finish() {
    if (failure_) throw *failure_;
    if (off_) return {true, {}};
    return std::move(result_);
  }

 private:
  const Handler& handler_;
  const Batch& batch_;
  std::atomic<std::size_t> next_{0}, done_{0};
  std::atomic<bool> off_{false};
  std::vector<std::atomic<double>> share_;
  BatchResult result_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<ShardFailure> failure_;
};

}  // namespace

BatchResult ThreadQueue::run(const Batch& batch, const std::function<bool(const BatchProgress&)>& progress) {
  const auto handler = handlers_.find(batch.kind);
  if (handler == handlers_.end()) throw ShardFailure(0, "nobody does jobs of kind " + batch.kind);
  Run run(handler->second, batch);
  const auto look = [&] { return progress(run.progress()); };
  if (threads_ > 0) {
    run.work_in_threads(threads_, look);
  } else {
    run.work(look);
  }
  return run.finish();
}

}  // namespace catchment::jobs
