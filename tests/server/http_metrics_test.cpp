#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <string>

#include "server/http/access_log.hpp"
#include "tests/server/running_server.hpp"

namespace catchment::http {
namespace {

using test::RunningServer;
using test::simple_request;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ServerOptions observed_options() {
  ServerOptions options = RunningServer::quick();
  options.metrics_path = "/metrics";
  options.live_path = "/live";
  options.ready_path = "/ready";
  options.classify = [](const Request& request) {
    return Routing{request.method == "POST" ? Lane::submit : Lane::here,
                   request.path.starts_with("/v1/") ? "/v1/{x}" : ""};
  };
  options.pool.workers = 2;
  return options;
}

Response tell_status(const Request& request) { return {request.path == "/v1/bad" ? 422 : 200, "text/plain", "x"}; }

std::string closing(std::string_view method, std::string_view path, std::string_view headers = "",
                    std::string_view body = "") {
  return simple_request(method, path, std::string("Connection: close\r\n").append(headers), body);
}

TEST(Metrics, RequestsAreCountedByRouteLaneAndStatus) {
  const RunningServer running(observed_options(), tell_status);
  for (int i = 0; i < 3; ++i) running.ask(closing("GET", "/v1/" + std::to_string(i)));
  running.ask(closing("POST", "/v1/bad", "", "{}"));
  running.ask("nonsense\r\n\r\n");
  const std::string text = running.ask(closing("GET", "/metrics"));
  EXPECT_THAT(text, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Content-Type: text/plain; version=0.0.4")));
  EXPECT_THAT(text, HasSubstr("catchment_http_requests_total{route=\"/v1/{x}\",lane=\"here\",status=\"200\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("catchment_http_requests_total{route=\"/v1/{x}\",lane=\"submit\",status=\"422\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("catchment_http_requests_total{route=\"\",lane=\"here\",status=\"400\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("catchment_http_request_seconds_bucket{route=\"/v1/{x}\",lane=\"here\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("catchment_http_request_seconds_count{route=\"/v1/{x}\",lane=\"submit\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("catchment_http_begun_total{lane=\"submit\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("catchment_http_shed_total{lane=\"browse\",reason=\"full\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("process_resident_memory_bytes "));
}

TEST(Metrics, NothingOfWhatIsAskedOrByWhomIsCountedOrLogged) {
  std::mutex mutex;
  std::string log;
  ServerOptions options = observed_options();
  options.trusted_proxies = {"127.0.0.1"};
  options.access_log = [&](const std::string& line) {
    const std::lock_guard lock(mutex);
    log.append(line).append("\n");
  };
  RunningServer running(options, tell_status);
  for (const char* method : {"GET", "POST", "CANARYM"}) {
    running.ask(closing(method, "/v1/CANARYA?CANARYB=CANARYC",
                        "Cookie: s=CANARYD\r\nAuthorization: CANARYE\r\nX-Forwarded-For: 198.51.100.77\r\n"
                        "Idempotency-Key: CANARYF\r\nX-CANARYG: 1\r\n",
                        "CANARYH"));
  }
  running.ask(closing("GET", "/CANARYI"));
  running.ask("CANARYJ\r\n\r\n");
  const std::string metrics = running.server().metrics();
  running.stop();
  EXPECT_THAT(metrics, AllOf(Not(HasSubstr("CANARY")), Not(HasSubstr("198.51")), Not(HasSubstr("127.0"))));
  EXPECT_THAT(log, AllOf(Not(HasSubstr("CANARY")), Not(HasSubstr("198.51")), Not(HasSubstr("127.0"))));
  EXPECT_THAT(log, HasSubstr(R"("method":"POST","route":"/v1/{x}","lane":"submit","status":200,)"));
  EXPECT_THAT(log, HasSubstr(R"("method":"other",)"));
}

TEST(Metrics, OnlyOperatorsWhomNoProxySpeaksForSeeThem) {
  ServerOptions options = observed_options();
  {
    const RunningServer running(options, tell_status);
    EXPECT_THAT(running.ask(closing("GET", "/metrics", "X-Forwarded-For: 127.0.0.1\r\n")), StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(running.ask(closing("GET", "/live", "X-Forwarded-For: 127.0.0.1\r\n")), StartsWith("HTTP/1.1 200 "));
  }
  options.operators = {"10.0.0.0/8"};
  const RunningServer running(options, tell_status);
  EXPECT_THAT(running.ask(closing("GET", "/metrics")), StartsWith("HTTP/1.1 404 "));
}

TEST(Metrics, ReadinessFollowsItsHookAndMoreLinesAreAppended) {
  std::atomic<bool> ready{false};
  ServerOptions options = observed_options();
  options.ready = [&] { return ready.load(); };
  options.more_metrics = [](std::string& out) { out.append("catchment_store_commits_total 5\n"); };
  const RunningServer running(options, tell_status);
  EXPECT_THAT(running.ask(closing("GET", "/ready")), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(running.ask(closing("GET", "/live")), StartsWith("HTTP/1.1 200 "));
  ready = true;
  EXPECT_THAT(running.ask(closing("GET", "/ready")), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(running.ask(closing("GET", "/metrics")), HasSubstr("catchment_store_commits_total 5\n"));
}

TEST(AccessLog, ALineIsJsonOfWhatTheServerDid) {
  const std::chrono::system_clock::time_point at(std::chrono::milliseconds(1'778'284'800'123));
  EXPECT_EQ(
      access_line({"POST", {Lane::confirm, "/v1/x"}, 201, 99, std::chrono::microseconds(3250)}, at),
      R"({"time":"2026-05-09T00:00:00.123Z","method":"POST","route":"/v1/x","lane":"confirm","status":201,"ms":3.250,"bytes":99})");
}

}  // namespace
}  // namespace catchment::http
