// Opening day: families wait their turn before they sign in, in a room (http/waiting_room.hpp) that keeps three
// numbers. Only the routes marked so in the route table wait. Whoever has a session, looks something up or is staff
// does not meet it. Without a door (no --door-opens) nobody waits.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "server/http/waiting_room.hpp"

namespace catchment::api {

class Door {
 public:
  // clock: Beijing local time, the season's.
  Door(http::WaitingOptions options, std::function<std::chrono::local_seconds()> clock);

  // Must a request for a guarded route wait? Then it is to be answered on the event loop (http::Lane::here).
  bool holds(const http::Request& request);
  // The answer of a guarded route: `answer`'s, or that it waits.
  http::Response pass(const http::Request& request, const std::function<http::Response()>& answer);
  // GET /v1/door: where one stands; gives a ticket to who has none. A page for browsers, which goes on when it is open.
  http::Response tell(const http::Request& request);

  void append_metrics(std::string& text) const;

 private:
  http::WaitingRoom room_;
  std::chrono::local_seconds opens_at_;
  std::function<std::chrono::local_seconds()> clock_;
};

}  // namespace catchment::api
