#include "server/http/serialise.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <stdexcept>

namespace catchment::http {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kWorthCompressing = 860;  // below one packet nothing is won
constexpr int kLevel = 5;
constexpr std::size_t kMostHead = 768;  // seldom more

// The entity tag of the compressed form differs from the plain one's, as RFC 9110 8.8.3.3 asks.
std::string gzip_etag(std::string_view etag) {
  return std::string(etag.substr(0, std::max<std::size_t>(etag.size(), 1) - 1)).append("-gz\"");
}

bool not_changed(const Request& request, const Response& response, std::string_view etag) {
  const std::string_view known = request.header(Header::if_none_match);
  return !known.empty() && !etag.empty() && response.status == 200 && request.method == "GET" &&
         (known == "*" || names_etag(known, etag, true));
}

// A line break in a value would let it speak for the server.
void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": "sv);
  const auto has = [&](char c) { return value.find(c) != std::string_view::npos; };
  if (!has('\r') && !has('\n') && !has('\0')) out.append(value);
  out.append("\r\n"sv);
}

bool has_header(const Response& response, std::string_view name) {
  return std::ranges::any_of(response.headers, [&](const auto& header) { return header.first == name; });
}

void append_page_headers(const Response& response, const WireOptions& options, std::string& out) {
  if (!options.page_policy.empty() && !has_header(response, "Content-Security-Policy"))
    append_header(out, "Content-Security-Policy", options.page_policy);
  if (!has_header(response, "Referrer-Policy")) append_header(out, "Referrer-Policy", "no-referrer");
}

// What to send of a response: which bytes, of which type, tagged how.
struct Chosen {
  int status;
  std::string_view type;
  std::string_view body;
  std::string etag;
  bool gzip = false;
  bool varies = false;
};

