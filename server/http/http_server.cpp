// The only file that includes Boost.Beast. Its parser works over a bare socket: one flat buffer in, one flat write out,
// and a sweep over all connections in place of a timer each, which doubles the rate of Beast's own examples. Callback
// style: Boost 1.74's coroutines do not compile with clang (ARCHITECTURE.md).
#include "server/http/http_server.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <list>
#include <optional>
#include <thread>
#include <vector>

#include "geo/input_error.hpp"
#include "server/http/serialise.hpp"
#include "server/http/target.hpp"

namespace catchment::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using Clock = std::chrono::steady_clock;
using Executor = net::io_context::executor_type;
using Socket = net::basic_stream_socket<net::ip::tcp, Executor>;
using Acceptor = net::basic_socket_acceptor<net::ip::tcp, Executor>;
using Timer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Executor>;
using Parser = beast::http::request_parser<beast::http::string_body>;

constexpr std::size_t kReadSize = 8 * 1024;
constexpr std::size_t kFlushAt = 256 * 1024;      // pipelined answers waiting in memory
constexpr std::size_t kLingerBytes = 512 * 1024;  // read and thrown away after an early refusal
constexpr std::chrono::seconds kLinger{2};
constexpr std::chrono::milliseconds kStopSweep{20};
constexpr std::chrono::milliseconds kAcceptPause{100};  // when the system is out of descriptors

// Beast takes "3, 3" for 3; what forwards to us or stands before us may not.
bool plain_length(const Parser::value_type& head) {
  const auto range = head.equal_range(beast::http::field::content_length);
  if (range.first == range.second) return true;
  const auto value = range.first->value();
  return std::next(range.first) == range.second &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class Session;

struct Shared {
  ServerOptions options;
  Handler handler;
  std::atomic<std::size_t> connections{0};
  std::atomic<bool> stopping{false};
};

// One thread, its event loop and the connections that live on it. Only that thread touches them.
struct Loop {
  explicit Loop(Shared& s) : shared(s), io(1), sweep_timer(io.get_executor()) {}

  Shared& shared;
  std::list<Session*> sessions;  // outlives io: destroying io destroys the last sessions
  std::string date;
  Clock::time_point stop_deadline = Clock::time_point::max();
  net::io_context io;
  Timer sweep_timer;

  void sweep();
  void begin_stop();
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Loop& loop, Socket socket) : loop_(loop), socket_(std::move(socket)) {
    boost::system::error_code ignored;
    socket_.set_option(net::ip::tcp::no_delay(true), ignored);
    loop_.sessions.push_front(this);
    self_ = loop_.sessions.begin();
    next_request();
  }
  ~Session() {
    loop_.sessions.erase(self_);
    loop_.shared.connections.fetch_sub(1);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start() { loop_.shared.stopping ? cut() : read(); }
  // Over the limit: one answer, then the end.
  void turn_away() {
    refuse(503, "too_many_connections", "The server holds as many connections as it may. Try again shortly.");
    write();
  }

  bool idle() const { return phase_ == Phase::idle; }
  bool past_deadline(Clock::time_point now) const { return now > deadline_; }
  void cut() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  enum class Phase { idle, header, body, write, linger };

  void enter(Phase phase, std::chrono::milliseconds allowed) {
    phase_ = phase;
    deadline_ = Clock::now() + allowed;
  }
  const ServerOptions& options() const { return loop_.shared.options; }

  void next_request() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(options().header_limit));
    parser_->body_limit(options().body_limit);
    header_checked_ = false;
    enter(Phase::idle, options().idle_timeout);
  }

  void read() {
    socket_.async_read_some(in_.prepare(kReadSize),
                            [me = shared_from_this()](boost::system::error_code error, std::size_t n) {
                              if (error) return;
                              me->in_.commit(n);
                              me->work();
                            });
  }

  // Answers every whole request in the buffer, then writes all answers at once.
  void work() {
    while (in_.size() > 0 && !closing_ && out_.size() < kFlushAt) {
      if (phase_ == Phase::idle) enter(Phase::header, options().header_timeout);
      beast::error_code error;
      in_.consume(parser_->put(in_.data(), error));
      const bool starved = error == beast::http::error::need_more;
      if (error && !starved) {
        refuse(error);
        break;
      }
      if (!parser_->is_header_done()) break;
      if (!header_checked_ && !check_header()) break;
      if (parser_->is_done()) {
        answer();
      } else if (starved) {
        break;
      }
    }
    out_.empty() ? read() : write();
  }

  // What Beast lets through and we do not. False: refused.
  bool check_header() {
    header_checked_ = true;
    const auto& head = parser_->get();
    const bool encoded = head.count(beast::http::field::transfer_encoding) > 0;
    if (head.version() != 10 && head.version() != 11) {
      refuse(505, "http_version", "HTTP/1.1 is spoken here.");
    } else if (head.version() == 11 && head.count(beast::http::field::host) != 1) {
      refuse(400, "host_header", "One Host header is needed.");
    } else if (encoded &&
               (head.version() == 10 || !beast::iequals(head[beast::http::field::transfer_encoding], "chunked"))) {
      refuse(400, "transfer_encoding", "Only the chunked transfer coding is understood.");
    } else if (!plain_length(head)) {
      refuse(400, "content_length", "Content-Length must be one plain number.");
    } else {
      if (!parser_->is_done()) {
        enter(Phase::body, options().body_timeout);
        if (beast::iequals(head[beast::http::field::expect], "100-continue")) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
      }
      return true;
    }
    return false;
  }

  void answer() {
    auto& message = parser_->get();
    const auto text = [](beast::string_view view) { return std::string_view(view.data(), view.size()); };
    Request request;
    const bool head = message.method() == beast::http::verb::head;
    request.method = head ? "GET" : std::string(text(message.method_string()));
    request.accepts_gzip = accepts_gzip(text(message[beast::http::field::accept_encoding]));
    request.if_none_match = text(message[beast::http::field::if_none_match]);
    request.content_type = text(message[beast::http::field::content_type]);
    request.accept = text(message[beast::http::field::accept]);
    request.base_url =
        options().public_url.empty() ? base_url(text(message[beast::http::field::host])) : options().public_url;
    request.body = std::move(message.body());
    closing_ = !message.keep_alive() || loop_.shared.stopping;
    const Response response =
        read_target(text(message.target()), request)
            ? handle(request)
            : plain_problem(400, "bad_target", "The request target is not a plain path and query.");
    append_response(request, response, {!closing_, head, loop_.date}, out_);
    next_request();
  }

  Response handle(const Request& request) const {
    try {
      return loop_.shared.handler(request);
    } catch (...) {  // a bug of ours: its text may hold what was asked, so it goes nowhere
      return plain_problem(500, "internal_error", "The server failed on this request.");
    }
  }

  void refuse(int status, std::string_view code, std::string_view detail) {
    closing_ = true;
    append_response({}, plain_problem(status, code, detail), {false, false, loop_.date}, out_);
  }
  void refuse(const beast::error_code& error) {
    if (error == beast::http::error::body_limit)
      return refuse(413, "body_too_large", "The body is larger than allowed.");
    if (error == beast::http::error::header_limit)
      return refuse(431, "header_too_large", "The header is larger than allowed.");
    refuse(400, "malformed_request", "This is not well-formed HTTP/1.1.");
  }

  void write() {
    enter(Phase::write, options().write_timeout);
    socket_.async_write_some(net::buffer(out_.data() + written_, out_.size() - written_),
                             [me = shared_from_this()](boost::system::error_code error, std::size_t n) {
                               if (!error) me->on_written(n);
                             });
  }
  void on_written(std::size_t n) {
    written_ += n;
    if (written_ < out_.size()) return write();
    written_ = 0;
    out_.clear();
    if (out_.capacity() > kFlushAt) out_.shrink_to_fit();
    if (closing_) return linger();
    if (header_checked_) {
      enter(Phase::body, options().body_timeout);
    } else {
      enter(Phase::idle, options().idle_timeout);
    }
    work();
  }

  // Closing a socket with unread input makes the system reset it and the client lose the answer: say goodbye, then read
  // what still comes for a short while.
  void linger() {
    if (phase_ != Phase::linger) {
      enter(Phase::linger, kLinger);
      boost::system::error_code ignored;
      socket_.shutdown(net::ip::tcp::socket::shutdown_send, ignored);
    }
    in_.clear();
    socket_.async_read_some(in_.prepare(kReadSize),
                            [me = shared_from_this()](boost::system::error_code error, std::size_t n) {
                              me->lingered_ += n;
                              if (!error && me->lingered_ < kLingerBytes) me->linger();
                            });
  }

  Loop& loop_;
  Socket socket_;
  std::list<Session*>::iterator self_;
  beast::flat_buffer in_;
  std::string out_;
  std::size_t written_ = 0;
  std::size_t lingered_ = 0;
  std::optional<Parser> parser_;
  Phase phase_ = Phase::idle;
  Clock::time_point deadline_;
  bool header_checked_ = false;  // of the request being read
  bool closing_ = false;
};

