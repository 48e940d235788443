// The inside of the server: event loops and the connections that live on them. For http_server.cpp and session.cpp
// only.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/http/event_stream.hpp"
#include "server/http/http_server.hpp"
#include "server/http/metrics.hpp"
#include "server/http/network.hpp"
#include "server/http/request_reader.hpp"
#include "server/http/worker_pool.hpp"

namespace catchment::http {

using SteadyClock = std::chrono::steady_clock;
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<SteadyClock, boost::asio::wait_traits<SteadyClock>, Executor>;

class Session;

// What all loops share.
struct Shared {
  ServerOptions options;
  Handler handler;
  std::vector<Network> trusted, operators;
  std::atomic<int> large_places{0};
  BodyLimits bodies;                     // outlives what the pool holds
  std::unique_ptr<WorkerPool> pool;      // if there is a classifier
  std::function<std::string()> metrics;  // set by the server
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> streams{0};
  std::atomic<bool> stopping{false};
};

// One thread, its event loop and the connections that live on it. Only that thread touches them. One sweep over all
// connections stands in place of a timer each, which doubles the rate of Beast's own examples.
struct Loop {
  explicit Loop(Shared& s) : shared(s), io(1), sweep_timer(io.get_executor()) {}

  Shared& shared;
  LoopCounts counts;
  std::list<Session*> sessions;  // outlives io: destroying io destroys the last sessions
  std::string date;
  SteadyClock::time_point stop_deadline = SteadyClock::time_point::max();
  boost::asio::io_context io;
  Timer sweep_timer;

  void sweep();
  void begin_stop();
  // Cuts the connection of this loop that has kept us waiting longest, so that slow clients cannot keep others out.
  // False: none has for long.
  bool make_room();
};

// What the server's log and counters say of a request once it is answered.
struct Answered {
  Routing routing;
  std::string method;
  int status = 0;
  std::size_t bytes = 0;
  SteadyClock::time_point since;
};

// A request on its way through the pool. The worker fills in the answer and posts it to the connection's loop; only
// there is `session` let go, so that a connection ends on its own thread.
struct Exchange {
  Incoming incoming;
  std::shared_ptr<Session> session;
  Answered answered;
  bool keep_alive = false;
  std::string date;
  std::string wire;
  std::shared_ptr<EventStream> events;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Loop& loop, Socket socket);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();
  void turn_away();  // over the limit of connections: one answer, then the end
  void sweep(SteadyClock::time_point now);
  void cut();
  bool restful() const { return phase_ == Phase::idle || phase_ == Phase::stream; }  // nothing is owed
  // Since when it has kept us waiting for the client's bytes, or for the client to take ours; none: it is the client
  // who waits, or a stream.
  std::optional<SteadyClock::time_point> waiting_since() const;
  bool gone() const { return gone_.load(std::memory_order_relaxed); }  // from any thread

 private:
  enum class Phase { idle, header, body, handle, write, stream, linger };

  void enter(Phase phase, std::chrono::milliseconds allowed);
  void follow_reader();  // the phase the reader is in
  const ServerOptions& options() const { return loop_.shared.options; }

  void read();
  void work();
  void take();
  Routing classify(const Request& request) const;
  void answer(Incoming incoming);
  std::optional<Response> own_answer(const Incoming& incoming) const;
  void dispatch(Incoming incoming);
  static void finish(const std::shared_ptr<Exchange>& exchange, const Response& response);
  void reply(Exchange& exchange);
  Response handle(const Request& request) const;
  void note(const Answered& answered);
  void refuse(int status, std::string_view code, std::string_view detail);
  void write();
  void on_written(std::size_t n);
  void begin_stream();
  void stream_ready();
  void watch_for_end();
  void linger();

  Loop& loop_;
  std::list<Session*>::iterator self_;
  Socket socket_;
  std::string peer_;
  RequestReader reader_;
  std::vector<char> in_;
  std::size_t in_begin_ = 0, in_end_ = 0;
  std::string out_;
  std::size_t written_ = 0;
  std::optional<Incoming> parked_;  // for the pool, once what was answered before is written
  std::shared_ptr<EventStream> events_;
  bool stream_begun_ = false;
  bool stream_ended_ = false;
  Phase phase_ = Phase::idle;
  SteadyClock::time_point entered_, deadline_;  // of the phase
  SteadyClock::time_point taken_at_;
  bool closing_ = false;
  std::atomic<bool> gone_{false};
  std::size_t lingered_ = 0;
};

}  // namespace catchment::http
