#include "server/http/access_log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace catchment::http {

std::string access_line(const AccessEntry& entry, std::chrono::system_clock::time_point now) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> day{};
  std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::array<char, 48> figures{};
  std::snprintf(figures.data(), figures.size(), ".%03dZ", static_cast<int>(ms % 1000));
  std::string line = R"({"time":")";
  line.append(day.data()).append(figures.data());
  // A method is a token the client chose.
  constexpr std::array<std::string_view, 5> kMethods{"GET", "POST", "PUT", "PATCH", "DELETE"};
  const bool known = std::ranges::find(kMethods, entry.method) != kMethods.end();
  line.append(R"(","method":")").append(known ? entry.method : "other");
  line.append(R"(","route":")").append(entry.routing.pattern);
  line.append(R"(","lane":")").append(to_word(entry.routing.lane));
  std::snprintf(figures.data(), figures.size(), R"(","status":%d,"ms":%.3f,"bytes":%zu})", entry.status,
                std::chrono::duration<double, std::milli>(entry.taken).count(), entry.bytes);
  return line.append(figures.data());
}

}  // namespace catchment::http
