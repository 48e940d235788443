// Long jobs of a service: one at a time, in threads of their own, each with events for whoever watches.
//
//   const std::int64_t number = desk.add(session, row);   // in a command
//   desk.begin(number);                                    // once it is durable
//
// A job's events: `state` {"state":"running"}, `progress` {"share":0.4,...}, and last one named by how it ended:
// `done`, `failed`, `cancelled` or `interrupted`. A service that ends leaves its jobs `interrupted`; nothing is tried
// again by itself, because equal options give the same again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "server/http/event_stream.hpp"
#include "server/plans/job_kinds.hpp"
#include "server/plans/job_rows.hpp"
#include "server/store/store.hpp"

namespace catchment::plans {

struct JobDeskOptions {
  int at_once = 1;
  std::int64_t most_waiting = 16;  // with those that run
  std::size_t events_kept = 64;    // jobs whose events can be read again
  std::chrono::milliseconds progress_every{200};
};

// Safe for threads.
class JobDesk {
 public:
  // Marks what an earlier service left as interrupted. `now` stamps.
  JobDesk(store::Store& store, PlanDesk& plans, std::function<std::chrono::local_seconds()> now,
          JobDeskOptions options = {});
  ~JobDesk();  // calls off what runs

  // Throws Refused 429 jobs_full.
  std::int64_t add(store::Session& session, const JobRow& job);
  void begin(std::int64_t number);  // twice does no harm

  // In a command. A job that waits is cancelled at once; one that runs, when call_off() reached it.
  // Throws Refused 409 job_over.
  void cancel(store::Session& session, const JobRow& job);
  void call_off(std::int64_t number);

  std::shared_ptr<http::EventStream> events(const JobRow& job, std::string_view last_event_id);

 private:
  struct Watched {
    std::shared_ptr<http::EventHub> hub = std::make_shared<http::EventHub>();
    bool off = false, begun = false;
    std::string ended;  // the state it ended in; empty: not yet
  };
  void work();
  void run(std::int64_t number);
  bool is_off(std::int64_t number);
  Watched& watched(std::int64_t number);  // under the lock
  void finish(std::int64_t number, const char* from, const char* state, const std::optional<std::string>& result,
              const std::string& failure);
  void tell_end(std::int64_t number, std::string_view state, const std::string& failure);

  store::Store& store_;
  PlanDesk& plans_;
  const std::function<std::chrono::local_seconds()> now_;
  const JobDeskOptions options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::int64_t> queue_;
  std::map<std::int64_t, Watched> watched_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace catchment::plans
