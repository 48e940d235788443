// What a handler sees of a request, and what the server adds to an answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "geo/input_error.hpp"
#include "server/http/network.hpp"
#include "server/http/request_reader.hpp"
#include "server/http/serialise.hpp"
#include "tests/server/running_server.hpp"

namespace catchment::http {
namespace {

const BodyLimits kBodies;  // a megabyte

using test::RunningServer;
using test::simple_request;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::array kAllHeaders{
    Header::accept,          Header::authorization, Header::content_type,  Header::cookie,        Header::csrf_token,
    Header::idempotency_key, Header::if_match,      Header::if_none_match, Header::last_event_id, Header::origin};

std::optional<Incoming> read_whole(std::string_view bytes) {
  RequestReader reader(8192, kBodies);
  reader.read(bytes);
  if (reader.state() != RequestReader::State::complete) return std::nullopt;
  return reader.take();
}

int refused_with(std::string_view bytes) {
  RequestReader reader(8192, kBodies);
  reader.read(bytes);
  return reader.state() == RequestReader::State::refused ? reader.refusal().status : 0;
}

TEST(Reader, MethodsAndBodiesArriveWhole) {
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    const auto incoming =
        read_whole(simple_request(method, "/v1/x", "Content-Type: application/json\r\n", R"({"a":1})"));
    ASSERT_TRUE(incoming) << method;
    EXPECT_EQ(incoming->request.method, method);
    EXPECT_EQ(incoming->request.body, R"({"a":1})");
    EXPECT_EQ(incoming->request.header(Header::content_type), "application/json");
    EXPECT_TRUE(incoming->keep_alive);
  }
  EXPECT_EQ(
      read_whole("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
          ->request.body,
      "abcde");
}

TEST(Reader, ABodyInChunksArrivesHoweverItsBytesCome) {
  for (const std::string_view body : {"0\r\n\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"}) {
    const std::string bytes =
        std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n").append(body);
    for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
      RequestReader reader(8192, kBodies);
      std::size_t begin = 0;
      for (std::size_t end = piece; begin < bytes.size(); end = std::min(bytes.size(), end + piece)) {
        const std::size_t used = reader.read(std::string_view(bytes).substr(begin, end - begin));
        begin += used;
        if (used == 0 && end == bytes.size()) break;
      }
      ASSERT_EQ(reader.state(), RequestReader::State::complete) << piece;
      EXPECT_EQ(reader.take().request.body, body.size() > 5 ? "abcde" : "") << piece;
    }
  }
}

TEST(Reader, HeadersOfTheListAreSeenAndNoOthers) {
  const auto incoming = read_whole(simple_request(
      "GET", "/",
      "Accept: text/html\r\nAUTHORIZATION: Bearer t\r\nCookie: a=1\r\nx-csrf-token: c\r\nIdempotency-Key: k\r\n"
      "If-Match: \"m\"\r\nIf-None-Match: \"n\"\r\nLast-Event-ID: 7\r\nOrigin: https://x\r\nContent-Type: text/csv\r\n"
      "X-Real-IP: 9.9.9.9\r\nUser-Agent: nobody\r\n"));
  ASSERT_TRUE(incoming);
  std::string seen;
  for (const Header name : kAllHeaders) seen.append(incoming->request.header(name)).append("|");
  EXPECT_EQ(seen, "text/html|Bearer t|text/csv|a=1|c|k|\"m\"|\"n\"|7|https://x|");
}

TEST(Reader, ListsAreJoinedAndASecondOfTheOthersIsRefused) {
  const auto incoming = read_whole(simple_request(
      "GET", "/",
      "Cookie: a=1\r\nCookie: b=2\r\nIf-None-Match: \"x\"\r\nIf-None-Match: \"y\"\r\nAccept: a/b\r\nAccept: c/d\r\n"));
  ASSERT_TRUE(incoming);
  EXPECT_EQ(incoming->request.header(Header::cookie), "a=1; b=2");
  EXPECT_EQ(incoming->request.header(Header::if_none_match), "\"x\", \"y\"");
  EXPECT_EQ(incoming->request.header(Header::accept), "a/b, c/d");
  for (const char* name :
       {"Authorization", "Idempotency-Key", "X-CSRF-Token", "Origin", "Content-Type", "Last-Event-ID"}) {
    const std::string line = std::string(name) + ": v\r\n";
    EXPECT_EQ(refused_with(simple_request("GET", "/", line + line)), 400) << name;
  }
}

TEST(Reader, CompressedBodiesAreRefused) {
  EXPECT_EQ(refused_with(simple_request("POST", "/", "Content-Encoding: gzip\r\n", "abc")), 415);
}

TEST(Reader, BytesCutAnywhereGiveTheSameRequest) {
  const std::string bytes = simple_request("PUT", "/a?b=c", "Cookie: s=1\r\nExpect: 100-continue\r\n", "body bytes");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    RequestReader reader(8192, kBodies);
    const std::string_view all(bytes);
    const std::size_t used = reader.read(all.substr(0, cut));
    ASSERT_LE(used, cut);
    reader.read(all.substr(used));
    ASSERT_EQ(reader.state(), RequestReader::State::complete) << cut;
    const Incoming incoming = reader.take();
    EXPECT_EQ(incoming.request.body, "body bytes");
    EXPECT_EQ(incoming.request.cookie("s"), "1");
    EXPECT_EQ(reader.state(), RequestReader::State::idle);
  }
}

