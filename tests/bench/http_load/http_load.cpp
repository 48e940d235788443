// An open-loop load generator: requests fall due at a constant rate whatever the server does, and a request's latency
// runs from the moment it fell due, not from the moment a connection was free for it. So a server that stalls is
// charged for everybody who would have come meanwhile (no coordinated omission). Bounded: so many connections, and no
// more.
//
//   http_load --port 8080 --rate 5000 --seconds 10 --connections 64 --requests mix.txt [--pid SERVER]
//   --rate 0: every connection asks again at once. Its latencies say what the server needs when it is full, no more.
//
// A line of the file: weight method path [Name:value ...] [< body]; {n} in path, values or body becomes the request's
// number, different in every run (for Idempotency-Key). Lines with # are remarks.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

struct LoadOptions {
  std::uint16_t port = 8080;
  double rate = 1000;
  double seconds = 5;
  int connections = 64;
  std::string requests, pid;
};

struct Line {
  int weight = 1;
  std::string name, text;  // text: the request with {n} in it
  std::vector<double> latencies_s;
  std::map<int, std::uint64_t> statuses;
};

std::string with_number(std::string text, const std::string& number) {
  for (std::size_t at = text.find("{n}"); at != std::string::npos; at = text.find("{n}", at))
    text.replace(at, 3, number);
  return text;
}

Line parse_line(const std::string& source) {
  std::istringstream in(source);
  std::string method, path, word, headers, body;
  Line line;
  if (!(in >> line.weight >> method >> path)) throw std::runtime_error("no weight, method and path: " + source);
  while (in >> word) {
    if (word == "<") {
      std::getline(in >> std::ws, body);
      break;
    }
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos) throw std::runtime_error("no Name:value: " + word);
    headers.append(word, 0, colon).append(": ").append(word, colon + 1).append("\r\n");
  }
  line.name = method + " " + path;
  line.text = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers;
  if (!body.empty() || method != "GET") {
    // {n} is eleven digits wherever it stands, so the length is known now.
    line.text += "Content-Length: " + std::to_string(with_number(body, std::string(11, '0')).size()) + "\r\n";
  }
  line.text += "\r\n" + body;
  return line;
}

std::vector<Line> read_lines(const std::string& path) {
  if (path.empty()) return {parse_line("1 GET /")};
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<Line> lines;
  for (std::string text; std::getline(in, text);) {
    if (!text.empty() && text.front() != '#') lines.push_back(parse_line(text));
  }
  if (lines.empty()) throw std::runtime_error("no requests in " + path);
  return lines;
}

// Which line the n-th request is: each as often as its weight says, spread evenly.
class Mix {
 public:
  explicit Mix(const std::vector<Line>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i)
      order_.insert(order_.end(), static_cast<std::size_t>(lines[i].weight), i);
    std::uint64_t state = 1;
    for (std::size_t i = order_.size(); i > 1; --i) {
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      std::swap(order_[i - 1], order_[(state >> 33) % i]);
    }
  }
  std::size_t line_of(std::uint64_t n) const { return order_[n % order_.size()]; }

 private:
  std::vector<std::size_t> order_;
};

struct Request {
  std::uint64_t number = 0;
  Time due;
};

struct Connection {
  int socket = -1;
  bool connecting = false, busy = false;
  Request request;
  std::string out, in;
  std::size_t written = 0;
};

// The end of the first whole answer in `in` and its status; 0 if it is not whole yet.
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

class Load {
 public:
  Load(const LoadOptions& options, std::vector<Line> lines)
      : options_(options), lines_(std::move(lines)), mix_(lines_), epoll_(::epoll_create1(0)) {
    run_ =
        static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count() / 1'000'000) % 100'000;
    connections_.resize(static_cast<std::size_t>(options.connections));
    for (std::size_t i = 0; i < connections_.size(); ++i) connect(i);
    for (Line& line : lines_)
      line.latencies_s.reserve(static_cast<std::size_t>(options.rate * options.seconds) + 100'000);
  }

  void run() {
    begin_ = Clock::now();
    const auto length = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
    const Time end = begin_ + length, last = end + std::chrono::seconds(3);
    while (Clock::now() < end) {
      fall_due(end);
      start_waiting();
      poll(end);
    }
    // What fell due is still owed an answer.
    while (Clock::now() < last && (!due_.empty() || idle_.size() < connections_.size())) {
      start_waiting();
      poll(last);
    }
    elapsed_s_ = std::chrono::duration<double>(std::min(Clock::now(), last) - begin_).count();
    for (const Connection& connection : connections_) unanswered_ += connection.busy ? 1 : 0;
    unanswered_ += due_.size();
  }

  void report() {
    std::printf(
        "%s, %d connections, %.1f s: %llu due, %llu answered, %llu unanswered, %llu broken\n",
        options_.rate > 0 ? (std::to_string(static_cast<long>(options_.rate)) + "/s open loop").c_str() : "saturated",
        options_.connections, elapsed_s_, static_cast<unsigned long long>(next_),
        static_cast<unsigned long long>(answered_), static_cast<unsigned long long>(unanswered_),
        static_cast<unsigned long long>(broken_));
    std::printf("answers a second: %.0f\n", static_cast<double>(answered_) / elapsed_s_);
    for (Line& line : lines_) report(line);
    if (!options_.pid.empty()) report_memory();
  }

