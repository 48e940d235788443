#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/http/event_stream.hpp"
#include "tests/server/running_server.hpp"

namespace catchment::http {
namespace {

using namespace std::chrono_literals;
using test::RawClient;
using test::RunningServer;
using test::simple_request;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string taken_from(EventStream& stream) { return stream.take().bytes; }

TEST(Events, LinesOfDataAreFieldsAndLineBreaksInNamesAreNot) {
  EXPECT_EQ(encode({"7", "done", "a\nb\r\nc\rd"}), "id: 7\nevent: done\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(encode({"", "x\ndata: forged", ""}), "event: xdata: forged\ndata: \n\n");
}

TEST(Events, ASubscriberWhoDoesNotReadIsLetGo) {
  EventStream stream(100);
  EXPECT_TRUE(stream.push(Event{"", "", std::string(60, 'a')}));
  EXPECT_FALSE(stream.push(Event{"", "", std::string(60, 'b')}));
  EXPECT_FALSE(stream.open());
  EXPECT_TRUE(stream.overrun());
  const auto taken = stream.take();
  EXPECT_TRUE(taken.ended);
  EXPECT_EQ(taken.bytes, "");
}

TEST(Events, AHubSendsAgainWhatCameAfterTheLastEventSeen) {
  EventHub hub(3);
  const auto first = hub.subscribe("");
  for (const char* data : {"a", "b", "c", "d"}) hub.publish({"", "", data});
  const std::string all = taken_from(*first);
  std::vector<std::string> ids;
  for (std::size_t at = all.find("id: "); at != std::string::npos; at = all.find("id: ", at + 1))
    ids.push_back(all.substr(at + 4, all.find('\n', at) - at - 4));
  ASSERT_EQ(ids.size(), 4u);
  EXPECT_THAT(taken_from(*hub.subscribe(ids[1])),
              AllOf(HasSubstr("data: c"), HasSubstr("data: d"), Not(HasSubstr("data: b"))));
  EXPECT_EQ(taken_from(*hub.subscribe(ids[3])), "");
  EXPECT_EQ(taken_from(*hub.subscribe("")), "");
  EXPECT_THAT(taken_from(*hub.subscribe(ids[0])), AllOf(Not(HasSubstr("reset")), HasSubstr("data: b")));
  hub.publish({"", "", "e"});
  EXPECT_THAT(taken_from(*hub.subscribe(ids[0])),
              AllOf(StartsWith("event: reset"), HasSubstr("data: c"), HasSubstr("data: e")));
  for (const char* strange : {"17", "x-1", "-", "1-99999999999999999999999"})
    EXPECT_THAT(taken_from(*hub.subscribe(strange)), StartsWith("event: reset")) << strange;
}

// A server whose every GET subscribes to one hub.
struct EventServer {
  explicit EventServer(ServerOptions options = RunningServer::quick(), std::size_t bound = 64 * 1024)
      : hub(256, bound), running(std::move(options), [this](const Request& request) {
          Response response;
          response.events = hub.subscribe(request.header(Header::last_event_id));
          return response;
        }) {}
  void await_subscribers(std::size_t count) const {
    while (hub.subscribers() != count) std::this_thread::yield();
  }
  EventHub hub;
  RunningServer running;
};

TEST(HttpEvents, EventsArriveAsTheyArePushed) {
  EventServer server;
  RawClient client(server.running.port());
  client.send(simple_request("GET", "/"));
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_THAT(head, AllOf(StartsWith("HTTP/1.1 200 OK"), HasSubstr("Content-Type: text/event-stream\r\n"),
                          HasSubstr("X-Accel-Buffering: no\r\n"), HasSubstr("Cache-Control: no-store\r\n"),
                          Not(HasSubstr("Content-Length"))));
  server.hub.publish({"", "progress", "1"});
  EXPECT_THAT(client.read_until("\n\n"), HasSubstr("event: progress\ndata: 1\n\n"));
  server.hub.publish({"", "progress", "2"});
  EXPECT_THAT(client.read_until("\n\n"), HasSubstr("data: 2\n\n"));
  server.hub.close();
  EXPECT_TRUE(client.closed_within(8s));
}

TEST(HttpEvents, AQuietStreamHasHeartbeatsAndOutlivesEveryDeadline) {
  ServerOptions options = RunningServer::quick();
  options.heartbeat = 30ms;
  options.idle_timeout = options.header_timeout = 60ms;
  options.sweep_period = 10ms;
  EventServer server(options);
  RawClient client(server.running.port());
  client.send(simple_request("GET", "/"));
  EXPECT_THAT(client.read_until(":\n\n", 5), HasSubstr(":\n\n"));
  server.hub.publish({"", "", "still here"});
  EXPECT_THAT(client.read_until("still here"), HasSubstr("data: still here"));
}

TEST(HttpEvents, TheLastEventIdReachesTheHandler) {
  EventServer server;
  RawClient client(server.running.port());
  client.send(simple_request("GET", "/", "Last-Event-ID: of another life\r\n"));
  EXPECT_THAT(client.read_until("\n\n"), HasSubstr("event: reset"));
}

TEST(HttpEvents, FiftySubscribersAreServedThoughOneNeverReads) {
  EventServer server;
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 49; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.running.port()));
    clients.back()->send(simple_request("GET", "/"));
    clients.back()->read_until("\r\n\r\n");
  }
  RawClient never(server.running.port(), 4096);
  never.send(simple_request("GET", "/"));
  server.await_subscribers(50);
  int published = 0;
  for (; published < 400 && (published < 5 || server.hub.subscribers() == 50); ++published) {
    server.hub.publish({"", "", std::string(32 * 1024, 'x') + "#"});
    for (const auto& client : clients) ASSERT_THAT(client->read_until("#"), HasSubstr("x#"));
  }
  server.await_subscribers(49);
  EXPECT_LT(published, 400);
  server.hub.publish({"", "", "end#"});
  for (const auto& client : clients) EXPECT_THAT(client->read_until("#"), HasSubstr("end#"));
}

