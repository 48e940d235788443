#include "server/http/event_stream.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace catchment::http {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') out.push_back(c);
  }
  out.push_back('\n');
}

// A client takes "\r\n", "\n" and "\r" for the end of a line; each line of the data is a field of its own.
void append_data(std::string& out, std::string_view data) {
  for (;;) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    append_field(out, "data", data.substr(0, end));
    if (end == data.size()) return;
    const bool pair = data[end] == '\r' && end + 1 < data.size() && data[end + 1] == '\n';
    data.remove_prefix(end + (pair ? 2 : 1));
  }
}

}  // namespace

std::string encode(const Event& event) {
  std::string out;
  if (!event.id.empty()) append_field(out, "id", event.id);
  if (!event.name.empty()) append_field(out, "event", event.name);
  append_data(out, event.data);
  out.push_back('\n');
  return out;
}

bool EventStream::push(const Event& event) { return push(std::make_shared<const std::string>(encode(event))); }

bool EventStream::push(std::shared_ptr<const std::string> encoded) {
  const std::lock_guard lock(mutex_);
  if (!open_) return false;
  if (bytes_ + encoded->size() > bound_) {
    open_ = false;
    overrun_ = true;
    waiting_.clear();
    bytes_ = 0;
  } else {
    bytes_ += encoded->size();
    waiting_.push_back(std::move(encoded));
  }
  call_wake();
  return open_;
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(open_, false)) return;
  call_wake();
}

bool EventStream::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

bool EventStream::overrun() const {
  const std::lock_guard lock(mutex_);
  return overrun_;
}

void EventStream::call_wake() {
  if (!wake_ || std::exchange(woken_, true)) return;
  wake_();
}

void EventStream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
  woken_ = false;
  if (!waiting_.empty() || !open_) call_wake();
}

EventStream::Taken EventStream::take() {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  Taken taken;
  taken.bytes.reserve(bytes_);
  for (const auto& text : waiting_) taken.bytes.append(*text);
  waiting_.clear();
  bytes_ = 0;
  taken.ended = !open_;
  return taken;
}

void EventStream::detach() {
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
  open_ = false;
  waiting_.clear();
  bytes_ = 0;
}

EventHub::EventHub(std::size_t kept, std::size_t stream_bound)
    : kept_(kept),
      stream_bound_(stream_bound),
      epoch_(std::to_string(std::chrono::system_clock::now().time_since_epoch().count())) {}

std::shared_ptr<EventStream> EventHub::subscribe(std::string_view last_event_id) {
  auto stream = std::make_shared<EventStream>(stream_bound_);
  const std::lock_guard lock(mutex_);
  if (!last_event_id.empty()) {
    const std::uint64_t first = last_ - recent_.size() + 1;  // number of recent_.front()
    const auto next = next_after(last_event_id);
    if (!next || *next < first) stream->push(Event{"", "reset", ""});
    const std::uint64_t from = next ? std::max(*next, first) : first;
    for (std::size_t i = from - first; i < recent_.size(); ++i) stream->push(recent_[i]);
  }
  if (closed_) {
    stream->close();
  } else {
    streams_.push_back(stream);
  }
  return stream;
}

std::optional<std::uint64_t> EventHub::next_after(std::string_view id) const {
  if (!id.starts_with(epoch_) || id.size() <= epoch_.size() || id[epoch_.size()] != '-') return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = id.data() + id.size();
  const auto [stop, error] = std::from_chars(id.data() + epoch_.size() + 1, end, number);
  if (error != std::errc{} || stop != end || number > last_) return std::nullopt;
  return number + 1;
}

void EventHub::publish(const Event& event) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  const std::string id = epoch_ + "-" + std::to_string(++last_);
  const auto encoded = std::make_shared<const std::string>(encode({id, event.name, event.data}));
  recent_.push_back(encoded);
  if (recent_.size() > kept_) recent_.pop_front();
  std::erase_if(streams_, [&](const std::weak_ptr<EventStream>& weak) {
    const auto stream = weak.lock();
    return !stream || !stream->push(encoded);
  });
}

void EventHub::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (const auto& weak : streams_) {
    if (const auto stream = weak.lock()) stream->close();
  }
  streams_.clear();
}

std::size_t EventHub::subscribers() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(streams_, [](const std::weak_ptr<EventStream>& weak) {
    const auto stream = weak.lock();
    return stream && stream->open();
  }));
}

}  // namespace catchment::http
