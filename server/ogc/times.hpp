// Dates and moments as the datetime parameter and answers spell them (RFC 3339), in Beijing local time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace catchment::ogc {

std::optional<std::chrono::local_days> find_date(std::string_view text);  // 2024-09-01, a day that exists
// A date-time with its offset, whole seconds (a fraction is cut off), turned to Beijing's.
std::optional<std::chrono::local_seconds> find_moment(std::string_view text);
std::string to_text(std::chrono::local_seconds moment);  // 2024-09-01T00:00:00+08:00

}  // namespace catchment::ogc