TEST(Message, ACookieSentTwiceIsNobodys) {
  Request request;
  request.set_header(Header::cookie, "a=1; session=x; b=\"q\"; session2=y; empty=");
  EXPECT_EQ(request.cookie("session"), "x");
  EXPECT_EQ(request.cookie("b"), "q");
  EXPECT_EQ(request.cookie("empty"), "");
  EXPECT_EQ(request.cookie("c"), "");
  request.set_header(Header::cookie, "session=x; session=y");
  EXPECT_EQ(request.cookie("session"), "");
}

TEST(Message, IfMatchComparesStrongly) {
  const auto given = [](std::string_view value, std::string_view current) {
    Request request;
    request.set_header(Header::if_match, value);
    return if_match(request, current);
  };
  EXPECT_EQ(given("", "\"v1\""), Precondition::missing);
  EXPECT_EQ(given("\"v1\"", "\"v1\""), Precondition::holds);
  EXPECT_EQ(given("\"v0\", \"v1\"", "\"v1\""), Precondition::holds);
  EXPECT_EQ(given("\"v1-gz\"", "\"v1\""), Precondition::holds);
  EXPECT_EQ(given("W/\"v1\"", "\"v1\""), Precondition::failed);
  EXPECT_EQ(given("\"v1\"", "\"v11\""), Precondition::failed);
  EXPECT_EQ(given("\"v1\"", ""), Precondition::failed);
  EXPECT_EQ(given("*", "\"v1\""), Precondition::holds);
  EXPECT_EQ(given("*", ""), Precondition::failed);
}

TEST(Serialise, ATagOfABodyMadePerRequestAnswersIfNoneMatch) {
  Response response;
  response.content_type = "application/json";
  response.body = std::string(2000, 'a');
  response.etag = make_etag("row 7 version 3");
  const auto wire = [&](std::string_view known, bool gzip, const char* method = "GET") {
    Request request;
    request.method = method;
    request.accepts_gzip = gzip;
    request.set_header(Header::if_none_match, known);
    std::string out;
    append_response(request, response, {}, out);
    return out;
  };
  EXPECT_THAT(wire("", false), AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("ETag: " + response.etag + "\r\n")));
  EXPECT_THAT(wire("", true),
              AllOf(HasSubstr("Content-Encoding: gzip"), HasSubstr("-gz\"\r\n"), HasSubstr("Vary: Accept-Encoding")));
  EXPECT_THAT(wire("W/" + response.etag, false), AllOf(StartsWith("HTTP/1.1 304 "), Not(HasSubstr("aaaa"))));
  EXPECT_THAT(wire(response.etag, true), StartsWith("HTTP/1.1 304 "));
  EXPECT_THAT(wire("\"other\"", true), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(wire(response.etag, false, "POST"), StartsWith("HTTP/1.1 200 "));
  response.status = 404;
  EXPECT_THAT(wire(response.etag, false), StartsWith("HTTP/1.1 404 "));
}

TEST(Serialise, PagesGetTheirPoliciesUnlessTheHandlerGaveThem) {
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = "<p>";
  const auto wire = [&] {
    std::string out;
    append_response({}, response, {true, false, "now", "default-src 'none'"}, out);
    return out;
  };
  EXPECT_THAT(wire(), AllOf(HasSubstr("Content-Security-Policy: default-src 'none'\r\n"),
                            HasSubstr("Referrer-Policy: no-referrer\r\n"),
                            HasSubstr("X-Content-Type-Options: nosniff\r\n"), Not(HasSubstr("Access-Control"))));
  response.headers = {{"Content-Security-Policy", "script-src 'self'"}};
  EXPECT_THAT(wire(), Not(HasSubstr("default-src")));
  response.content_type = "application/json";
  response.headers.clear();
  EXPECT_THAT(wire(), AllOf(Not(HasSubstr("Policy")), HasSubstr("nosniff")));
}