void Loop::sweep() {
  const auto now = Clock::now();
  date = http_date(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  for (Session* session : sessions) {
    if (session->past_deadline(now) || now > stop_deadline) session->cut();
  }
  if (shared.stopping && sessions.empty()) return;
  sweep_timer.expires_after(shared.stopping ? kStopSweep : shared.options.sweep_period);
  sweep_timer.async_wait([this](boost::system::error_code) { sweep(); });
}

void Loop::begin_stop() {
  stop_deadline = Clock::now() + shared.options.stop_timeout;
  for (Session* session : sessions) {
    if (session->idle()) session->cut();
  }
  sweep_timer.cancel();
}

}  // namespace

struct HttpServer::Impl {
  Impl(const ServerOptions& options, Handler handler) {
    shared.options = options;
    shared.handler = std::move(handler);
    for (int i = 0; i < std::max(1, options.threads); ++i) loops.push_back(std::make_unique<Loop>(shared));
    acceptor.emplace(loops.front()->io.get_executor());
    pause.emplace(loops.front()->io.get_executor());
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
        room ? session->start() : session->turn_away();
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
    for (const auto& loop : loops) loop->sweep();
    if (!shared.stopping) accept();
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < loops.size(); ++i) threads.emplace_back([this, i] { loops[i]->io.run(); });
    loops.front()->io.run();
    for (std::thread& thread : threads) thread.join();
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
  std::optional<Timer> pause;
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

}  // namespace catchment::http
