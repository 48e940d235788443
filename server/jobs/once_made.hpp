// Something that takes long to make, made once in a thread of its own when it is first asked for.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace catchment::jobs {

// Safe for threads.
template <class T>
class OnceMade {
 public:
  // Given a function to ask now and then whether to go on; null if it was told not to.
  using Make = std::function<std::shared_ptr<T>(const std::function<bool(double share)>& go_on)>;

  explicit OnceMade(Make make) : make_(std::move(make)) {}
  ~OnceMade() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  // Null if it is not there after so long. Throws what making it threw, each time.
  std::shared_ptr<T> get(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    made_.wait_for(lock, patience, [this] { return ended_; });
    if (failure_) std::rethrow_exception(failure_);
    return value_;
  }

 private:
  void run() {
    std::shared_ptr<T> value;
    std::exception_ptr failure;
    try {
      value = make_([this](double) { return !stop_; });
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    value_ = std::move(value), failure_ = failure, ended_ = true;
    made_.notify_all();
  }

  Make make_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable made_;
  std::shared_ptr<T> value_;
  std::exception_ptr failure_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace catchment::jobs
