// The worker pool, and the server with handlers that wait.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "server/http/http_server.hpp"
#include "tests/server/running_server.hpp"

namespace catchment::http {
namespace {

using namespace std::chrono_literals;
using test::Gate;
using test::RawClient;
using test::RunningServer;
using test::simple_request;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The lane is the first segment of the path: /submit/17.
Routing route_by_path(const Request& request) {
  for (const Lane lane : {Lane::confirm, Lane::submit, Lane::read, Lane::browse}) {
    if (request.path.starts_with(std::string("/").append(to_word(lane)))) return {lane, to_word(lane), 7};
  }
  return {Lane::here, "/here"};
}

ServerOptions pooled_options(int workers) {
  ServerOptions options = RunningServer::quick();
  options.classify = route_by_path;
  options.pool.workers = workers;
  // However slow the machine is, nobody is shed for having waited.
  for (LaneOptions& lane : options.pool.lanes) lane.target = lane.most_wait = 60s;
  return options;
}

void await_depth(RunningServer& running, Lane lane, int depth) {
  const std::string line = std::string("catchment_http_queue_depth{lane=\"")
                               .append(to_word(lane))
                               .append("\"} ")
                               .append(std::to_string(depth))
                               .append("\n");
  while (running.server().metrics().find(line) == std::string::npos) std::this_thread::yield();
}

Response say_path(const Request& request) {
  Response response;
  response.content_type = "text/plain";
  response.body = request.method + " " + request.path + " " + request.body + "!";
  return response;
}

TEST(Pool, EveryJobIsRunOrShedExactlyOnceThoughItStops) {
  PoolOptions options;
  options.workers = 4;
  options.lanes[3].bound = 50;
  WorkerPool pool(options);
  pool.start();
  constexpr int kOffers = 2000;
  std::vector<std::atomic<int>> fates(4 * kOffers);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < kOffers; ++i) {
        std::atomic<int>& fate = fates[t * kOffers + i];
        pool.offer(static_cast<Lane>(1 + i % 4), {[&fate] { fate += 1; }, [&fate](Shed) { fate += 1000; }},
                   std::chrono::steady_clock::now());
        if (i == kOffers / 2 && t == 0) pool.stop(std::chrono::steady_clock::now());
        if (i % 64 == 0) pool.expire(std::chrono::steady_clock::now());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& fate : fates) ASSERT_THAT(fate.load(), testing::AnyOf(1, 1000));
}

TEST(HttpPool, RequestsOfOneConnectionAreAnsweredInOrderWhereverTheyRun) {
  RunningServer running(pooled_options(4), say_path);
  std::string requests, expected;
  for (int i = 0; i < 60; ++i) {
    const char* const kind = i % 3 == 0 ? "/here/" : i % 3 == 1 ? "/submit/" : "/browse/";
    requests += simple_request("POST", kind + std::to_string(i), i == 59 ? "Connection: close\r\n" : "", "b");
  }
  const std::string answers = running.ask(requests);
  std::size_t at = 0;
  for (int i = 0; i < 60; ++i) {
    at = answers.find("/" + std::to_string(i) + " b!", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST(HttpPool, WaitingHandlersHoldUpNeitherOtherConnectionsNorTheFirstLane) {
  Gate gate;
  RunningServer running(pooled_options(4), [&](const Request& request) {
    if (request.path == "/browse") gate.wait();
    return say_path(request);
  });
  std::vector<std::unique_ptr<RawClient>> browsers;
  for (int i = 0; i < 10; ++i) {
    browsers.push_back(std::make_unique<RawClient>(running.port()));
    browsers.back()->send(simple_request("GET", "/browse"));
  }
  gate.await_held(2);  // half of the workers: its share
  EXPECT_THAT(running.ask(simple_request("GET", "/here", "Connection: close\r\n")), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(running.ask(simple_request("POST", "/confirm", "Connection: close\r\n")), StartsWith("HTTP/1.1 200 "));
  gate.open();
  for (const auto& browser : browsers) EXPECT_THAT(browser->read_until("/browse !"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpPool, WhatIsShedIsToldSoAndKeepsItsConnection) {
  Gate gate;
  ServerOptions options = pooled_options(1);
  options.pool.lanes[3].bound = 2;
  RunningServer running(options, [&](const Request& request) {
    if (request.path == "/browse/wait") gate.wait();
    return say_path(request);
  });
  RawClient first(running.port());
  first.send(simple_request("GET", "/browse/wait"));
  gate.await_held(1);
  std::vector<std::unique_ptr<RawClient>> others;
  for (int i = 0; i < 2; ++i) {
    others.push_back(std::make_unique<RawClient>(running.port()));
    others.back()->send(simple_request("GET", "/browse/" + std::to_string(i)));
  }
  await_depth(running, Lane::browse, 2);
  RawClient late(running.port());
  late.send(simple_request("GET", "/browse/9"));
  EXPECT_THAT(late.read_until("}"),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\r\nRetry-After: "), HasSubstr("application/problem+json"),
                    HasSubstr(R"("code":"overloaded")"), Not(HasSubstr("Connection: close"))));
  gate.open();
  late.send(simple_request("GET", "/here"));
  EXPECT_THAT(late.read_until("/here !"), StartsWith("HTTP/1.1 200 "));
  for (const auto& other : others) EXPECT_THAT(other->read_until("!"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpPool, TheQueueIsServedConfirmSubmitReadBrowse) {
  Gate gate;
  std::mutex mutex;
  std::vector<std::string> served;
  RunningServer running(pooled_options(1), [&](const Request& request) {
    if (request.path == "/submit/wait") {
      gate.wait();
    } else if (request.routing.lane != Lane::here) {
      const std::lock_guard lock(mutex);
      served.push_back(std::string(to_word(request.routing.lane)));
      EXPECT_EQ(request.routing.route, 7);
    }
    return say_path(request);
  });
  RawClient first(running.port());
  first.send(simple_request("GET", "/submit/wait"));
  gate.await_held(1);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 40; ++i) {
    clients.push_back(std::make_unique<RawClient>(running.port()));
    clients.back()->send(simple_request("POST", std::string("/").append(to_word(static_cast<Lane>(4 - i % 4)))));
  }
  for (const Lane lane : {Lane::confirm, Lane::submit, Lane::read, Lane::browse}) await_depth(running, lane, 10);
  gate.open();
  for (const auto& client : clients) client->read_until("!");
  ASSERT_EQ(served.size(), 40u);
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(served[i], to_word(static_cast<Lane>(1 + i / 10)));
}

TEST(HttpPool, ClientsThatLeaveWhileTheyWaitHarmNobody) {
  Gate gate;
  RunningServer running(pooled_options(2), [&](const Request& request) {
    if (request.path == "/submit") gate.wait();
    return say_path(request);
  });
  for (int i = 0; i < 50; ++i) {
    RawClient client(running.port());
    client.send(simple_request("POST", "/submit", "", "x"));
  }
  gate.await_held(1);
  gate.open();
  EXPECT_THAT(running.ask(simple_request("POST", "/submit", "Connection: close\r\n")), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpPool, AHalfClosedClientIsAnswered) {
  RunningServer running(pooled_options(2), say_path);
  RawClient client(running.port());
  client.send(simple_request("POST", "/submit/1", "", "abc"));
  client.finish_sending();
  EXPECT_THAT(client.read_all(), HasSubstr("POST /submit/1 abc!"));
}

TEST(HttpPool, ABodyAskedForWithContinueReachesThePool) {
  RunningServer running(pooled_options(2), say_path);
  RawClient client(running.port());
  client.send(
      "POST /submit HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue"));
  client.send("abc");
  EXPECT_THAT(client.read_all(), HasSubstr("POST /submit abc!"));
}

TEST(HttpPool, AHandlersExceptionSaysNothingOfItself) {
  RunningServer running(pooled_options(2), [](const Request&) -> Response { throw std::runtime_error("secret"); });
  const std::string answer = running.ask(simple_request("GET", "/read", "Connection: close\r\n"));
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("secret"))));
}

TEST(HttpPool, StopAnswersWhatIsQueued) {
  Gate gate;
  RunningServer running(pooled_options(1), [&](const Request& request) {
    gate.wait();
    return say_path(request);
  });
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(running.port()));
    clients.back()->send(simple_request("POST", "/submit/" + std::to_string(i)));
  }
  await_depth(running, Lane::submit, 19);
  running.server().stop();
  gate.open();
  for (const auto& client : clients) {
    EXPECT_THAT(client->read_all(), AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Connection: close")));
  }
  running.stop();
}

TEST(HttpPool, StopUnderLoadLosesNothingThatWasAnswered) {
  std::mutex mutex;
  std::set<std::string> stored;
  RunningServer running(pooled_options(4), [&](const Request& request) {
    const std::lock_guard lock(mutex);
    stored.insert(request.body);
    return say_path(request);
  });
  std::atomic<int> answered{0};
  std::vector<std::string> acknowledged[8];
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      RawClient client(running.port());
      for (int i = 0; i < 100'000; ++i) {
        const std::string body = std::to_string(t) + "-" + std::to_string(i);
        if (!client.send(simple_request("POST", "/submit", "", body))) return;
        if (!client.read_until("!").starts_with("HTTP/1.1 200 ")) return;
        acknowledged[t].push_back(body);
        ++answered;
      }
    });
  }
  while (answered < 200) std::this_thread::yield();
  running.stop();
  for (std::thread& thread : threads) thread.join();
  for (const auto& of_client : acknowledged) {
    for (const std::string& body : of_client) EXPECT_TRUE(stored.contains(body)) << body;
  }
}

TEST(HttpPool, WhatWaitsPastStopTimeoutIsNotBegun) {
  Gate gate;
  std::atomic<int> begun{0};
  ServerOptions options = pooled_options(1);
  options.stop_timeout = 50ms;
  RunningServer running(options, [&](const Request& request) {
    ++begun;
    gate.wait();
    return say_path(request);
  });
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(std::make_unique<RawClient>(running.port()));
    clients.back()->send(simple_request("POST", "/submit"));
  }
  gate.await_held(1);
  running.server().stop();
  for (const auto& client : clients) EXPECT_TRUE(client->closed_within(5s));
  gate.open();
  running.stop();
  EXPECT_EQ(begun, 1);
}

}  // namespace
}  // namespace catchment::http
