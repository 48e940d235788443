// An open-loop load generator: requests fall due at a constant rate whatever the server does, and a request's latency
// runs from the moment it fell due, not from the moment a connection was free for it. So a server that stalls is
// charged for everybody who would have come meanwhile (no coordinated omission). Bounded: so many connections, and what
// has fallen due is two counters.
//
//   http_load --port 8080 --rate 5000 --seconds 10 --connections 64 --requests mix.txt [--rows rows.tsv] [--pid SERVER]
//   --steps 500:5,5000:30,500:10  one rate after the other; --timeline yes: a line a second
//   --retry yes: what was shed or broken off is sent again, the same bytes, until it is answered, as families do; its
//     latency still runs from when it fell due. A server that is away is waited for.
//   --rate 0: every connection asks again at once. Its latencies say what the server needs when it is full, no more.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/http_load/load_report.hpp"
#include "tests/bench/http_load/request_mix.hpp"

namespace catchment::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
constexpr std::chrono::seconds kGrace{5};  // what fell due is still owed an answer
constexpr std::chrono::seconds kRetryGrace{120};
constexpr std::chrono::milliseconds kReconnect{20}, kShedPause{1000};
constexpr std::size_t kReadSize = 256 * 1024;

struct LoadOptions {
  std::uint16_t port = 8080;
  std::vector<Step> steps;
  int connections = 64;
  std::string requests, rows, pid;
  bool timeline = false, retry = false;
};

Clock::duration to_span(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}
double to_seconds(Clock::duration span) { return std::chrono::duration<double>(span).count(); }

// The end of the first whole answer in `in` and its status; end 0 if it is not whole yet.
struct Whole {
  std::size_t end = 0;
  int status = 0;
  bool close = false;
};
Whole find_answer(std::string_view in) {
  const std::size_t head = in.find("\r\n\r\n");
  if (head == std::string_view::npos || in.size() < 12) return {};
  Whole whole;
  std::from_chars(in.data() + 9, in.data() + 12, whole.status);
  std::size_t length = 0;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::size_t at = in.substr(0, head).find(kLength);
  if (at != std::string_view::npos) std::from_chars(in.data() + at + kLength.size(), in.data() + head, length);
  whole.close = in.substr(0, head).find("\r\nConnection: close") != std::string_view::npos;
  if (in.size() >= head + 4 + length) whole.end = head + 4 + length;
  return whole;
}

// When each request falls due: step after step, from the first one's begin.
class Schedule {
 public:
  struct Due {
    Time at;
    std::size_t step = 0;
  };

  Schedule(std::vector<Step> steps, Time begin) : steps_(std::move(steps)), begin_(begin) {
    for (const Step& step : steps_) ends_s_.push_back((ends_s_.empty() ? 0 : ends_s_.back()) + step.seconds);
    enter(begin);
  }
  Time end() const { return begin_ + to_span(ends_s_.back()); }
  bool saturated() const { return step_ < steps_.size() && steps_[step_].rate <= 0; }
  std::size_t step() const { return std::min(step_, steps_.size() - 1); }
  // The next one's time; end() or the end of the step if the step has none any more.
  Time next() const {
    if (step_ >= steps_.size()) return end();
    const Time step_end = begin_ + to_span(ends_s_[step_]);
    if (saturated()) return step_end;
    return std::min(step_end, from_ + to_span(static_cast<double>(in_step_) / steps_[step_].rate));
  }
  // Has one fallen due by now?
  bool take(Time now, Due& due) {
    while (step_ < steps_.size() && now >= begin_ + to_span(ends_s_[step_]) &&
           next() >= begin_ + to_span(ends_s_[step_]))
      ++step_, enter(begin_ + to_span(ends_s_[std::min(step_, ends_s_.size()) - 1]));
    if (step_ >= steps_.size() || saturated() || next() > now) return false;
    due = {next(), step_};
    ++in_step_;
    return true;
  }

 private:
  void enter(Time at) { from_ = at, in_step_ = 0; }

  std::vector<Step> steps_;
  std::vector<double> ends_s_;
  Time begin_, from_;
  std::size_t step_ = 0;
  std::uint64_t in_step_ = 0;
};

struct Connection {
  int socket = -1;
  bool connecting = false, busy = false;
  std::uint64_t number = 0;
  Schedule::Due due;
  std::string out, in;
  std::size_t written = 0;
};

// A request to be sent again, or a connection to be made again (its index then is the number).
struct Again {
  Time at;
  std::uint64_t number = 0;
  Schedule::Due due;
};

