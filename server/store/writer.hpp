// The one thread that writes: commands in the order they were handed in, several to a COMMIT.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "server/store/connection.hpp"

namespace catchment::store {

class Writer {
 public:
  Writer(std::unique_ptr<Connection> connection, const StoreOptions& options);
  ~Writer();  // after all that was handed in
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // As Store::write.
  void run(const std::function<void(Session&)>& fn);

  Store::Counts counts() const;

 private:
  struct Command {
    const std::function<void(Session&)>* fn = nullptr;
    std::exception_ptr error;
    bool answered = false;
    std::condition_variable answer;
  };
  using Lock = std::unique_lock<std::mutex>;

  void work();
  void run_batch(Lock& lock, std::vector<Command*>& batch);
  Command* next_of_batch(Lock& lock, std::size_t taken, std::chrono::steady_clock::time_point until);
  void run_command(Command& command);
  void answer(Lock& lock, std::vector<Command*>& batch);
  void give_up(Lock& lock, std::vector<Command*>& batch, const std::string& why);

  std::unique_ptr<Connection> connection_;
  const std::size_t batch_commands_;
  const std::chrono::microseconds batch_wait_;
  const std::function<void(const std::string&)> on_lost_;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Command*> queue_;  // they lie on their callers' stacks
  std::size_t awaited_ = 1;     // as many as seem to be about: those of the last batch and those waiting after it
  bool stopping_ = false;
  std::optional<StoreError> lost_;
  Store::Counts counts_;
  std::thread thread_;
};

}  // namespace catchment::store
