// The one thread that writes: commands in the order they were handed in, several to a COMMIT.
#pragma once

#include <semaphore.h>

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
  // Set once, waited for once, by another thread. Gone as soon as wait() returns, which a POSIX semaphore allows; the
  // standard library's asks the scheduler for a turn several times before it sleeps.
  class Signal {
   public:
    Signal() { sem_init(&semaphore_, 0, 0); }
    ~Signal() { sem_destroy(&semaphore_); }
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;
    void set() { sem_post(&semaphore_); }
    void wait() {
      while (sem_wait(&semaphore_) != 0) {  // a signal came between
      }
    }

   private:
    sem_t semaphore_;
  };
  struct Command {
    const std::function<void(Session&)>* fn = nullptr;
    std::exception_ptr error;
    Signal answered;
  };
  using Lock = std::unique_lock<std::mutex>;

  void work();
  void run_batch(Lock& lock, std::vector<Command*>& batch);
  Command* next_of_batch(Lock& lock, std::size_t taken, std::chrono::steady_clock::time_point until);
  void run_command(Command& command);
  void count(const std::vector<Command*>& batch);
  static void answer(std::vector<Command*>& batch);
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
