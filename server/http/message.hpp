// One HTTP exchange as plain values: what a handler sees and what it answers. No HTTP library shows through.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace catchment::http {

// Names and values percent-decoded, in the order sent; a name may occur twice (the API refuses that itself).
using Query = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;  // "GET", ...; HEAD arrives as "GET" and its answer goes out without a body
  std::string path;    // decoded, begins with '/', no "." or ".." segment, no control character
  Query query;
  bool accepts_gzip = false;  // Accept-Encoding allows it
  std::string if_none_match;
  std::string content_type;
  std::string accept;  // as sent; empty: anything
  // "https://host": where clients reach us, for links that must be absolute. From ServerOptions::public_url, else from
  // the Host header if it is a plain host and port; else empty.
  std::string base_url;
  std::string body;
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
  std::string content_type;
  std::string body;
  std::shared_ptr<const Content> content;  // in place of content_type and body; answers If-None-Match by itself
  std::vector<std::pair<std::string, std::string>> headers;  // Cache-Control, Allow, ...
};

// Called on several threads at once. An exception becomes a 500 that says nothing of its text.
using Handler = std::function<Response(const Request&)>;

}  // namespace catchment::http
