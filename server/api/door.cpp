#include "server/api/door.hpp"

#include "engine/policy/moment.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/api/service.hpp"

namespace catchment::api {
namespace {

constexpr const char* kRegisterPage = "/#/family";  // of the viewer

http::Response standing(const http::Passage& passage, const std::string& opens_at) {
  std::string body = passage.open ? R"({"open":true)" : R"({"open":false)";
  if (!opens_at.empty()) body += R"(,"opens_at":")" + opens_at + "\"";
  body += R"(,"before_you":)" + std::to_string(passage.before_you) + R"(,"wait_s":)" + std::to_string(passage.wait_s) +
          R"(,"again_s":)" + std::to_string(passage.again_s) + "}";
  http::Response response = json_response(std::move(body), "no-store");
  if (!passage.set_cookie.empty()) response.headers.emplace_back("Set-Cookie", passage.set_cookie);
  return response;
}

bool wants_page(const http::Request& request) {
  return request.header(http::Header::accept).find("text/html") != std::string_view::npos;
}

http::Response go_in(const http::Passage& passage) {
  http::Response response;
  response.status = 303;
  response.headers = {{"Location", kRegisterPage}, {"Cache-Control", "no-store"}};
  if (!passage.set_cookie.empty()) response.headers.emplace_back("Set-Cookie", passage.set_cookie);
  return response;
}

}  // namespace

Door::Door(http::WaitingOptions options, std::function<std::chrono::local_seconds()> clock)
    : room_(options), opens_at_(options.opens_at), clock_(std::move(clock)) {}

bool Door::holds(const http::Request& request) { return !room_.would_pass(request, clock_()); }

http::Response Door::pass(const http::Request& request, const std::function<http::Response()>& answer) {
  const bool held = request.routing.lane == http::Lane::here;  // as the classifier found
  http::Passage passage = room_.enter(request, clock_(), held);
  if (!passage.open) return std::move(passage.answer);
  http::Response response = answer();
  if (!passage.set_cookie.empty()) response.headers.emplace_back("Set-Cookie", passage.set_cookie);
  return response;
}

http::Response Door::tell(const http::Request& request) {
  http::Passage passage = room_.enter(request, clock_());
  if (!wants_page(request)) return standing(passage, engine::policy::to_text(opens_at_));
  return passage.open ? go_in(passage) : std::move(passage.answer);
}

void Door::append_metrics(std::string& text) const {
  const http::WaitingState state = room_.state();
  const auto add = [&](const char* name, const char* help, std::uint64_t value) {
    text.append("# HELP catchment_door_").append(name).append(" ").append(help).append("\n# TYPE catchment_door_");
    text.append(name).append(" counter\ncatchment_door_").append(name).append(" ");
    text.append(std::to_string(value)).append("\n");
  };
  add("tickets_total", "Waiting tickets given.", state.issued);
  add("early_tickets_total", "Of them before the opening.", state.early);
  add("released_total", "Places that may pass.", state.released);
}

http::Response get_door(const Call& call) {
  const Parameters none(call.request.query, {});
  if (call.service != nullptr && call.service->door != nullptr) return call.service->door->tell(call.request);
  http::Passage nobody_waits;
  nobody_waits.open = true;
  return wants_page(call.request) ? go_in(nobody_waits) : standing(nobody_waits, "");
}

}  // namespace catchment::api