TEST(Serialise, AValueCannotAddALine) {
  Response response;
  response.headers = {{"Location", "/x\r\nSet-Cookie: a=b"}};
  std::string out;
  append_response({}, response, {}, out);
  EXPECT_THAT(out, Not(HasSubstr("Set-Cookie")));
}

TEST(Network, TheOneWhoAsksIsTheFirstNoTrustedProxyFromTheRight) {
  const std::vector<std::string> texts{"127.0.0.1", "10.0.0.0/8", "fd00::/8"};
  const auto trusted = parse_networks(texts);
  EXPECT_EQ(client_address("203.0.113.9", "1.1.1.1", trusted), "203.0.113.9");
  EXPECT_EQ(client_address("127.0.0.1", "", trusted), "127.0.0.1");
  EXPECT_EQ(client_address("127.0.0.1", "198.51.100.7", trusted), "198.51.100.7");
  EXPECT_EQ(client_address("127.0.0.1", "1.1.1.1, 198.51.100.7,10.2.3.4", trusted), "198.51.100.7");
  EXPECT_EQ(client_address("127.0.0.1", "unknown, 10.2.3.4", trusted), "10.2.3.4");
  EXPECT_EQ(client_address("fd00::1", "2001:db8::5", trusted), "2001:db8::5");
  EXPECT_EQ(client_address("::ffff:10.1.1.1", "198.51.100.7", trusted), "198.51.100.7");
  EXPECT_FALSE(contains(trusted, "11.0.0.1"));
  EXPECT_FALSE(contains(trusted, "nonsense"));
  for (const char* bad : {"", "10.0.0.0/33", "10.0.0.0/x", "x", "::1/129", "10.0.0.0/"}) {
    EXPECT_THROW(parse_networks(std::vector<std::string>{bad}), InputError) << bad;
  }
}

TEST(HttpServer, OnlyATrustedProxySaysWhoAsks) {
  const auto ask = [](const std::vector<std::string>& trusted) {
    ServerOptions options = RunningServer::quick();
    options.trusted_proxies = trusted;
    const RunningServer running(options, [](const Request& request) {
      return Response{200, "text/plain", "asked by " + request.remote};
    });
    return running.ask(simple_request("GET", "/", "X-Forwarded-For: 198.51.100.7\r\nConnection: close\r\n"));
  };
  EXPECT_THAT(ask({}), HasSubstr("asked by 127.0.0.1"));
  EXPECT_THAT(ask({"127.0.0.0/8"}), HasSubstr("asked by 198.51.100.7"));
}

// Large ones where they may be, a few at once: nobody is known yet when memory is taken.
TEST(HttpMessage, OnePathMayHaveLargeBodiesAndFewAtOnce) {
  std::atomic<int> places{2};
  const BodyLimits limits{100, "/upload", 1000, &places};
  const auto post = [](const std::string& target, std::size_t size) {
    return "POST " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'x');
  };
  const auto status = [&](const std::string& bytes, std::optional<Incoming>* taken = nullptr) {
    RequestReader reader(8192, limits);
    reader.read(bytes);
    if (reader.state() == RequestReader::State::complete && taken != nullptr) *taken = reader.take();
    return reader.state() == RequestReader::State::refused ? reader.refusal().status : 200;
  };
  EXPECT_EQ(status(post("/upload?a=b", 1000)), 200);
  EXPECT_EQ(status(post("/upload", 1001)), 413);
  EXPECT_EQ(status(post("/upload/more", 101)), 200);
  EXPECT_EQ(status(post("/uploads", 101)), 413);
  EXPECT_EQ(status(post("/other", 100)), 200);
  EXPECT_EQ(status(post("/other", 101)), 413);
  EXPECT_EQ(places, 2);
  std::optional<Incoming> one, two, three;
  EXPECT_EQ(status(post("/upload", 500), &one), 200);
  EXPECT_EQ(status(post("/upload", 500), &two), 200);
  EXPECT_EQ(places, 0);
  EXPECT_EQ(status(post("/upload", 500)), 503);
  EXPECT_EQ(status(post("/upload", 100), &three), 200);  // no large one
  two.reset();
  EXPECT_EQ(status(post("/upload", 500)), 200);
  one.reset();
  EXPECT_EQ(places, 2);
  const std::string head = "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status(head + "65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n"), 413);
}

}  // namespace
}  // namespace catchment::http
