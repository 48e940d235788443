// Server-Sent Events (the WHATWG's text/event-stream): one subscriber's queue, and a hub that publishes to many.
//
//   Response get_job_events(const Call& call) {             // a handler
//     return {.events = hub.subscribe(call.request.header(Header::last_event_id))};
//   }
//   hub.publish({"", "progress", R"({"done":3,"of":12})"});  // any thread, any time
//
// The server adds the headers (no-store, X-Accel-Buffering: no) and heartbeats, and ends the connection with the
// stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::http {

struct Event {
  std::string id;    // comes back as Last-Event-ID; no line breaks
  std::string name;  // what a browser listens for; empty: "message"; no line breaks
  std::string data;  // UTF-8, may have lines
};

// As on the wire; line breaks in id and name are left out.
std::string encode(const Event& event);

// One subscriber. A subscriber who does not read is not waited for: when `bound` bytes wait the stream is closed, and
// he comes again with Last-Event-ID, as browsers do by themselves.
class EventStream {
 public:
  explicit EventStream(std::size_t bound = 256 * 1024) : bound_(bound) {}

  // From any thread. False, and nothing happens, if the stream is no longer open.
  bool push(const Event& event);
  bool push(std::shared_ptr<const std::string> encoded);
  void close();       // what was pushed before is still sent
  bool open() const;  // false after close(), an overrun, or when the subscriber has gone
  bool overrun() const;

  // The server's side. wake is called under the stream's lock, at most once between two take(); none after detach().
  struct Taken {
    std::string bytes;
    bool ended = false;  // nothing comes after these
  };
  void attach(std::function<void()> wake);
  Taken take();
  void detach();  // the subscriber has gone

 private:
  void call_wake();

  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const std::string>> waiting_;
  std::size_t bytes_ = 0;
  const std::size_t bound_;
  bool open_ = true;
  bool overrun_ = false;
  bool woken_ = false;
  std::function<void()> wake_;
};

// Events with ids in order, of which the last `kept` are sent again to whoever comes back with the id of the
// last he saw. An id that is too old, or not of this hub, gets an event `reset` first: fetch the state anew. Any
// thread.
class EventHub {
 public:
  explicit EventHub(std::size_t kept = 256, std::size_t stream_bound = 256 * 1024);
  ~EventHub() { close(); }

  std::shared_ptr<EventStream> subscribe(std::string_view last_event_id);
  void publish(const Event& event);  // its id is given by the hub
  void close();                      // all streams, and those still to come after what is kept
  std::size_t subscribers() const;   // open ones

 private:
  std::optional<std::uint64_t> next_after(std::string_view id) const;

  mutable std::mutex mutex_;
  const std::size_t kept_, stream_bound_;
  bool closed_ = false;
  std::uint64_t last_ = 0;
  std::string epoch_;  // tells ids of this hub from those of one before a restart
  std::deque<std::shared_ptr<const std::string>> recent_;
  std::vector<std::weak_ptr<EventStream>> streams_;
};

}  // namespace catchment::http
