// One HTTP exchange as plain values: what a handler sees and what it answers. No HTTP library shows through.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catchment::http {

class EventStream;

// Names and values percent-decoded, in the order sent; a name may occur twice (the API refuses that itself).
using Query = std::vector<std::pair<std::string, std::string>>;

// The request headers a handler may see; no other gets past the parser. Accept, Cookie, If-Match and If-None-Match sent
// in several lines arrive joined; any other of them sent twice is answered 400 before a handler is called.
enum class Header : std::uint8_t {
  accept,
  authorization,
  content_type,
  cookie,
  csrf_token,  // X-CSRF-Token
  idempotency_key,
  if_match,
  if_none_match,
  last_event_id,
  origin,
};

// Where a request is answered. `here`: on the thread that reads sockets, so the handler must not wait for anything and
// be done within a millisecond. The others: on the worker pool, where handlers may wait for a disk; the first comes
// first, and under load the last is shed first.
enum class Lane : std::uint8_t { here, confirm, submit, read, browse };
inline constexpr int kLanes = 5;
std::string_view to_word(Lane lane);

// What the classifier says of a request.
struct Routing {
  Lane lane = Lane::here;
  // The pattern of the route ("/v1/registrations/{id}"), never a path somebody sent: metrics and the access log say
  // this and nothing else of what was asked. Static storage.
  std::string_view pattern;
  int route = -1;  // the classifier's own number, for the handler to find in Request::routing
};

struct Request {
  std::string
      method;        // GET, POST, PUT, PATCH, DELETE or another token; HEAD arrives as GET and goes out without a body
  std::string path;  // decoded, begins with '/', no "." or ".." segment, no control character
  Query query;
  bool accepts_gzip = false;  // Accept-Encoding allows it
  // "https://host": where clients reach us, for links that must be absolute. From ServerOptions::public_url, else from
  // the Host header if it is a plain host and port; else empty.
  std::string base_url;
  std::string body;  // whole; chunks are joined
  // Who asks, as text of an address: the peer, or what a trusted proxy says of it (ServerOptions::trusted_proxies). For
  // limits by address only; to be logged nowhere.
  std::string remote;
  Routing routing;

  std::string_view header(Header name) const;            // empty if it was not sent
  void set_header(Header name, std::string_view value);  // replaces
  // The value of one cookie, without quotes; empty if it was not sent, or sent twice (then one of them is not ours).
  std::string_view cookie(std::string_view name) const;

 private:
  std::vector<std::pair<Header, std::string>> headers_;
};

// A body made once and sent many times: never copied per request, compressed once.
struct Content {
  std::string type;  // media type
  std::string plain;
  std::string gzip;  // empty when compressing does not pay
  std::string etag;  // quoted
};
// Derives the ETag from the bytes; compresses when the type is text or `compress` says so, and it pays.
std::shared_ptr<const Content> make_content(std::string type, std::string bytes, bool compress = true);

struct Response {
  int status = 200;
  std::string content_type = {};
  std::string body = {};
  std::shared_ptr<const Content> content = {};  // in place of content_type and body; answers If-None-Match by itself
  std::vector<std::pair<std::string, std::string>> headers = {};  // Cache-Control, Allow, Set-Cookie, ...
  // Of `body`, quoted, from make_etag or a version of the row; a GET answered 200 then answers If-None-Match by itself.
  std::string etag = {};
  std::shared_ptr<EventStream> events = {};  // in place of any body: an event stream (event_stream.hpp)
};

// A quoted strong entity tag of these bytes, or of a row's version (make_etag("registration 17 v3")).
std::string make_etag(std::string_view bytes);

// If-Match against the tag of what is stored now (RFC 9110 13.1.1: strong comparison; "*" holds if current is not
// empty, that is, if there is something). A handler answers `missing` with 428 and `failed` with 412.
enum class Precondition : std::uint8_t { holds, missing, failed };
Precondition if_match(const Request& request, std::string_view current);

// Called on several threads at once. An exception becomes a 500 that says nothing of its text.
using Handler = std::function<Response(const Request&)>;
// Called for every request on the thread that reads sockets, before the handler: pure and quick.
using Classifier = std::function<Routing(const Request&)>;

}  // namespace catchment::http