TEST(HttpEvents, OneStreamTooManyIsToldSoAndAClosedOneMakesRoom) {
  ServerOptions options = RunningServer::quick();
  options.max_streams = 1;
  EventServer server(options);
  {
    RawClient first(server.running.port());
    first.send(simple_request("GET", "/"));
    first.read_until("\r\n\r\n");
    EXPECT_THAT(server.running.ask(simple_request("GET", "/", "Connection: close\r\n")), StartsWith("HTTP/1.1 503 "));
  }
  std::string head;
  for (int i = 0; i < 1000 && !head.starts_with("HTTP/1.1 200"); ++i) {
    RawClient next(server.running.port());
    next.send(simple_request("GET", "/"));
    head = next.read_until("\r\n\r\n");
  }
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200"));
}

TEST(HttpEvents, StopEndsStreamsAndPublishersMayGoOn) {
  auto server = std::make_unique<EventServer>();
  RawClient client(server->running.port());
  client.send(simple_request("GET", "/"));
  client.read_until("\r\n\r\n");
  std::atomic<bool> over{false};
  std::thread publisher([&] {
    while (!over) server->hub.publish({"", "", "x"});
  });
  server->running.stop();
  EXPECT_TRUE(client.closed_within(8s));
  over = true;
  publisher.join();
}

TEST(HttpEvents, StreamsMayComeFromThePool) {
  ServerOptions options = RunningServer::quick();
  options.classify = [](const Request&) { return Routing{Lane::read, "/events"}; };
  EventServer server(options);
  RawClient client(server.running.port());
  client.send(simple_request("GET", "/"));
  client.read_until("\r\n\r\n");
  server.hub.publish({"", "", "pooled"});
  EXPECT_THAT(client.read_until("pooled"), HasSubstr("data: pooled"));
}

}  // namespace
}  // namespace catchment::http