 private:
  void connect(std::size_t index) {
    Connection& connection = connections_[index];
    connection = {};
    connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection.connecting =
        ::connect(connection.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0;
    if (connection.connecting && errno != EINPROGRESS) throw std::runtime_error("connect");
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u64 = index;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
    if (!connection.connecting) idle_.push_back(index);
  }

  Time due_at(std::uint64_t n) const {
    return begin_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(n) / options_.rate));
  }
  void fall_due(Time end) {
    if (options_.rate <= 0) return;
    const Time now = std::min(Clock::now(), end);
    for (; due_at(next_) <= now; ++next_) due_.push_back({next_, due_at(next_)});
  }
  void start_waiting() {
    const bool saturate =
        options_.rate <= 0 && std::chrono::duration<double>(Clock::now() - begin_).count() < options_.seconds;
    while (!idle_.empty() && (saturate || !due_.empty())) {
      const std::size_t index = idle_.back();
      idle_.pop_back();
      if (saturate) {
        start(index, {next_++, Clock::now()});
      } else {
        start(index, due_.front());
        due_.pop_front();
      }
    }
  }
  void start(std::size_t index, Request request) {
    Connection& connection = connections_[index];
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "%05llu%06llu", static_cast<unsigned long long>(run_),
                  static_cast<unsigned long long>(request.number % 1'000'000));
    connection.request = request;
    connection.busy = true;
    connection.out = with_number(lines_[mix_.line_of(request.number)].text, number.data());
    connection.written = 0;
    write(index);
  }

  void poll(Time until) {
    const Time now = Clock::now();
    Time next = options_.rate > 0 ? std::min(due_at(next_), until) : until;
    next = std::max(next, now);
    const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(next - now).count();
    const timespec limit{static_cast<time_t>(wait / 1'000'000'000), static_cast<long>(wait % 1'000'000'000)};
    std::array<epoll_event, 256> events{};
    const int count = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &limit, nullptr);
    for (int i = 0; i < count; ++i) {
      const std::size_t index = events[static_cast<std::size_t>(i)].data.u64;
      Connection& connection = connections_[index];
      if (connection.connecting) {
        connection.connecting = false;
        if (!connection.busy) idle_.push_back(index);
      }
      if (connection.busy && connection.written < connection.out.size()) write(index);
      read(index);
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
  void read(std::size_t index) {
    Connection& connection = connections_[index];
    std::array<char, 65536> buffer;
    for (;;) {
      const ssize_t n = ::recv(connection.socket, buffer.data(), buffer.size(), 0);
      if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
      if (n <= 0) return renew(index);
      connection.in.append(buffer.data(), static_cast<std::size_t>(n));
      if (static_cast<std::size_t>(n) < buffer.size()) break;
    }
    if (!connection.busy) return;
    const Whole whole = find_answer(connection.in);
    if (whole.end == 0) return;
    Line& line = lines_[mix_.line_of(connection.request.number)];
    line.latencies_s.push_back(std::chrono::duration<double>(Clock::now() - connection.request.due).count());
    ++line.statuses[whole.status];
    ++answered_;
    connection.busy = false;
    connection.in.erase(0, whole.end);
    if (whole.close) return renew(index);
    idle_.push_back(index);
  }
  // The server closed: what was asked is lost unless its answer was read before.
  void renew(std::size_t index) {
    Connection& connection = connections_[index];
    broken_ += connection.busy ? 1 : 0;
    ::close(connection.socket);
    std::erase(idle_, index);
    connect(index);
  }

  static double percentile(const std::vector<double>& sorted, double part) {
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())))] *
           1e3;
  }
  void report(Line& line) {
    std::sort(line.latencies_s.begin(), line.latencies_s.end());
    std::printf("%s:", line.name.c_str());
    for (const auto& [status, count] : line.statuses)
      std::printf(" %d x %llu", status, static_cast<unsigned long long>(count));
    if (!line.latencies_s.empty())
      std::printf("; ms p50 %.3f p99 %.3f p99.9 %.3f max %.3f", percentile(line.latencies_s, 0.5),
                  percentile(line.latencies_s, 0.99), percentile(line.latencies_s, 0.999),
                  line.latencies_s.back() * 1e3);
    std::printf("\n");
  }
  void report_memory() const {
    std::ifstream in("/proc/" + options_.pid + "/status");
    for (std::string text; std::getline(in, text);) {
      if (text.starts_with("VmHWM") || text.starts_with("VmRSS")) std::printf("%s\n", text.c_str());
    }
  }

  LoadOptions options_;
  std::vector<Line> lines_;
  Mix mix_;
  int epoll_;
  std::uint64_t run_ = 0;
  std::vector<Connection> connections_;
  std::vector<std::size_t> idle_;
  std::deque<Request> due_;
  Time begin_;
  double elapsed_s_ = 0;
  std::uint64_t next_ = 0, answered_ = 0, unanswered_ = 0, broken_ = 0;
};

LoadOptions parse_options(int argc, char** argv) {
  LoadOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--port") {
      options.port = static_cast<std::uint16_t>(std::stoi(value));
    } else if (name == "--rate") {
      options.rate = std::stod(value);
    } else if (name == "--seconds") {
      options.seconds = std::stod(value);
    } else if (name == "--connections") {
      options.connections = std::max(1, std::stoi(value));
    } else if (name == "--requests") {
      options.requests = value;
    } else if (name == "--pid") {
      options.pid = value;
    } else {
      throw std::runtime_error("no option " + name);
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const LoadOptions options = parse_options(argc, argv);
    Load load(options, read_lines(options.requests));
    load.run();
    load.report();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "http_load: " << error.what() << std::endl;
    return 2;
  }
}
