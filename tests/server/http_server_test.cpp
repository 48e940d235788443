#include "server/http/http_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <thread>

#include "geo/input_error.hpp"
#include "server/http/serialise.hpp"
#include "server/http/target.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/server/running_server.hpp"

namespace catchment::http {
namespace {

using namespace std::chrono_literals;
using test::RawClient;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kGet = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kGetAndClose = "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

Response echo(const Request& request) {
  if (request.path == "/throw") throw std::runtime_error("secret");
  Response response;
  response.content_type = "text/plain";
  response.body = request.method + " " + request.path + " body:" + std::to_string(request.body.size());
  if (request.path == "/large") response.body = std::string(2'000'000, 'a');
  if (request.path == "/content") response.content = make_content("text/plain", std::string(5000, 'b'));
  return response;
}

struct Running : test::RunningServer {
  explicit Running(const ServerOptions& options = quick()) : RunningServer(options, echo) {}
};

std::string get(std::string_view path, std::string_view headers = "") {
  return std::string("GET ")
      .append(path)
      .append(" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n")
      .append(headers)
      .append("\r\n");
}

TEST(HttpServer, AnswersAndClosesWhenAsked) {
  const Running running;
  const std::string answer = running.ask(kGetAndClose);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nGET /echo body:0"));
  EXPECT_THAT(answer, HasSubstr("Date: "));
}

TEST(HttpServer, RefusesWhatIsNotStrictHttp) {
  const Running running;
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  const std::vector<std::string> malformed{
      head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      head + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      head + "Content-Length: +3\r\n\r\nabc",
      head + "Content-Length: -3\r\n\r\nabc",
      head + "Content-Length: 3, 3\r\n\r\nabc",
      head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      head + "Transfer-Encoding: identity\r\n\r\nabc",
      head + "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
      head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
      head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
      head + "Transfer-Encoding: chunked\r\n\r\n10000000000000000000\r\n",
      "POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET /echo HTTP/1.1\nHost: x\n\n",
      "GET /echo HTTP/1.1\r\nHost : x\r\n\r\n",
      "GET /echo HTTP/1.1\r\n\r\n",
      "GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
      "GET /echo HTTP/2.0\r\nHost: x\r\n\r\n",
      "GET  /echo HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /echo\r\n\r\n",
      "GET http://x/echo HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /%2e%2e/etc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /a%2fb HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      std::string("\0\0\0\0\r\n\r\n", 8),
      "\x16\x03\x01\x02\x00\x01\r\n\r\n",
  };
  for (const std::string& request : malformed) {
    EXPECT_THAT(running.ask(request), AnyOf(StartsWith("HTTP/1.1 400 "), StartsWith("HTTP/1.1 505 "))) << request;
  }
}

TEST(HttpServer, OneMalformedRequestEndsTheConnection) {
  const Running running;
  const std::string answer =
      running.ask(std::string(kGet) + "GET /echo HTTP/1.1\r\nContent-Length: x\r\nHost: x\r\n\r\n" + std::string(kGet));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 400 "));
  EXPECT_EQ(answer.find("200 OK", 20), std::string::npos);
}

TEST(HttpServer, PipelinedRequestsAreAnsweredInOrder) {
  const Running running;
  std::string requests;
  for (int i = 0; i < 500; ++i)
    requests.append("GET /").append(std::to_string(i)).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
  requests += kGetAndClose;
  const std::string answers = running.ask(requests);
  std::size_t at = 0;
  for (int i = 0; i < 500; ++i) {
    at = answers.find("GET /" + std::to_string(i) + " body:0", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST(HttpServer, PipelinedLargeAnswersDoNotPileUp) {
  const Running running;
  std::string requests;
  for (int i = 0; i < 40; ++i) requests += "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";
  RawClient client(running.port());
  client.send(requests);
  client.send(get("/large"));
  EXPECT_GT(client.read_all(20s).size(), 41u * 2'000'000u);
}

TEST(HttpServer, RequestsCutAnywhereAreTheSame) {
  const Running running;
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  for (std::size_t cut = 1; cut < request.size(); cut += 3) {
    RawClient client(running.port());
    client.send(request.substr(0, cut));
    std::this_thread::yield();
    client.send(request.substr(cut));
    EXPECT_THAT(client.read_all(), HasSubstr("POST /echo body:5")) << cut;
  }
}

TEST(HttpServer, LimitsAreKept) {
  const Running running;
  EXPECT_THAT(running.ask("GET /echo HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(running.ask("GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(
      running.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + std::string(200'000, 'a')),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(running.ask("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1e8480\r\n" +
                          std::string(200'000, 'a')),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(running.ask("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n" +
                          std::string(1'000'000, 'a')),
              HasSubstr("body:1000000"));
}

TEST(HttpServer, HeadHasTheHeadersOfGetAndNoBody) {
  const Running running;
  const std::string answer = running.ask("HEAD /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 16\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(HttpServer, ExpectContinueIsAnsweredBeforeTheBody) {
  const Running running;
  RawClient client(running.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue"));
  client.send("abc");
  EXPECT_THAT(client.read_all(), HasSubstr("body:3"));
}

TEST(HttpServer, AHandlersExceptionSaysNothingOfItself) {
  const Running running;
  const std::string answer = running.ask(get("/throw"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("secret")));
}

TEST(HttpServer, CompressesAndRevalidates) {
  const Running running;
  const std::string plain = running.ask(get("/content"));
  EXPECT_THAT(plain, HasSubstr("Content-Length: 5000\r\n"));
  EXPECT_THAT(plain, HasSubstr("Vary: Accept-Encoding"));
  const std::string zipped = running.ask(get("/content", "Accept-Encoding: br, gzip;q=0.8\r\n"));
  EXPECT_THAT(zipped, HasSubstr("Content-Encoding: gzip"));
  EXPECT_LT(zipped.size(), 600u);
  EXPECT_THAT(running.ask(get("/content", "Accept-Encoding: gzip;q=0\r\n")), Not(HasSubstr("Content-Encoding")));
  const std::size_t at = zipped.find("ETag: ") + 6;
  const std::string etag = zipped.substr(at, zipped.find("\r\n", at) - at);
  EXPECT_THAT(etag, HasSubstr("-gz"));
  const std::string again = running.ask(get("/content", "If-None-Match: W/" + etag + "\r\n"));
  EXPECT_THAT(again, StartsWith("HTTP/1.1 304 "));
  EXPECT_TRUE(again.ends_with("\r\n\r\n"));
}

TEST(HttpServer, SlowSocketsAreCutAndHoldNobodyUp) {
  Running running;
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<RawClient>(running.port()));
    slow.back()->send(i % 2 == 0 ? "GET /echo HTTP/1.1\r\nHost:"
                                 : "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
  }
  EXPECT_THAT(running.ask(kGetAndClose), StartsWith("HTTP/1.1 200 OK"));
  // One byte at a time keeps nobody alive: the deadline is of the whole header.
  RawClient trickle(running.port());
  bool cut = false;
  trickle.send("GET /");
  for (int i = 0; i < 100 && !cut; ++i) cut = !trickle.send("a") || trickle.closed_within(50ms);
  EXPECT_TRUE(cut);
  for (const auto& client : slow) EXPECT_TRUE(client->closed_within(5s));
}

TEST(HttpServer, IdleConnectionsAreClosedAndBusyOnesAreNot) {
  Running running;
  RawClient idle(running.port()), busy(running.port());
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(busy.send(kGet));
    ASSERT_THAT(busy.read_until("body:0"), HasSubstr("200 OK"));
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_TRUE(idle.closed_within(8s));  // after the linger of a connection that is closed
}

TEST(HttpServer, OneConnectionTooManyIsToldSo) {
  ServerOptions options = Running::quick();
  options.max_connections = 3;
  options.idle_timeout = options.make_way_after = 10s;
  Running running(options);
  std::vector<std::unique_ptr<RawClient>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<RawClient>(running.port()));
    held.back()->send(kGet);
    held.back()->read_until("body:0");
  }
  EXPECT_THAT(running.ask(kGetAndClose), StartsWith("HTTP/1.1 503 "));
  held.clear();
  std::string answer;
  for (int i = 0; i < 100 && !answer.starts_with("HTTP/1.1 200"); ++i) answer = running.ask(kGetAndClose);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, WhoHasWaitedLongestMakesWayWhereThereIsNoRoom) {
  ServerOptions options = Running::quick();
  options.threads = 1;  // each loop lets go of its own
  options.max_connections = 3;
  options.make_way_after = 0s;
  options.idle_timeout = options.header_timeout = 20s;
  Running running(options);
  RawClient slow(running.port());
  slow.send("GET /body:0 HT");
  RawClient first(running.port()), second(running.port());
  for (RawClient* client : {&first, &second}) {
    client->send(kGet);
    ASSERT_THAT(client->read_until("body:0"), HasSubstr("200 OK"));
  }
  EXPECT_THAT(running.ask(kGetAndClose), StartsWith("HTTP/1.1 200 "));
  EXPECT_TRUE(slow.closed_within(5s));
  first.send(kGet);
  EXPECT_THAT(first.read_until("body:0"), HasSubstr("200 OK"));
}

TEST(HttpServer, AThousandConnectionsAreServed) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
  setrlimit(RLIMIT_NOFILE, &limit);
  ServerOptions options = Running::quick();
  options.idle_timeout = options.header_timeout = 30s;
  Running running(options);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.push_back(std::make_unique<RawClient>(running.port()));
    ASSERT_TRUE(clients.back()->connected());
  }
  for (const auto& client : clients) ASSERT_TRUE(client->send(kGet));
  for (const auto& client : clients) ASSERT_THAT(client->read_until("body:0", 1, 20s), HasSubstr("200 OK"));
}

TEST(HttpServer, StopFinishesWhatIsInFlightAndClosesTheIdle) {
  ServerOptions options = Running::quick();
  options.idle_timeout = options.header_timeout = options.body_timeout = 20s;
  Running running(options);
  RawClient idle(running.port()), half(running.port());
  idle.send(kGet);
  idle.read_until("body:0");
  half.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  half.read_until("100 Continue\r\n\r\n");
  running.server().stop();
  EXPECT_TRUE(idle.closed_within(8s));  // after the linger of a connection that is closed
  half.send("abc");
  const std::string answer = half.read_all();
  EXPECT_THAT(answer, HasSubstr("body:3"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  running.stop();
  EXPECT_FALSE(RawClient(running.port()).connected());
}

TEST(HttpServer, SignalsStopIt) {
  ServerOptions options = Running::quick();
  options.stop_on_signals = true;
  HttpServer server(options, echo);
  std::thread thread([&] { server.run(); });
  RawClient client(server.port());
  client.send(kGet);
  client.read_until("body:0");
  std::raise(SIGTERM);
  thread.join();
}

TEST(HttpServer, APortInUseIsAnError) {
  Running running;
  ServerOptions options;
  options.port = running.port();
  EXPECT_THROW(HttpServer(options, echo), InputError);
  options.bind = "not an address";
  EXPECT_THROW(HttpServer(options, echo), InputError);
}

TEST(Target, QueriesAreDecodedInOrder) {
  Request request;
  ASSERT_TRUE(read_target("/a%20b/%E5%8D%97?x=1+2&y=%2B&&x", request));
  EXPECT_EQ(request.path, "/a b/南");
  EXPECT_EQ(request.query, (Query{{"x", "1 2"}, {"y", "+"}, {"x", ""}}));
  EXPECT_FALSE(valid_utf8("\xed\xa0\x80"));
  EXPECT_FALSE(valid_utf8("\xc0\xaf"));
  EXPECT_TRUE(valid_utf8("南山𠮷"));
}

TEST(Serialise, DatesAreOfTheWeb) { EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT"); }

}  // namespace
}  // namespace catchment::http
