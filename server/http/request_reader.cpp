#include "server/http/request_reader.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "server/http/serialise.hpp"
#include "server/http/target.hpp"

namespace catchment::http {
namespace {

namespace beast = boost::beast;
using BeastParser = beast::http::request_parser<beast::http::string_body>;
using BeastHead = BeastParser::value_type;
using beast::http::field;

std::string_view to_view(beast::string_view text) { return {text.data(), text.size()}; }

// Beast takes "3, 3" for 3; what forwards to us or stands before us may not.
bool plain_length(const BeastHead& head) {
  const auto range = head.equal_range(field::content_length);
  if (range.first == range.second) return true;
  const auto value = range.first->value();
  return std::next(range.first) == range.second &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Header> find_listed(field name, beast::string_view text) {
  switch (name) {
    case field::accept:
      return Header::accept;
    case field::authorization:
      return Header::authorization;
    case field::content_type:
      return Header::content_type;
    case field::cookie:
      return Header::cookie;
    case field::if_match:
      return Header::if_match;
    case field::if_none_match:
      return Header::if_none_match;
    case field::origin:
      return Header::origin;
    case field::unknown:
      break;
    default:
      return std::nullopt;
  }
  if (beast::iequals(text, "Idempotency-Key")) return Header::idempotency_key;
  if (beast::iequals(text, "X-CSRF-Token")) return Header::csrf_token;
  if (beast::iequals(text, "Last-Event-ID")) return Header::last_event_id;
  return std::nullopt;
}

// What stands between the lines of a header that may be sent in several; empty: it may not.
std::string_view joint_of(Header name) {
  switch (name) {
    case Header::accept:
    case Header::if_match:
    case Header::if_none_match:
      return ", ";
    case Header::cookie:
      return "; ";
    default:
      return "";
  }
}

// False: one that may be sent once was sent twice.
bool read_headers(const BeastHead& head, Incoming& incoming) {
  for (const auto& item : head) {
    const auto listed = find_listed(item.name(), item.name_string());
    if (listed) {
      const std::string_view before = incoming.request.header(*listed);
      if (before.empty()) {
        incoming.request.set_header(*listed, to_view(item.value()));
      } else if (const std::string_view joint = joint_of(*listed); !joint.empty()) {
        incoming.request.set_header(*listed, std::string(before).append(joint).append(to_view(item.value())));
      } else {
        return false;
      }
    } else if (item.name() == field::unknown && beast::iequals(item.name_string(), "X-Forwarded-For")) {
      if (!incoming.forwarded_for.empty()) incoming.forwarded_for.append(", ");
      incoming.forwarded_for.append(to_view(item.value()));
    }
  }
  return true;
}

ReadRefusal refusal_of(const beast::error_code& error) {
  if (error == beast::http::error::body_limit) return {413, "body_too_large", "The body is larger than allowed."};
  if (error == beast::http::error::header_limit) return {431, "header_too_large", "The header is larger than allowed."};
  return {400, "malformed_request", "This is not well-formed HTTP/1.1."};
}

}  // namespace

struct RequestReader::Impl {
  std::size_t header_limit;
  const BodyLimits* limits;
  std::size_t body_limit;  // of the request at hand
  std::optional<BeastParser> parser;
  State state = State::idle;
  bool header_checked = false;
  bool wants_continue = false;
  Incoming incoming;
  ReadRefusal refused;

  void begin() {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(header_limit));
    body_limit = limits->body;
    parser->body_limit(std::max(limits->body, limits->large_body));
    header_checked = wants_continue = false;
    incoming = {};
    state = State::idle;
  }
  bool refuse(int status, std::string_view code, std::string_view detail) {
    state = State::refused;
    refused = {status, code, detail};
    return false;
  }

  bool refuse_body() {
    incoming.large.reset();
    return refuse(413, "body_too_large", "The body is larger than allowed.");
  }

  // The path, or one below it.
  bool may_be_large(std::string_view target) const {
    const std::string& path = limits->large_path;
    target = target.substr(0, target.find('?'));
    return !path.empty() && target.starts_with(path) && (target.size() == path.size() || target[path.size()] == '/');
  }