class Load {
 public:
  explicit Load(const LoadOptions& options)
      : options_(options), mix_(options.requests, options.rows), epoll_(::epoll_create1(0)), buffer_(kReadSize) {
    report_.steps = options.steps;
    for (std::size_t i = 0; i < mix_.lines(); ++i) report_.lines.push_back(mix_.name(i));
    report_.tallies.assign(options.steps.size(), std::vector<Tally>(mix_.lines()));
    connections_.resize(static_cast<std::size_t>(options.connections));
    for (std::size_t i = 0; i < connections_.size(); ++i) connect(i);
  }

  void run() {
    const double cpu_before = cpu_seconds_of(options_.pid);
    begin_ = Clock::now();
    Schedule due(options_.steps, begin_), begun(options_.steps, begin_);  // what fell due, what of it was sent
    const Time end = due.end();
    for (Time now = begin_; now < end; now = Clock::now()) {
      Schedule::Due one;
      while (due.take(now, one)) ++report_.due;
      start_waiting(begun, due.saturated(), due.step());
      poll(std::max(now, due.next()));
    }
    const Time last = end + (options_.retry ? kRetryGrace : kGrace);
    const auto owed = [&] { return sent_ < report_.due || idle_.size() < connections_.size() || !again_.empty(); };
    for (Time now = end; now < last && owed(); now = Clock::now()) {
      start_waiting(begun, false, 0);
      poll(last);
    }
    report_.elapsed_s = to_seconds(Clock::now() - begin_);
    for (const Connection& connection : connections_) {
      if (connection.busy) ++report_.unanswered;
    }
    report_.unanswered += report_.due - sent_ + again_.size();
    rusage own{};
    ::getrusage(RUSAGE_SELF, &own);
    report_.own_cpu_s = static_cast<double>(own.ru_utime.tv_sec + own.ru_stime.tv_sec) +
                        static_cast<double>(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
    const double cpu_after = cpu_seconds_of(options_.pid);
    if (cpu_before >= 0 && cpu_after >= 0) report_.server_cpu_s = cpu_after - cpu_before;
    report_.server_memory = memory_of(options_.pid);
  }

  void print() const { report_.print(options_.timeline); }

 private:
  void connect(std::size_t index) {
    Connection& connection = connections_[index];
    connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connection.in.clear(), connection.out.clear();
    connection.written = 0, connection.busy = false;
    const int on = 1;
    ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection.connecting =
        ::connect(connection.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0;
    if (connection.connecting && errno != EINPROGRESS) {
      if (!options_.retry) throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
      ::close(connection.socket);
      away_.push_back({Clock::now() + kReconnect, index, {}});
      return;
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = index;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
    if (!connection.connecting) idle_.push_back(index);
  }

  void send(std::size_t index, std::uint64_t number, Schedule::Due due) {
    Connection& connection = connections_[index];
    connection.number = number, connection.due = due;
    connection.busy = true, connection.written = 0;
    mix_.write(connection.number, connection.out);
    write(index);
  }

  void start_again() {
    const Time now = Clock::now();
    while (!away_.empty() && away_.front().at <= now) {
      const auto index = static_cast<std::size_t>(away_.front().number);
      away_.pop_front();
      connect(index);
    }
    while (!again_.empty() && again_.front().at <= now && !idle_.empty()) {
      const Again one = again_.front();
      again_.pop_front();
      const std::size_t index = idle_.back();
      idle_.pop_back();
      send(index, one.number, one.due);
    }
  }

  void start_waiting(Schedule& begun, bool saturated, std::size_t step) {
    start_again();
    while (!idle_.empty() && (saturated || sent_ < report_.due)) {
      Schedule::Due due{Clock::now(), step};
      if (saturated) ++report_.due;
      if (!saturated && !begun.take(Time::max(), due)) return;
      const std::size_t index = idle_.back();
      idle_.pop_back();
      if (!saturated) report_.begun_late.add((Clock::now() - due.at).count());
      send(index, sent_++, due);
    }
  }

  void poll(Time until) {
    for (const auto* waiting : {&away_, &again_}) {
      if (!waiting->empty()) until = std::min(until, std::max(waiting->front().at, Clock::now() + kReconnect));
    }
    const auto wait = std::max<std::int64_t>(0, (until - Clock::now()).count());
    const timespec limit{static_cast<time_t>(wait / 1'000'000'000), static_cast<long>(wait % 1'000'000'000)};
    std::array<epoll_event, 256> events{};
    const int count = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &limit, nullptr);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const std::size_t index = event.data.u64;
      Connection& connection = connections_[index];
      if (connection.connecting) {
        connection.connecting = false;
        if ((event.events & (EPOLLERR | EPOLLHUP)) == 0) idle_.push_back(index);
      }
      if (connection.busy && connection.written < connection.out.size()) write(index);
      if ((event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        read(index, (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
    }
  }
  void write(std::size_t index) {
    Connection& connection = connections_[index];
    while (connection.written < connection.out.size()) {
      const ssize_t n = ::send(connection.socket, connection.out.data() + connection.written,
                               connection.out.size() - connection.written, MSG_NOSIGNAL);
      if (n <= 0) return;
      connection.written += static_cast<std::size_t>(n);
    }
  }
  // A short read has read all there is, unless the server has closed.
  void read(std::size_t index, bool closed) {
    Connection& connection = connections_[index];
    for (;;) {
      const ssize_t n = ::recv(connection.socket, buffer_.data(), buffer_.size(), 0);
      if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
      if (n <= 0) {
        finish(index);
        return renew(index);
      }
      connection.in.append(buffer_.data(), static_cast<std::size_t>(n));
      if (!closed && static_cast<std::size_t>(n) < buffer_.size()) break;
    }
    if (finish(index)) renew(index);
  }
  // Counts an answer that is whole; true if the connection ends with it.
  bool finish(std::size_t index) {
    Connection& connection = connections_[index];
    if (!connection.busy) return false;
    const Whole whole = find_answer(connection.in);
    if (whole.end == 0) return false;
    const auto second = static_cast<std::size_t>(to_seconds(connection.due.at - begin_));
    report_.note(connection.due.step, mix_.line_of(connection.number), second, whole.status,
                 (Clock::now() - connection.due.at).count());
    connection.busy = false;
    const bool shed = verdict_of(whole.status) == Verdict::shed;
    if (options_.retry && shed) again_.push_back({Clock::now() + kShedPause, connection.number, connection.due});
    connection.in.erase(0, whole.end);
    if (!whole.close) idle_.push_back(index);
    return whole.close;
  }
  // What was asked and not answered is lost, or sent again.
  void renew(std::size_t index) {
    Connection& connection = connections_[index];
    if (connection.busy) ++report_.broken;
    if (connection.busy && options_.retry)
      again_.push_front({Clock::now() + kReconnect, connection.number, connection.due});
    connection.busy = false;
    ::close(connection.socket);
    std::erase(idle_, index);
    if (!options_.retry) return connect(index);
    away_.push_back({Clock::now() + kReconnect, index, {}});
  }

  LoadOptions options_;
  std::deque<Again> again_, away_;  // requests; connections
  RequestMix mix_;
  int epoll_;
  std::vector<char> buffer_;
  std::vector<Connection> connections_;
  std::vector<std::size_t> idle_;
  Time begin_;
  std::uint64_t sent_ = 0;
  LoadReport report_;
};

std::vector<Step> parse_steps(const std::string& text) {
  std::vector<Step> steps;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, ',');) {
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos) throw std::runtime_error("no RATE:SECONDS: " + word);
    steps.push_back({std::stod(word.substr(0, colon)), std::stod(word.substr(colon + 1))});
  }
  return steps;
}

LoadOptions parse_options(int argc, char** argv) {
  LoadOptions options;
  Step only{1000, 5};
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--port") {
      options.port = static_cast<std::uint16_t>(std::stoi(value));
    } else if (name == "--rate") {
      only.rate = std::stod(value);
    } else if (name == "--seconds") {
      only.seconds = std::stod(value);
    } else if (name == "--steps") {
      options.steps = parse_steps(value);
    } else if (name == "--connections") {
      options.connections = std::max(1, std::stoi(value));
    } else if (name == "--requests") {
      options.requests = value;
    } else if (name == "--rows") {
      options.rows = value;
    } else if (name == "--pid") {
      options.pid = value;
    } else if (name == "--timeline") {
      options.timeline = value == "yes";
    } else if (name == "--retry") {
      options.retry = value == "yes";
    } else {
      throw std::runtime_error("no option " + name);
    }
  }
  if (options.steps.empty()) options.steps = {only};
  return options;
}

}  // namespace
}  // namespace catchment::bench

int main(int argc, char** argv) {
  try {
    catchment::bench::Load load(catchment::bench::parse_options(argc, argv));
    load.run();
    load.print();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "http_load: " << error.what() << std::endl;
    return 2;
  }
}
