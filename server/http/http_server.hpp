// An HTTP/1.1 server for small, fast answers. Boost.Beast parses; its sources see this header, nobody else sees Beast.
// It logs nothing about who asks or what for. TLS and HTTP/2 belong to the proxy in front.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "server/http/message.hpp"

namespace catchment::http {

struct ServerOptions {
  std::string bind = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the system chooses, see port()
  int threads = 1;
  std::size_t max_connections = 4096;    // one more is answered 503 and closed
  std::size_t header_limit = 8 * 1024;   // request line and headers; 431 above
  std::size_t body_limit = 1024 * 1024;  // 413 above
  // A connection past its deadline is cut by a sweep. Header and body deadlines run from their first byte, so that
  // a client that trickles bytes is cut as well.
  std::chrono::milliseconds idle_timeout{30'000};
  std::chrono::milliseconds header_timeout{5'000};
  std::chrono::milliseconds body_timeout{15'000};
  std::chrono::milliseconds write_timeout{30'000};  // without progress
  std::chrono::milliseconds stop_timeout{10'000};   // how long requests in flight may take after stop()
  std::chrono::milliseconds sweep_period{500};
  bool stop_on_signals = false;  // SIGTERM and SIGINT call stop()
  // "https://catchment.example": what clients call us, where a proxy stands before us; no slash at its end. Empty:
  // "http://" and the Host header.
  std::string public_url;
};

class HttpServer {
 public:
  // Binds and listens. Throws InputError("listen").
  HttpServer(const ServerOptions& options, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;

  // Serves until stop(); returns when the last request in flight is answered or stop_timeout is over. Once only.
  void run();

  // From any thread, any number of times: accept no more, close idle connections, finish the others.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::http
