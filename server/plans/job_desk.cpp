#include "server/plans/job_desk.hpp"

#include "geo/input_error.hpp"
#include "server/desk/refused.hpp"
#include "server/store/journal.hpp"

namespace catchment::plans {
namespace {

using desk::Refused;
using nlohmann::ordered_json;

http::Event event_of(const char* name, const ordered_json& data) {
  return {"", name, data.dump(-1, ' ', false, ordered_json::error_handler_t::replace)};
}

}  // namespace

JobDesk::JobDesk(store::Store& store, PlanDesk& plans, std::function<std::chrono::local_seconds()> now,
                 JobDeskOptions options)
    : store_(store), plans_(plans), now_(std::move(now)), options_(options) {
  store_.write([this](store::Session& session) { interrupt_jobs(session, now_()); });
  for (int i = 0; i < options_.at_once; ++i) threads_.emplace_back([this] { work(); });
}

JobDesk::~JobDesk() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    wake_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
  for (auto& [number, job] : watched_) job.hub->close();
}

std::int64_t JobDesk::add(store::Session& session, const JobRow& job) {
  if (count_waiting(session) >= options_.most_waiting)
    throw Refused(429, "jobs_full", "Too many jobs wait already: cancel one, or come back later.");
  return add_job(session, job);
}

JobDesk::Watched& JobDesk::watched(std::int64_t number) {
  Watched& job = watched_[number];
  // The oldest that nobody works on goes; its events are then told from the store.
  for (auto at = watched_.begin(); at != watched_.end() && watched_.size() > options_.events_kept;) {
    const bool idle = !at->second.begun && at->first != number;
    at = idle ? watched_.erase(at) : std::next(at);
  }
  return job;
}

void JobDesk::begin(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  Watched& job = watched(number);
  if (job.begun) return;
  job.begun = true;
  queue_.push_back(number);
  wake_.notify_one();
}

void JobDesk::cancel(store::Session& session, const JobRow& job) {
  if (job.over()) throw Refused(409, "job_over", "This job is " + job.state + ".");
  end_job(session, job.number, "queued", "cancelled", now_(), {}, "");
}

void JobDesk::call_off(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  watched(number).off = true;
}

bool JobDesk::is_off(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  return stop_ || watched(number).off;
}

std::shared_ptr<http::EventStream> JobDesk::events(const JobRow& job, std::string_view last_event_id) {
  const std::lock_guard lock(mutex_);
  const bool there = watched_.contains(job.number);
  Watched& w = watched(job.number);
  if (last_event_id.empty() && !w.ended.empty()) {  // whoever comes late is told how it ended
    auto late = std::make_shared<http::EventStream>();
    late->push(event_of(w.ended.c_str(), {{"state", w.ended}}));
    late->close();
    return late;
  }
  auto stream = w.hub->subscribe(last_event_id);
  if (!there) {  // known from the store alone
    if (job.over()) {
      w.hub->publish(event_of(job.state.c_str(), {{"state", job.state}}));
      w.hub->close();
    } else {
      w.hub->publish(event_of("state", {{"state", job.state}}));
    }
  }
  return stream;
}

void JobDesk::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stop_ || !queue_.empty(); });
    if (stop_) return;
    const std::int64_t number = queue_.front();
    queue_.pop_front();
    lock.unlock();
    run(number);
    lock.lock();
    watched(number).begun = false;
  }
}

void JobDesk::tell_end(std::int64_t number, std::string_view state, const std::string& failure) {
  ordered_json data{{"state", state}};
  if (!failure.empty()) data["detail"] = failure;
  const std::lock_guard lock(mutex_);
  Watched& job = watched(number);
  job.ended = state;
  job.hub->publish(event_of(std::string(state).c_str(), data));
  job.hub->close();
}

void JobDesk::finish(std::int64_t number, const char* from, const char* state, const std::optional<std::string>& result,
                     const std::string& failure) {
  store_.write([&](store::Session& session) {
    if (!end_job(session, number, from, state, now_(), result, failure)) return;
    store::append_journal(
        session, {now_(), "system", "job.end", std::to_string(number), std::string(R"({"state":")") + state + "\"}"});
  });
  tell_end(number, state, failure);
}

void JobDesk::run(std::int64_t number) {
  bool ours = false;
  const auto job = store_.write([&](store::Session& session) {
    ours = move_job(session, number, "queued", "running");
    return find_job(session, number);
  });
  if (!ours) return tell_end(number, job ? job->state : "cancelled", "");
  const auto hub = [&] {
    const std::lock_guard lock(mutex_);
    return watched(number).hub;
  }();
  hub->publish(event_of("state", {{"state", "running"}}));
  auto last = std::chrono::steady_clock::now() - options_.progress_every;
  const auto alive = [&](double share, const ordered_json& known) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last >= options_.progress_every) {
      last = now;
      ordered_json data{{"share", share}};
      data.update(known);
      hub->publish(event_of("progress", data));
    }
    return !is_off(number);
  };
  std::string failure;
  std::optional<ordered_json> result;
  try {
    result = run_job(plans_, *job, alive);
  } catch (const std::exception& error) {
    failure = error.what();
  }
  if (!failure.empty()) return finish(number, "running", "failed", {}, failure);
  if (!result) {
    const bool ended = [&] {
      const std::lock_guard lock(mutex_);
      return stop_ && !watched(number).off;
    }();
    return finish(number, "running", ended ? "interrupted" : "cancelled", {}, "");
  }
  finish(number, "running", "done", result->dump(-1, ' ', false, ordered_json::error_handler_t::replace), "");
}

}  // namespace catchment::plans
