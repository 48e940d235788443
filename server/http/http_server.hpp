// An HTTP/1.1 server for small, fast answers and for writes that wait for a disk. It logs nothing about who asks or
// what for. TLS and HTTP/2 belong to the proxy in front.
//
// A request is parsed on one of `threads` event loops (request_reader.hpp, the only user of Boost.Beast), classified,
// and answered there (Lane::here) or on the worker pool (worker_pool.hpp), which sheds what it cannot answer in time
// with 503, Retry-After and the code `overloaded`. Requests of one connection are answered in the order sent.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/http/message.hpp"
#include "server/http/worker_pool.hpp"

namespace catchment::http {

struct ServerOptions {
  std::string bind = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the system chooses, see port()
  int threads = 1;         // event loops
  // One more, and the connection that has kept us waiting longest is cut; 503 and closed if none has. No more than the
  // process may open: its soft limit of descriptors is raised as far as it may be.
  std::size_t max_connections = 4096;
  std::chrono::milliseconds make_way_after{250};
  std::size_t max_streams = 1024;        // event streams among them; one more is answered 503
  std::size_t header_limit = 8 * 1024;   // request line and headers; 431 above
  std::size_t body_limit = 1024 * 1024;  // 413 above
  // Bodies of one path and those below it may be larger, so many at once (503 for one more), from head to answer.
  std::string large_body_path;
  std::size_t large_body_limit = 0;
  int large_bodies = 4;
  // A connection past its deadline is cut by a sweep. Header and body deadlines run from their first byte, so that
  // a client that trickles bytes is cut as well.
  std::chrono::milliseconds idle_timeout{30'000};
  std::chrono::milliseconds header_timeout{5'000};
  std::chrono::milliseconds body_timeout{15'000};
  std::chrono::milliseconds handle_timeout{60'000};  // in queue and handler; the handler itself is not interrupted
  std::chrono::milliseconds write_timeout{30'000};   // without progress
  std::chrono::milliseconds stop_timeout{10'000};    // how long requests in flight or queued may take after stop()
  std::chrono::milliseconds sweep_period{500};
  std::chrono::milliseconds heartbeat{15'000};  // of event streams, in whole sweeps
  bool stop_on_signals = false;                 // SIGTERM and SIGINT call stop()

  // "https://catchment.example": what clients call us, where a proxy stands before us; no slash at its end. Empty:
  // "http://" and the Host header.
  std::string public_url;

  // Addresses or networks ("127.0.0.1", "10.0.0.0/8", "::1") whose X-Forwarded-For is believed: read from the right,
  // the first address that is no trusted proxy is the one who asks. From anybody else the header means nothing.
  std::vector<std::string> trusted_proxies;

  // Content-Security-Policy of text/html answers whose handler gives none, and Referrer-Policy of all text/html. Every
  // answer has nosniff; none has CORS headers.
  std::string page_policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  Classifier classify;  // none: everything is answered `here`
  PoolOptions pool;

  // Paths the server answers by itself, on the event loop and under any load; empty: none.
  // Metrics are answered only to peers that `operators` names and no X-Forwarded-For speaks for, else 404.
  std::string metrics_path;  // Prometheus text (metrics.hpp)
  std::string live_path;     // 200 while the process serves
  std::string ready_path;    // 200 while ready() says so and stop() was not called, else 503
  std::vector<std::string> operators{"127.0.0.1", "::1"};
  std::function<bool()> ready;                     // called on event loops: quick; none: ready
  std::function<void(std::string&)> more_metrics;  // appends further lines of Prometheus text; quick

  // One line of JSON a request, without line end: time, method, pattern, status, lane, milliseconds, bytes. No path,
  // query, body, address or header. Called on several threads at once. None: nothing is logged.
  std::function<void(const std::string& line)> access_log;
};

class HttpServer {
 public:
  // Binds and listens. Throws InputError: "listen"; "network" for a text in trusted_proxies or operators that is none.
  HttpServer(const ServerOptions& options, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;

  // Serves until stop(); returns when the last request in flight or queued is answered or stop_timeout is over, and
  // no handler runs any more. Once only.
  void run();

  // From any thread, any number of times: accept no more, close idle connections and event streams, answer what was
  // taken. What waits in the queue past stop_timeout is not begun.
  void stop();

  // As metrics_path gives it; from any thread.
  std::string metrics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::http
