// One line of the access log: what the server did, nothing of who asked or for what.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace catchment::http {

struct AccessEntry {
  std::string_view method;  // one of the five of the API; others are written "other"
  Routing routing;
  int status = 0;
  std::size_t bytes = 0;
  std::chrono::nanoseconds taken{0};
};

// {"time":"2026-05-09T00:00:00.123Z","method":"POST","route":"/v1/x","lane":"submit","status":201,"ms":3.2,"bytes":99}
std::string access_line(const AccessEntry& entry, std::chrono::system_clock::time_point now);

}  // namespace catchment::http
