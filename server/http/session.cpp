#include "server/http/session.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstring>
#include <utility>

#include "server/http/access_log.hpp"
#include "server/http/serialise.hpp"

namespace catchment::http {
namespace {

constexpr std::size_t kReadSize = 8 * 1024;
constexpr std::size_t kFlushAt = 256 * 1024;      // pipelined answers waiting in memory
constexpr std::size_t kKeptOut = 32 * 1024;       // memory for answers that a waiting connection keeps
constexpr std::size_t kLingerBytes = 512 * 1024;  // read and thrown away after an early refusal
constexpr int kStreamBuffer = 64 * 1024;          // of the system, for an event stream
constexpr std::chrono::seconds kLinger{2};
constexpr int kRetryAfterS = 5;  // where the server is full and no lane says when it will not be

using NetError = boost::system::error_code;

// Which of the paths the server answers by itself; empty: none.
std::string_view own_path(const ServerOptions& options, std::string_view path) {
  for (const std::string* own : {&options.metrics_path, &options.live_path, &options.ready_path}) {
    if (!own->empty() && path == *own) return *own;
  }
  return {};
}

Response plain_text(int status, std::string body) {
  return {status, "text/plain; version=0.0.4; charset=utf-8", std::move(body), {}, {{"Cache-Control", "no-store"}}};
}

}  // namespace

Session::Session(Loop& loop, Socket socket)
    : loop_(loop), socket_(std::move(socket)), reader_(options().header_limit, loop.shared.bodies) {
  NetError ignored;
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  const auto remote = socket_.remote_endpoint(ignored);
  if (!ignored) peer_ = remote.address().to_string();
  loop_.sessions.push_front(this);
  self_ = loop_.sessions.begin();
  enter(Phase::idle, options().idle_timeout);
}

Session::~Session() {
  if (events_) {
    events_->detach();
    loop_.shared.streams.fetch_sub(1);
  }
  loop_.sessions.erase(self_);
  loop_.shared.connections.fetch_sub(1);
}

void Session::start() { loop_.shared.stopping ? cut() : read(); }

void Session::turn_away() {
  refuse(503, "too_many_connections", "The server holds as many connections as it may. Try again shortly.");
  write();
}

void Session::cut() {
  gone_ = true;
  NetError ignored;
  socket_.close(ignored);
}

void Session::sweep(SteadyClock::time_point now) {
  if (now <= deadline_) return;
  if (phase_ != Phase::stream) return cut();
  out_ = ":\n\n";
  write();
}

void Session::enter(Phase phase, std::chrono::milliseconds allowed) {
  phase_ = phase;
  entered_ = SteadyClock::now();
  deadline_ = entered_ + allowed;
}

std::optional<SteadyClock::time_point> Session::waiting_since() const {
  if (gone() || phase_ == Phase::handle || phase_ == Phase::stream) return std::nullopt;
  return entered_;
}

void Session::follow_reader() {
  const auto state = reader_.state();
  if (state == RequestReader::State::idle && phase_ != Phase::idle) {
    enter(Phase::idle, options().idle_timeout);
  } else if (state == RequestReader::State::header && phase_ != Phase::header) {
    enter(Phase::header, options().header_timeout);
  } else if (state == RequestReader::State::body && phase_ != Phase::body) {
    enter(Phase::body, options().body_timeout);
  }
}

void Session::read() {
  if (in_begin_ > 0) {
    std::memmove(in_.data(), in_.data() + in_begin_, in_end_ - in_begin_);
    in_end_ -= std::exchange(in_begin_, 0);
  }
  if (in_.size() < in_end_ + kReadSize) in_.resize(in_end_ + kReadSize);
  socket_.async_read_some(boost::asio::buffer(in_.data() + in_end_, in_.size() - in_end_),
                          [me = shared_from_this()](NetError error, std::size_t n) {
                            if (error) return;
                            me->in_end_ += n;
                            me->work();
                          });
}

// Answers every whole request in the buffer, then writes all answers at once. One for the pool ends the round: what
// comes after it waits for its answer.
void Session::work() {
  while (in_begin_ < in_end_ && !closing_ && !parked_ && phase_ != Phase::handle && out_.size() < kFlushAt) {
    const std::size_t used = reader_.read({in_.data() + in_begin_, in_end_ - in_begin_});
    in_begin_ += used;
    follow_reader();
    if (reader_.state() == RequestReader::State::complete) {
      take();
    } else if (reader_.state() == RequestReader::State::refused) {
      const ReadRefusal& refusal = reader_.refusal();
      refuse(refusal.status, refusal.code, refusal.detail);
    } else {
      if (reader_.take_continue()) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
      break;
    }
  }
  if (phase_ == Phase::handle) return;
  out_.empty() ? read() : write();
}

// One whole request: to the pool or answered here.
void Session::take() {
  taken_at_ = SteadyClock::now();
  Incoming incoming = reader_.take();
  closing_ = !incoming.keep_alive || loop_.shared.stopping;
  incoming.request.remote = client_address(peer_, incoming.forwarded_for, loop_.shared.trusted);
  if (!options().public_url.empty()) incoming.request.base_url = options().public_url;
  if (incoming.plain_target) incoming.request.routing = classify(incoming.request);
  if (incoming.request.routing.lane == Lane::here || !loop_.shared.pool) return answer(std::move(incoming));
  if (out_.empty()) return dispatch(std::move(incoming));
  parked_ = std::move(incoming);
}

Routing Session::classify(const Request& request) const {
  if (const std::string_view own = own_path(options(), request.path); !own.empty()) return {Lane::here, own};
  try {
    return options().classify ? options().classify(request) : Routing{};
  } catch (...) {  // a bug of ours: the handler will meet it too
    return {};
  }
}

void Session::answer(Incoming incoming) {
  const Request& request = incoming.request;
  auto own = own_answer(incoming);
  Response response = own ? std::move(*own) : handle(request);
  if (response.events) closing_ = true;
  const std::size_t before = out_.size();
  append_response(request, response, {!closing_, incoming.head, loop_.date, options().page_policy}, out_);
  note({request.routing, request.method, response.status, out_.size() - before, taken_at_});
  enter(Phase::idle, options().idle_timeout);
  if (response.events) events_ = std::move(response.events);
  if (events_ && incoming.head) events_->close();
}

// What needs no handler.
std::optional<Response> Session::own_answer(const Incoming& incoming) const {
  if (!incoming.plain_target)
    return plain_problem(400, "bad_target", "The request target is not a plain path and query.");
  const Request& request = incoming.request;
  if (request.method != "GET" || own_path(options(), request.path).empty()) return std::nullopt;
  if (request.path == options().metrics_path) {
    const bool direct = incoming.forwarded_for.empty() && contains(loop_.shared.operators, peer_);
    if (!direct) return plain_problem(404, "path_unknown", "There is nothing at this path.");
    return plain_text(200, loop_.shared.metrics());
  }
  const bool live = request.path == options().live_path;
  const bool ready = live || (!loop_.shared.stopping && (!options().ready || options().ready()));
  Response response = plain_text(ready ? 200 : 503, ready ? "ok\n" : "not ready\n");
  if (!ready) response.headers.emplace_back("Retry-After", std::to_string(kRetryAfterS));
  return response;
}

// The handler's answer; of an event stream that it counts as one.
Response Session::handle(const Request& request) const {
  try {
    Response response = loop_.shared.handler(request);
    if (!response.events || loop_.shared.streams.fetch_add(1) < options().max_streams) return response;
    loop_.shared.streams.fetch_sub(1);
    response.events->detach();
    return plain_problem(503, "too_many_streams", "The server holds as many event streams as it may.", kRetryAfterS);
  } catch (...) {  // a bug of ours: its text may hold what was asked, so it goes nowhere
    return plain_problem(500, "internal_error", "The server failed on this request.");
  }
}

void Session::dispatch(Incoming incoming) {
  auto exchange = std::make_shared<Exchange>();
  const Lane lane = incoming.request.routing.lane;
  exchange->answered = {incoming.request.routing, incoming.request.method, 0, 0, taken_at_};
  exchange->incoming = std::move(incoming);
  exchange->session = shared_from_this();
  exchange->keep_alive = !closing_;
  exchange->date = loop_.date;
  enter(Phase::handle, options().handle_timeout);
  Job job;
  job.run = [exchange] {
    const Session& me = *exchange->session;
    finish(exchange, me.gone() ? plain_problem(503, "gone", "Nobody waits.") : me.handle(exchange->incoming.request));
  };
  job.shed = [exchange, lane](Shed) {
    const WorkerPool& pool = *exchange->session->loop_.shared.pool;
    finish(exchange, plain_problem(503, "overloaded",
                                   "There is more to do than can be done now. Nothing was done; try again later.",
                                   pool.retry_after_s(lane)));
  };
  loop_.shared.pool->offer(lane, std::move(job), taken_at_);
}

// On the worker: also what costs time in writing the answer down. Then back to the connection's loop.
void Session::finish(const std::shared_ptr<Exchange>& exchange, const Response& response) {
  Loop& loop = exchange->session->loop_;
  const bool keep_alive = exchange->keep_alive && !response.events && !loop.shared.stopping;
  append_response(exchange->incoming.request, response,
                  {keep_alive, exchange->incoming.head, exchange->date, loop.shared.options.page_policy},
                  exchange->wire);
  exchange->keep_alive = keep_alive;
  exchange->answered.status = response.status;
  exchange->answered.bytes = exchange->wire.size();
  exchange->events = response.events;
  boost::asio::post(loop.io, [exchange] {
    const auto session = std::move(exchange->session);
    session->reply(*exchange);
  });
}

void Session::reply(Exchange& exchange) {
  note(exchange.answered);
  if (gone()) {
    if (exchange.events) {
      exchange.events->detach();
      loop_.shared.streams.fetch_sub(1);
    }
    return;
  }
  closing_ = !exchange.keep_alive;
  out_ = std::move(exchange.wire);
  if (exchange.events) {
    events_ = std::move(exchange.events);
    if (exchange.incoming.head) events_->close();
  }
  write();
}

void Session::note(const Answered& answered) {
  const auto taken = SteadyClock::now() - answered.since;
  loop_.counts.record(answered.routing, answered.status, taken);
  if (!options().access_log) return;
  options().access_log(access_line({answered.method, answered.routing, answered.status, answered.bytes, taken},
                                   std::chrono::system_clock::now()));
}

void Session::refuse(int status, std::string_view code, std::string_view detail) {
  closing_ = true;
  const std::size_t before = out_.size();
  append_response({}, plain_problem(status, code, detail, status == 503 ? kRetryAfterS : 0), {false, false, loop_.date},
                  out_);
  note({{}, "", status, out_.size() - before, SteadyClock::now()});
}

void Session::write() {
  enter(Phase::write, options().write_timeout);
  socket_.async_write_some(
      boost::asio::buffer(out_.data() + written_, out_.size() - written_),
      [me = shared_from_this()](NetError error, std::size_t n) { error ? me->cut() : me->on_written(n); });
}

void Session::on_written(std::size_t n) {
  written_ += n;
  if (written_ < out_.size()) return write();
  written_ = 0;
  out_.clear();
  if (out_.capacity() > kKeptOut) out_.shrink_to_fit();
  if (events_) return stream_begun_ ? stream_ready() : begin_stream();
  if (parked_) {
    Incoming incoming = std::move(*parked_);
    parked_.reset();
    return dispatch(std::move(incoming));
  }
  if (closing_) return linger();
  follow_reader();
  // The stop came between our writing and our hearing that it was done.
  if (loop_.shared.stopping && restful() && in_begin_ == in_end_) return linger();
  work();
}

// The head of an event stream is out: from now on events come as they are pushed, and nothing is read but the end.
void Session::begin_stream() {
  stream_begun_ = true;
  enter(Phase::stream, options().heartbeat);
  // What the system would keep for a subscriber who does not read is megabytes.
  NetError ignored;
  socket_.set_option(boost::asio::socket_base::send_buffer_size(kStreamBuffer), ignored);
  // The stream may outlive the connection and its wake the loop's thread: it holds nothing alive.
  events_->attach([weak = weak_from_this(), &io = loop_.io] {
    boost::asio::post(io, [weak] {
      if (const auto me = weak.lock()) me->stream_ready();
    });
  });
  watch_for_end();
}

void Session::stream_ready() {
  if (!socket_.is_open() || phase_ == Phase::linger) return;
  if (events_->overrun()) return cut();
  if (!out_.empty()) return;  // being written; on_written comes back here
  EventStream::Taken taken = events_->take();
  stream_ended_ = stream_ended_ || taken.ended || loop_.shared.stopping;
  out_ = std::move(taken.bytes);
  if (!out_.empty()) return write();
  if (stream_ended_) return linger();
  enter(Phase::stream, options().heartbeat);
}

void Session::watch_for_end() {
  in_begin_ = in_end_ = 0;
  in_.resize(kReadSize);
  socket_.async_read_some(boost::asio::buffer(in_), [me = shared_from_this()](NetError error, std::size_t n) {
    me->lingered_ += n;
    error || me->lingered_ > kLingerBytes ? me->cut() : me->watch_for_end();
  });
}

// Closing a socket with unread input makes the system reset it and the client lose the answer: say goodbye, then read
// what still comes for a short while.
void Session::linger() {
  if (phase_ != Phase::linger) {
    enter(Phase::linger, kLinger);
    NetError ignored;
    socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    if (stream_begun_) return;  // watch_for_end reads
  }
  in_begin_ = in_end_ = 0;
  in_.resize(kReadSize);
  socket_.async_read_some(boost::asio::buffer(in_), [me = shared_from_this()](NetError error, std::size_t n) {
    me->lingered_ += n;
    if (!error && me->lingered_ < kLingerBytes) me->linger();
  });
}

}  // namespace catchment::http
