#include "server/http/lane_queues.hpp"

#include <algorithm>
#include <utility>

namespace catchment::http {
namespace {

constexpr double kNewestWeight = 1.0 / 16;  // in the mean time a job takes

}  // namespace

std::string_view to_word(Shed reason) {
  constexpr std::array<std::string_view, kSheds> kWords{"full", "standing", "late", "stopped"};
  return kWords.at(static_cast<std::size_t>(reason));
}

LaneQueues::LaneQueues(const PoolOptions& options)
    : workers_(static_cast<std::size_t>(std::max(1, options.workers))), interval_(options.interval) {
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    Queue& queue = queues_[i];
    queue.lane = static_cast<Lane>(i + 1);
    queue.options = options.lanes[i];
    queue.most_running = static_cast<std::size_t>(std::max(1.0, static_cast<double>(workers_) * queue.options.share));
  }
}

void LaneQueues::Queue::roll(Time now, Span interval) {
  if (now < window_end) return;
  const bool claimed = least_wait != Span::max();
  const bool paused = !claimed && !waiting.empty();
  const bool starved = paused && now - waiting.front().since > options.patience;
  if (!paused) slow_windows = claimed && least_wait > options.target ? slow_windows + 1 : 0;
  counts.standing = starved || slow_windows >= options.slow_intervals;
  const double window_s = std::chrono::duration<double>(now - window_end + interval).count();
  const double windows = window_s / std::chrono::duration<double>(interval).count();
  calm_windows = counts.standing ? 0 : static_cast<int>(std::min<double>(calm_windows + windows, kCalmWindows));
  // A moment's pause says nothing of how fast the lane is drained after it.
  if (!paused || starved) drained_per_s = (drained_per_s + window_claims / window_s) / 2;
  window_end = now + interval;
  least_wait = Span::max();
  window_claims = 0;
}

bool LaneQueues::worker_free(const Queue& queue) const {
  return running_ + waiting_ < workers_ && queue.counts.running + queue.waiting.size() < queue.most_running;
}

// Until a newcomer would be begun. A wary lane takes one when it is empty, whose wait then says how things are.
LaneQueues::Span LaneQueues::expected_wait(const Queue& queue) const {
  constexpr double kLeastRate = 0.1;
  const double drained_s = static_cast<double>(queue.waiting.size()) / std::max(queue.drained_per_s, kLeastRate);
  double wait_s = 0;
  if (queue.wary()) {
    wait_s = drained_s;
  } else {
    for (const Queue& other : queues_) {
      if (&other == &queue) break;
      wait_s += static_cast<double>(other.waiting.size()) * other.mean_s / static_cast<double>(workers_);
    }
    wait_s += static_cast<double>(queue.waiting.size() + 1) * queue.mean_s / static_cast<double>(queue.most_running);
    wait_s = std::min(wait_s, drained_s);  // of jobs that a pause made long the mean says too much
  }
  return std::chrono::duration_cast<Span>(std::chrono::duration<double>(wait_s));
}

std::optional<Shed> LaneQueues::offer(Lane lane, Job& job, Time now) {
  Queue& queue = queue_of(lane);
  std::optional<Shed> refused;
  queue.roll(now, interval_);
  if (queue.waiting.size() >= queue.options.bound) {
    refused = Shed::full;
  } else if (!worker_free(queue) && expected_wait(queue) > queue.limit()) {
    refused = queue.wary() ? Shed::standing : Shed::late;
  }
  if (refused) {
    ++queue.counts.shed.at(static_cast<std::size_t>(*refused));
    return refused;
  }
  queue.waiting.push_back({std::move(job), now});
  ++waiting_;
  return std::nullopt;
}

bool LaneQueues::due() const {
  return std::ranges::any_of(queues_,
                             [](const Queue& q) { return !q.waiting.empty() && q.counts.running < q.most_running; });
}

std::optional<LaneQueues::Claimed> LaneQueues::claim(Time now, std::vector<ShedJob>& shed) {
  for (Queue& queue : queues_) {
    if (queue.waiting.empty() || queue.counts.running >= queue.most_running) continue;
    queue.roll(now, interval_);
    queue.least_wait = std::min(queue.least_wait, now - queue.waiting.front().since);
    shed_old(queue, now, shed);
    if (queue.waiting.empty()) continue;
    ++queue.window_claims;
    ++running_;
    ++queue.counts.running;
    ++queue.counts.begun;
    return Claimed{pop(queue).job, queue.lane};
  }
  return std::nullopt;
}

void LaneQueues::done(Lane lane, Span run) {
  Queue& queue = queue_of(lane);
  const double run_s = std::chrono::duration<double>(run).count();
  queue.mean_s = queue.mean_s == 0 ? run_s : queue.mean_s + (run_s - queue.mean_s) * kNewestWeight;
  --queue.counts.running;
  --running_;
}

LaneQueues::Waiting LaneQueues::pop(Queue& queue) {
  Waiting front = std::move(queue.waiting.front());
  queue.waiting.pop_front();
  --waiting_;
  return front;
}

void LaneQueues::shed_front(Queue& queue, Shed reason, std::vector<ShedJob>& shed) {
  ++queue.counts.shed.at(static_cast<std::size_t>(reason));
  shed.push_back({pop(queue).job, reason});
}

void LaneQueues::shed_old(Queue& queue, Time now, std::vector<ShedJob>& shed) {
  while (!queue.waiting.empty()) {
    const Span wait = now - queue.waiting.front().since;
    if (wait <= queue.limit()) return;
    shed_front(queue, wait > queue.options.most_wait ? Shed::late : Shed::standing, shed);
  }
}

void LaneQueues::expire(Time now, std::vector<ShedJob>& shed) {
  for (Queue& queue : queues_) shed_old(queue, now, shed);
}

void LaneQueues::shed_all(Shed reason, std::vector<ShedJob>& shed) {
  for (Queue& queue : queues_) {
    while (!queue.waiting.empty()) shed_front(queue, reason, shed);
  }
}

LaneCounts LaneQueues::counts(Lane lane) const {
  LaneCounts counts = queue_of(lane).counts;
  counts.waiting = queue_of(lane).waiting.size();
  return counts;
}

}  // namespace catchment::http
