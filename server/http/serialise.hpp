// A Response to the bytes on the wire: status line, conditional requests, compression, framing.
#pragma once

#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace catchment::http {

struct WireOptions {
  bool keep_alive = true;
  bool head = false;                  // headers as for GET, no body
  std::string_view date;              // IMF-fixdate
  std::string_view page_policy = {};  // Content-Security-Policy of text/html that has none
};

// Appends. Answers 304 when the response's ETag is among If-None-Match; compresses text when the client accepts it.
// Of a response with `events` it appends the head only.
void append_response(const Request& request, const Response& response, const WireOptions& options, std::string& out);

// A problem document (RFC 9457) for what fails before any handler is reached.
// retry_after_s: 0 for none.
Response plain_problem(int status, std::string_view code, std::string_view detail, int retry_after_s = 0);

std::string_view reason_phrase(int status);
std::string http_date(long long unix_seconds);

// gzip at a level that favours latency; throws std::runtime_error if zlib does.
std::string gzip(std::string_view bytes);
bool is_text(std::string_view media_type);
std::string_view trimmed(std::string_view text);  // of spaces and tabs
// Whether a list of entity tags (If-Match, If-None-Match) names this one or its compressed form; W/ tags count if
// `weak`.
bool names_etag(std::string_view list, std::string_view etag, bool weak);
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace catchment::http
