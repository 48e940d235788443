// Accepting, starting and stopping. Callback style: Boost 1.74's coroutines do not compile with clang
// (ARCHITECTURE.md).
#include "server/http/http_server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "geo/input_error.hpp"
#include "server/http/serialise.hpp"
#include "server/http/session.hpp"

namespace catchment::http {
namespace {

namespace net = boost::asio;
constexpr std::chrono::milliseconds kStopSweep{20};
constexpr std::chrono::milliseconds kExpiryPeriod{50};
constexpr std::chrono::milliseconds kAcceptPause{100};  // when the system is out of descriptors
constexpr std::size_t kOtherFiles = 256;                // descriptors that are no connection's

// Connections are descriptors: the process takes all that it may have, and promises no more.
std::size_t places_of(std::size_t wanted) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  files.rlim_cur = std::max(files.rlim_cur, std::min<rlim_t>(files.rlim_max, wanted + kOtherFiles));
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0 || ::getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  const std::size_t places = files.rlim_cur > 2 * kOtherFiles ? files.rlim_cur - kOtherFiles : files.rlim_cur / 2;
  return std::min(wanted, places);
}

}  // namespace

void Loop::sweep() {
  const auto now = SteadyClock::now();
  date = http_date(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  for (Session* session : sessions) now > stop_deadline ? session->cut() : session->sweep(now);
  if (shared.stopping && sessions.empty()) return;
  sweep_timer.expires_after(shared.stopping ? kStopSweep : shared.options.sweep_period);
  sweep_timer.async_wait([this](boost::system::error_code) { sweep(); });
}

bool Loop::make_room() {
  const auto now = SteadyClock::now();
  Session* longest = nullptr;
  auto since = now - shared.options.make_way_after;
  for (Session* session : sessions) {
    const auto waiting = session->waiting_since();
    if (waiting && *waiting < since) longest = session, since = *waiting;
  }
  if (longest != nullptr) longest->cut();
  return longest != nullptr;
}

void Loop::begin_stop() {
  stop_deadline = SteadyClock::now() + shared.options.stop_timeout;
  for (Session* session : sessions) {
    if (session->restful()) session->cut();
  }
  sweep_timer.cancel();
}

struct HttpServer::Impl {
  Impl(const ServerOptions& options, Handler handler) {
    shared.options = options;
    shared.options.max_connections = places_of(options.max_connections);
    shared.handler = std::move(handler);
    shared.large_places = options.large_bodies;
    shared.bodies = {options.body_limit, options.large_body_path, options.large_body_limit, &shared.large_places};
    shared.trusted = parse_networks(options.trusted_proxies);
    shared.operators = parse_networks(options.operators);
    shared.metrics = [this] { return metrics(); };
    if (options.classify) shared.pool = std::make_unique<WorkerPool>(options.pool);
    for (int i = 0; i < std::max(1, options.threads); ++i) loops.push_back(std::make_unique<Loop>(shared));
    acceptor.emplace(loops.front()->io.get_executor());
    pause.emplace(loops.front()->io.get_executor());
    expiry.emplace(loops.front()->io.get_executor());
    try {
      const net::ip::tcp::endpoint endpoint(net::ip::make_address(options.bind), options.port);
      acceptor->open(endpoint.protocol());
      acceptor->set_option(net::socket_base::reuse_address(true));
      acceptor->bind(endpoint);
      acceptor->listen(net::socket_base::max_listen_connections);
    } catch (const boost::system::system_error& error) {
      throw InputError("listen", options.bind + ":" + std::to_string(options.port), error.code().message());
    }
    port = acceptor->local_endpoint().port();
    if (options.stop_on_signals) {
      signals.emplace(loops.front()->io.get_executor(), SIGINT, SIGTERM);
      signals->async_wait([this](boost::system::error_code error, int) {
        if (!error) stop();
      });
    }
  }

  void accept() {
    Loop& loop = *loops[next++ % loops.size()];
    acceptor->async_accept(loop.io.get_executor(), [this, &loop](boost::system::error_code error, Socket socket) {
      if (shared.stopping) return;
      if (error) return accept_later();
      const bool room = shared.connections.fetch_add(1) < shared.options.max_connections;
      // The session is made on its own thread; a shared_ptr because asio handlers are copied in 1.74.
      auto moved = std::make_shared<Socket>(std::move(socket));
      net::post(loop.io, [&loop, moved, room] {
        const auto session = std::make_shared<Session>(loop, std::move(*moved));
        room || loop.make_room() ? session->start() : session->turn_away();
      });
      accept();
    });
  }
  void accept_later() {
    pause->expires_after(kAcceptPause);
    pause->async_wait([this](boost::system::error_code) {
      if (!shared.stopping) accept();
    });
  }

  void run() {
    if (shared.pool) {
      shared.pool->start();
      expire();
    }
    for (const auto& loop : loops) loop->sweep();
    if (!shared.stopping) accept();
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < loops.size(); ++i) threads.emplace_back([this, i] { loops[i]->io.run(); });
    loops.front()->io.run();
    for (std::thread& thread : threads) thread.join();
    if (shared.pool) shared.pool->stop(SteadyClock::now());
  }

  // Sheds those who have waited too long even if no worker comes free.
  void expire() {
    shared.pool->expire(SteadyClock::now());
    if (shared.stopping && loops.front()->sessions.empty()) return;
    expiry->expires_after(kExpiryPeriod);
    expiry->async_wait([this](boost::system::error_code) { expire(); });
  }

  std::string metrics() const {
    std::vector<const LoopCounts*> counts;
    for (const auto& loop : loops) counts.push_back(&loop->counts);
    std::string text = metrics_text({counts, shared.pool.get(), shared.connections, shared.streams});
    if (shared.options.more_metrics) shared.options.more_metrics(text);
    return text;
  }

  void stop() {
    if (shared.stopping.exchange(true)) return;
    net::post(loops.front()->io, [this] {
      boost::system::error_code ignored;
      acceptor->close(ignored);
      pause->cancel();
      if (signals) signals->cancel(ignored);
    });
    for (const auto& loop : loops) net::post(loop->io, [&l = *loop] { l.begin_stop(); });
  }

  Shared shared;
  std::vector<std::unique_ptr<Loop>> loops;
  std::optional<Acceptor> acceptor;
  std::optional<Timer> pause, expiry;
  std::optional<net::basic_signal_set<Executor>> signals;
  std::size_t next = 0;
  std::uint16_t port = 0;
};

HttpServer::HttpServer(const ServerOptions& options, Handler handler)
    : impl_(std::make_unique<Impl>(options, std::move(handler))) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return impl_->port; }
void HttpServer::run() { impl_->run(); }
void HttpServer::stop() { impl_->stop(); }
std::string HttpServer::metrics() const { return impl_->metrics(); }

}  // namespace catchment::http