  // A body that says it is large has a place where it may be, and there is one left. False: refused.
  bool take_place(const BeastHead& head) {
    const auto length = parser->content_length();
    if (!length || *length <= limits->body) return true;
    if (!may_be_large(to_view(head.target()))) return refuse_body();
    if (*length > limits->large_body) return refuse_body();
    std::atomic<int>& places = *limits->large_places;
    if (places.fetch_sub(1) <= 0) {
      places.fetch_add(1);
      return refuse(503, "overloaded", "Other large bodies are being read. Nothing was done; try again later.");
    }
    incoming.large =
        std::shared_ptr<void>(&places, [](void* left) { static_cast<std::atomic<int>*>(left)->fetch_add(1); });
    body_limit = limits->large_body;
    return true;
  }

  // What Beast lets through and we do not. False: refused.
  bool check_header() {
    header_checked = true;
    const BeastHead& head = parser->get();
    const bool encoded = head.count(field::transfer_encoding) > 0;
    if (head.version() != 10 && head.version() != 11) return refuse(505, "http_version", "HTTP/1.1 is spoken here.");
    if (head.version() == 11 && head.count(field::host) != 1)
      return refuse(400, "host_header", "One Host header is needed.");
    if (encoded && (head.version() == 10 || !beast::iequals(head[field::transfer_encoding], "chunked")))
      return refuse(400, "transfer_encoding", "Only the chunked transfer coding is understood.");
    if (!plain_length(head)) return refuse(400, "content_length", "Content-Length must be one plain number.");
    if (head.count(field::content_encoding) > 0)
      return refuse(415, "content_encoding", "Bodies are read as they are, not compressed.");
    if (!read_headers(head, incoming)) return refuse(400, "header_duplicate", "A header was sent twice.");
    if (!take_place(head)) return false;
    if (!parser->is_done()) {
      state = State::body;
      wants_continue = beast::iequals(head[field::expect], "100-continue");
    }
    return true;
  }

  void finish() {
    BeastHead& message = parser->get();
    Request& request = incoming.request;
    incoming.head = message.method() == beast::http::verb::head;
    incoming.keep_alive = message.keep_alive();
    request.method = incoming.head ? "GET" : std::string(to_view(message.method_string()));
    request.accepts_gzip = accepts_gzip(to_view(message[field::accept_encoding]));
    request.base_url = base_url(to_view(message[field::host]));
    request.body = std::move(message.body());
    incoming.plain_target = read_target(to_view(message.target()), request);
    state = State::complete;
  }

  std::size_t read(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && state != State::complete && state != State::refused) {
      if (state == State::idle) state = State::header;
      beast::error_code error;
      used += parser->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), error);
      const bool starved = error == beast::http::error::need_more;
      if (error && !starved) {
        refused = refusal_of(error);
        state = State::refused;
        break;
      }
      if (!parser->is_header_done()) break;
      if (!header_checked && !check_header()) break;
      // One in chunks does not say how large it will be.
      if (parser->get().body().size() > body_limit && !refuse_body()) break;
      if (parser->is_done()) {
        finish();
      } else if (starved) {
        break;
      }
    }
    return used;
  }
};

RequestReader::RequestReader(std::size_t header_limit, const BodyLimits& limits) : impl_(std::make_unique<Impl>()) {
  impl_->header_limit = header_limit;
  impl_->limits = &limits;
  impl_->begin();
}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

std::size_t RequestReader::read(std::string_view bytes) { return impl_->read(bytes); }
RequestReader::State RequestReader::state() const { return impl_->state; }
bool RequestReader::take_continue() { return std::exchange(impl_->wants_continue, false); }
const ReadRefusal& RequestReader::refusal() const { return impl_->refused; }

Incoming RequestReader::take() {
  Incoming taken = std::move(impl_->incoming);
  impl_->begin();
  return taken;
}

}  // namespace catchment::http
