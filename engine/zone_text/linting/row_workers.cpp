#include "engine/zone_text/linting/row_workers.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace catchment::engine::zone_text {
namespace {

class Pool {
 public:
  Pool(std::size_t count, const std::function<void(std::size_t)>& work) : count_(count), work_(work) {}

  // False when nothing is left.
  bool step() {
    const std::size_t i = next_.fetch_add(1);
    if (i >= count_ || stop_) return false;
    try {
      work_(i);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      stop_ = true;
    }
    ++done_;
    return !stop_;
  }

  void stop() { stop_ = true; }
  std::size_t done() const { return done_; }
  const std::exception_ptr& error() const { return error_; }

 private:
  std::size_t count_;
  const std::function<void(std::size_t)>& work_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> done_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

bool for_each_row(std::size_t count, const LintOptions& options, std::size_t before, std::size_t of,
                  const std::function<void(std::size_t)>& work) {
  const std::size_t wanted = options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  Pool pool(count, work);
  std::vector<std::jthread> helpers;
  for (std::size_t t = 1; t < std::min(wanted, count); ++t) {
    helpers.emplace_back([&pool] {
      while (pool.step()) {
      }
    });
  }
  bool go_on = true;
  const auto report = [&] { return !options.progress || options.progress(before + std::min(pool.done(), count), of); };
  while (go_on && pool.step()) go_on = report();
  if (!go_on) pool.stop();
  helpers.clear();
  if (pool.error()) std::rethrow_exception(pool.error());
  return go_on && report();
}

}  // namespace catchment::engine::zone_text
