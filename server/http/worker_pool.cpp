#include "server/http/worker_pool.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace catchment::http {
namespace {

void shed_each(std::vector<ShedJob>& jobs) {
  for (ShedJob& item : jobs) item.job.shed(item.reason);
  jobs.clear();
}

// Many workers that reckon at once would keep waiting the one thread that writes, for which they all wait then, and the
// one that reads sockets.
void give_way() {
  constexpr int kNicer = 5;
  const auto thread = static_cast<id_t>(::gettid());
  ::setpriority(PRIO_PROCESS, thread, ::getpriority(PRIO_PROCESS, thread) + kNicer);
}

}  // namespace

struct WorkerPool::Impl {
  explicit Impl(const PoolOptions& options) : workers(std::max(1, options.workers)), queues(options) {}

  void work() {
    give_way();
    std::vector<ShedJob> shed;
    std::unique_lock lock(mutex);
    for (;;) {
      wake.wait(lock, [&] { return queues.due() || closed; });
      if (!queues.due()) return;
      const Time begun = std::chrono::steady_clock::now();
      std::optional<LaneQueues::Claimed> claimed = queues.claim(begun, shed);
      if (queues.waiting() == 0) drained.notify_all();
      lock.unlock();
      shed_each(shed);
      if (claimed) claimed->job.run();
      const auto run = std::chrono::steady_clock::now() - begun;
      const Lane lane = claimed ? claimed->lane : Lane::here;
      claimed.reset();  // what the job held goes before anybody may think it done
      lock.lock();
      if (lane != Lane::here) queues.done(lane, run);
    }
  }

  const int workers;
  mutable std::mutex mutex;
  std::condition_variable wake, drained;
  LaneQueues queues;
  bool closed = false;
  std::vector<std::thread> threads;
  mutable std::atomic<std::uint64_t> jitter{0};
};

WorkerPool::WorkerPool(const PoolOptions& options) : impl_(std::make_unique<Impl>(options)) {}
WorkerPool::~WorkerPool() { stop(std::chrono::steady_clock::now()); }

void WorkerPool::start() {
  for (int i = 0; i < impl_->workers; ++i) impl_->threads.emplace_back([impl = impl_.get()] { impl->work(); });
}

void WorkerPool::offer(Lane lane, Job job, Time now) {
  std::optional<Shed> refused = Shed::stopped;
  {
    const std::lock_guard lock(impl_->mutex);
    if (!impl_->closed) refused = impl_->queues.offer(lane, job, now);
  }
  if (refused) {
    job.shed(*refused);
  } else {
    impl_->wake.notify_one();
  }
}

void WorkerPool::expire(Time now) {
  std::vector<ShedJob> shed;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->queues.expire(now, shed);
    if (impl_->queues.waiting() == 0) impl_->drained.notify_all();
  }
  shed_each(shed);
}

void WorkerPool::stop(Time deadline) {
  std::vector<ShedJob> shed;
  {
    std::unique_lock lock(impl_->mutex);
    if (!impl_->threads.empty())
      impl_->drained.wait_until(lock, deadline, [&] { return impl_->queues.waiting() == 0; });
    impl_->closed = true;
    impl_->queues.shed_all(Shed::stopped, shed);
  }
  impl_->wake.notify_all();
  shed_each(shed);
  for (std::thread& thread : impl_->threads) thread.join();
  impl_->threads.clear();
}

LaneCounts WorkerPool::counts(Lane lane) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->queues.counts(lane);
}

int WorkerPool::retry_after_s(Lane lane) const {
  // SplitMix64's finisher over a count: neighbours are far apart, and no generator is shared.
  std::uint64_t z = impl_->jitter.fetch_add(0x9e3779b97f4a7c15ull, std::memory_order_relaxed);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  const auto spread = 2u << static_cast<unsigned>(lane);
  return 1 + static_cast<int>((z ^ (z >> 31)) % spread);
}

}  // namespace catchment::http
