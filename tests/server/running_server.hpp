// A server on its own thread, with short deadlines, and what tests of it share.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "server/http/http_server.hpp"
#include "tests/server/raw_client.hpp"

namespace catchment::test {

class RunningServer {
 public:
  RunningServer(const http::ServerOptions& options, http::Handler handler)
      : server_(options, std::move(handler)), thread_([this] { server_.run(); }) {}
  ~RunningServer() { stop(); }
  void stop() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  http::HttpServer& server() { return server_; }
  std::uint16_t port() const { return server_.port(); }
  std::string ask(std::string_view bytes) const {
    RawClient client(port());
    client.send(bytes);
    return client.read_all();
  }

  static http::ServerOptions quick() {
    using std::chrono::milliseconds;
    http::ServerOptions options;
    options.threads = 2;
    options.idle_timeout = options.header_timeout = options.body_timeout = milliseconds(400);
    options.write_timeout = milliseconds(2000);
    options.sweep_period = milliseconds(50);
    return options;
  }

 private:
  http::HttpServer server_;
  std::thread thread_;
};

// Holds handlers until it is opened.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++held_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void await_held(int count) {  // until so many came to the gate
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int held_ = 0;
  bool open_ = false;
};

inline std::string simple_request(std::string_view method, std::string_view path, std::string_view headers = "",
                                  std::string_view body = "") {
  std::string text(method);
  text.append(" ").append(path).append(" HTTP/1.1\r\nHost: x\r\n").append(headers);
  if (!body.empty()) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append("\r\n").append(body);
}

}  // namespace catchment::test
