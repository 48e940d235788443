// Points of local (Beijing) time as admission documents write them: a day, or a minute of a day, 24:00 included.
#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace catchment::engine::policy {

using Day = std::chrono::local_days;
using Time = std::chrono::local_seconds;

// A day as a whole, or one minute of it. minute 1440 is 24:00, the first instant of the next day.
struct Moment {
  static constexpr int kWholeDay = -1;

  Day day{};
  int minute = kWholeDay;  // kWholeDay, or 0 to 1440

  friend auto operator<=>(const Moment&, const Moment&) = default;
};

// The first second of the day or minute, and the first second after it. At 24:00 both are the next day's midnight.
Time begin_of(const Moment& moment);
Time end_of(const Moment& moment);

// "2024-06-20", "2024-06-20T18:00", "2024-06-20T24:00". Nothing else, and only days there are, 1900 to 2199.
std::optional<Day> find_day(std::string_view text);
std::optional<Moment> find_moment(std::string_view text);
std::optional<int> find_minute(std::string_view text);  // "08:00" to "24:00", minutes after midnight
std::optional<Time> find_time(std::string_view text);   // "2024-06-20T18:00" or "2024-06-20T18:00:30"
std::string to_text(Day day);
std::string to_text(const Moment& moment);
std::string to_text(Time time);  // "2024-06-20T18:00:00"
std::string minute_text(int minute);

}  // namespace catchment::engine::policy