Chosen choose(const Request& request, const Response& response, std::string& scratch) {
  if (response.events) return {response.status, "text/event-stream", {}, {}};
  if (response.content) {
    const Content& content = *response.content;
    const bool zipped = request.accepts_gzip && !content.gzip.empty();
    Chosen chosen{response.status,
                  content.type,
                  zipped ? content.gzip : content.plain,
                  zipped ? gzip_etag(content.etag) : content.etag,
                  zipped,
                  !content.gzip.empty()};
    if (not_changed(request, response, content.etag)) chosen.status = 304;
    return chosen;
  }
  Chosen chosen{response.status, response.content_type, response.body, response.etag};
  chosen.varies = is_text(response.content_type) && response.body.size() >= kWorthCompressing;
  const bool zipped = chosen.varies && request.accepts_gzip;
  if (zipped && !chosen.etag.empty()) chosen.etag = gzip_etag(chosen.etag);
  if (not_changed(request, response, response.etag)) {
    chosen.status = 304;
  } else if (zipped) {
    scratch = gzip(response.body);
    chosen.body = scratch;
    chosen.gzip = true;
  }
  return chosen;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool names_etag(std::string_view list, std::string_view etag, bool weak) {
  if (etag.empty()) return false;
  const std::string zipped = gzip_etag(etag);
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view item = trimmed(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (item.starts_with("W/")) {
      if (!weak) continue;
      item.remove_prefix(2);
    }
    if (item == etag || item == zipped) return true;
  }
  return false;
}

std::shared_ptr<const Content> make_content(std::string type, std::string bytes, bool compress) {
  auto content = std::make_shared<Content>();
  content->etag = make_etag(bytes);
  content->type = std::move(type);
  content->plain = std::move(bytes);
  if (compress && content->plain.size() >= kWorthCompressing) {
    content->gzip = gzip(content->plain);
    if (content->gzip.size() + content->plain.size() / 10 > content->plain.size()) content->gzip.clear();
  }
  return content;
}

void append_response(const Request& request, const Response& response, const WireOptions& options, std::string& out) {
  std::string scratch;
  const Chosen chosen = choose(request, response, scratch);
  const bool stream = response.events != nullptr;
  const bool has_body = chosen.status != 304 && chosen.status != 204;
  out.reserve(out.size() + kMostHead + (has_body ? chosen.body.size() : 0));
  out.append("HTTP/1.1 "sv).append(std::to_string(chosen.status)).append(" "sv);
  out.append(reason_phrase(chosen.status)).append("\r\n"sv);
  append_header(out, "Date", options.date);
  if (has_body && !chosen.type.empty()) append_header(out, "Content-Type", chosen.type);
  if (has_body && chosen.gzip) append_header(out, "Content-Encoding", "gzip");
  if (chosen.varies) append_header(out, "Vary", "Accept-Encoding");
  if (!chosen.etag.empty()) append_header(out, "ETag", chosen.etag);
  append_header(out, "X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) append_header(out, name, value);
  if (has_body && chosen.type.starts_with("text/html")) append_page_headers(response, options, out);
  if (stream) {
    out.append("Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n");
  } else if (has_body) {
    append_header(out, "Content-Length", std::to_string(chosen.body.size()));
  }
  if (!options.keep_alive) append_header(out, "Connection", "close");
  out.append("\r\n"sv);
  if (has_body && !options.head) out.append(chosen.body);
}

Response plain_problem(int status, std::string_view code, std::string_view detail, int retry_after_s) {
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body.append(R"({"type":"about:blank","title":")").append(reason_phrase(status));
  response.body.append(R"(","status":)").append(std::to_string(status));
  response.body.append(R"(,"code":")").append(code).append(R"(","detail":")").append(detail).append("\"}");
  response.headers.emplace_back("Cache-Control", "no-store");
  if (retry_after_s > 0) response.headers.emplace_back("Retry-After", std::to_string(retry_after_s));
  return response;
}

std::string_view reason_phrase(int status) {
  struct Known {
    int status;
    std::string_view phrase;
  };
  constexpr std::array kKnown{
      Known{200, "OK"},
      Known{201, "Created"},
      Known{202, "Accepted"},
      Known{204, "No Content"},
      Known{303, "See Other"},
      Known{304, "Not Modified"},
      Known{400, "Bad Request"},
      Known{401, "Unauthorized"},
      Known{403, "Forbidden"},
      Known{404, "Not Found"},
      Known{405, "Method Not Allowed"},
      Known{406, "Not Acceptable"},
      Known{409, "Conflict"},
      Known{410, "Gone"},
      Known{412, "Precondition Failed"},
      Known{413, "Content Too Large"},
      Known{415, "Unsupported Media Type"},
      Known{422, "Unprocessable Content"},
      Known{423, "Locked"},
      Known{428, "Precondition Required"},
      Known{429, "Too Many Requests"},
      Known{431, "Request Header Fields Too Large"},
      Known{500, "Internal Server Error"},
      Known{502, "Bad Gateway"},
      Known{503, "Service Unavailable"},
      Known{505, "HTTP Version Not Supported"},
  };
  const auto found = std::ranges::find(kKnown, status, &Known::status);
  return found == kKnown.end() ? "Status" : found->phrase;
}

std::string http_date(long long unix_seconds) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm t{};
  gmtime_r(&seconds, &t);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays.at(static_cast<std::size_t>(t.tm_wday)), t.tm_mday,
                kMonths.at(static_cast<std::size_t>(t.tm_mon)), t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
  return text.data();
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("deflate");
  return out;
}

bool is_text(std::string_view type) {
  return type.starts_with("text/") || type.find("json") != std::string_view::npos ||
         type.find("javascript") != std::string_view::npos || type.find("xml") != std::string_view::npos;
}

bool accepts_gzip(std::string_view accept) {
  while (!accept.empty()) {
    const std::size_t end = std::min(accept.find(','), accept.size());
    const std::string_view item = accept.substr(0, end);
    accept.remove_prefix(std::min(end + 1, accept.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    const std::string_view coding = trimmed(item.substr(0, semicolon));
    if (coding != "gzip" && coding != "*") continue;
    const std::size_t q = item.find("q=", semicolon);
    return q == std::string_view::npos || std::strtod(std::string(item.substr(q + 2)).c_str(), nullptr) > 0;
  }
  return false;
}

}  // namespace catchment::http
