// Independent jobs on a stated number of threads. Internal to the street network.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace catchment::geo {

// make_job() is called once a thread and returns what is called with each number below `count` that the thread takes.
// The first exception is thrown on after all have ended.
template <class MakeJob>
void in_parallel(std::size_t count, int threads, MakeJob&& make_job) {
  std::atomic<std::size_t> next{0};
  constexpr std::size_t kBatch = 8;
  const auto work = [&] {
    auto job = make_job();
    for (std::size_t first = next.fetch_add(kBatch); first < count; first = next.fetch_add(kBatch)) {
      for (std::size_t i = first; i < std::min(count, first + kBatch); ++i) job(i);
    }
  };
  const std::size_t wanted = std::min<std::size_t>(static_cast<std::size_t>(std::max(threads, 1)), count / kBatch + 1);
  if (wanted == 1) {
    work();
    return;
  }
  std::vector<std::exception_ptr> errors(wanted);
  std::vector<std::thread> pool;
  for (std::size_t t = 0; t < wanted; ++t) {
    pool.emplace_back([&, t] {
      try {
        work();
      } catch (...) {
        errors[t] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : pool) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace catchment::geo
