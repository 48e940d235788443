#include "server/http/metrics.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <utility>

namespace catchment::http {
namespace {

void bump(std::atomic<std::uint64_t>& count, std::uint64_t by) {  // one writer: no locked instruction
  count.store(count.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

std::string metric_number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.9g", value);
  return text.data();
}

void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void append_line(std::string& out, std::string_view name, std::string_view labels, const std::string& value) {
  out.append(name);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

std::string metric_label(std::string_view name, std::string_view value) {
  std::string out(name);
  out.append("=\"");
  for (const char c : value) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (c != '\n') out.push_back(c);
  }
  out.push_back('"');
  return out;
}

std::size_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::size_t pages = 0, resident = 0;
  in >> pages >> resident;
  return resident * static_cast<std::size_t>(std::max(0L, ::sysconf(_SC_PAGESIZE)));
}

void append_gauge(std::string& out, std::string_view name, std::string_view help, std::size_t value) {
  append_head(out, name, "gauge", help);
  append_line(out, name, "", std::to_string(value));
}

}  // namespace

LoopCounts::Series& LoopCounts::series_of(const Routing& routing) {
  const Key key{routing.pattern.data(), routing.lane};
  const auto found = series_.find(key);
  if (found != series_.end()) return *found->second;
  auto series = std::make_unique<Series>();
  series->pattern = routing.pattern;
  series->lane = routing.lane;
  const std::lock_guard lock(mutex_);
  return *series_.emplace(key, std::move(series)).first->second;
}

void LoopCounts::record(const Routing& routing, int status, std::chrono::nanoseconds taken) {
  Series& series = series_of(routing);
  const double seconds = std::chrono::duration<double>(taken).count();
  const auto bucket =
      static_cast<std::size_t>(std::ranges::lower_bound(kLatencyBounds, seconds) - kLatencyBounds.begin());
  bump(series.buckets[bucket], 1);
  bump(series.nanoseconds, static_cast<std::uint64_t>(taken.count()));
  std::size_t at = 0;
  while (at + 1 < kStatuses && series.statuses[at].load(std::memory_order_relaxed) != status &&
         series.statuses[at].load(std::memory_order_relaxed) != 0)
    ++at;
  if (series.statuses[at].load(std::memory_order_relaxed) == 0) series.statuses[at].store(status);
  bump(series.by_status[at], 1);
}

// All loops' series added up, by pattern and lane.
class MetricsText {
 public:
  explicit MetricsText(std::span<const LoopCounts* const> loops) {
    for (const LoopCounts* loop : loops) {
      const std::lock_guard lock(loop->mutex_);
      for (const auto& [key, series] : loop->series_) add(*series);
    }
  }

  void append_to(std::string& out) const {
    append_head(out, "catchment_http_requests_total", "counter", "Requests answered.");
    for (const auto& [labels, sum] : sums_) {
      for (const auto& [status, count] : sum.statuses)
        append_line(out, "catchment_http_requests_total", labels + ",status=\"" + std::to_string(status) + "\"",
                    std::to_string(count));
    }
    constexpr std::string_view kName = "catchment_http_request_seconds";
    append_head(out, kName, "histogram", "From the whole request in hand to its answer in hand.");
    for (const auto& [labels, sum] : sums_) append_histogram(out, kName, labels, sum);
  }

 private:
  struct Sum {
    std::array<std::uint64_t, kLatencyBounds.size() + 1> buckets{};
    double seconds = 0;
    std::map<int, std::uint64_t> statuses;
  };

  void add(const LoopCounts::Series& series) {
    Sum& sum = sums_[metric_label("route", series.pattern) + "," + metric_label("lane", to_word(series.lane))];
    for (std::size_t i = 0; i < sum.buckets.size(); ++i) sum.buckets[i] += series.buckets[i].load();
    sum.seconds += static_cast<double>(series.nanoseconds.load()) * 1e-9;
    for (std::size_t i = 0; i < LoopCounts::kStatuses; ++i) {
      if (const int status = series.statuses[i].load(); status != 0) sum.statuses[status] += series.by_status[i].load();
    }
  }

  static void append_histogram(std::string& out, std::string_view name, const std::string& labels, const Sum& sum) {
    const std::string bucket = std::string(name).append("_bucket");
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < sum.buckets.size(); ++i) {
      below += sum.buckets[i];
      const std::string bound = i < kLatencyBounds.size() ? metric_number(kLatencyBounds[i]) : "+Inf";
      append_line(out, bucket, labels + "," + metric_label("le", bound), std::to_string(below));
    }
    append_line(out, std::string(name).append("_sum"), labels, metric_number(sum.seconds));
    append_line(out, std::string(name).append("_count"), labels, std::to_string(below));
  }

  std::map<std::string, Sum> sums_;
};

namespace {

void append_pool(std::string& out, const WorkerPool& pool) {
  constexpr std::array kPooledLanes{Lane::confirm, Lane::submit, Lane::read, Lane::browse};
  std::array<LaneCounts, kPooledLanes.size()> counts;
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = pool.counts(kPooledLanes[i]);
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
    append_head(out, name, type, help);
    for (std::size_t i = 0; i < counts.size(); ++i)
      append_line(out, name, metric_label("lane", to_word(kPooledLanes[i])), std::to_string(value(counts[i])));
  };
  each("catchment_http_queue_depth", "gauge", "Requests that wait for a worker.", [](auto& c) { return c.waiting; });
  each("catchment_http_running", "gauge", "Requests on a worker.", [](auto& c) { return c.running; });
  each("catchment_http_lane_standing", "gauge", "1 while the lane's queue stands.",
       [](auto& c) { return c.standing ? 1 : 0; });
  each("catchment_http_begun_total", "counter", "Requests a worker began.", [](auto& c) { return c.begun; });
  append_head(out, "catchment_http_shed_total", "counter", "Requests answered 503 without being begun.");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    for (std::size_t reason = 0; reason < counts[i].shed.size(); ++reason)
      append_line(out, "catchment_http_shed_total",
                  metric_label("lane", to_word(kPooledLanes[i])) + "," +
                      metric_label("reason", to_word(static_cast<Shed>(reason))),
                  std::to_string(counts[i].shed[reason]));
  }
}

}  // namespace

std::string metrics_text(const MetricsInput& input) {
  std::string out;
  MetricsText(input.loops).append_to(out);
  if (input.pool != nullptr) append_pool(out, *input.pool);
  append_gauge(out, "catchment_http_connections", "Open connections.", input.connections);
  append_gauge(out, "catchment_http_event_streams", "Connections that are event streams.", input.streams);
  append_gauge(out, "process_resident_memory_bytes", "Resident memory.", resident_bytes());
  return out;
}

}  // namespace catchment::http
