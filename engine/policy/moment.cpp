#include "engine/policy/moment.hpp"

#include <algorithm>

namespace catchment::engine::policy {
namespace {

constexpr int kMinutesOfDay = 24 * 60;

// `count` digits of text at `at`, or nothing.
std::optional<int> find_digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::string digits_text(int value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

}  // namespace

Time begin_of(const Moment& moment) {
  return Time(moment.day) + std::chrono::minutes(moment.minute == Moment::kWholeDay ? 0 : moment.minute);
}

Time end_of(const Moment& moment) {
  if (moment.minute == Moment::kWholeDay) return Time(moment.day + std::chrono::days(1));
  if (moment.minute == kMinutesOfDay) return begin_of(moment);
  return begin_of(moment) + std::chrono::minutes(1);
}

std::optional<Day> find_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = find_digits(text, 0, 4);
  const auto month = find_digits(text, 5, 2);
  const auto day = find_digits(text, 8, 2);
  if (!year || !month || !day || *year < 1900 || *year > 2199) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Day(date);
}

std::optional<int> find_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = find_digits(text, 0, 2);
  const auto minute = find_digits(text, 3, 2);
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > kMinutesOfDay) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<Moment> find_moment(std::string_view text) {
  const auto day = find_day(text.substr(0, 10));
  if (!day) return std::nullopt;
  if (text.size() == 10) return Moment{*day, Moment::kWholeDay};
  if (text[10] != 'T') return std::nullopt;
  const auto minute = find_minute(text.substr(11));
  if (!minute) return std::nullopt;
  return Moment{*day, *minute};
}

std::optional<Time> find_time(std::string_view text) {
  const auto moment = find_moment(text.substr(0, 16));
  if (!moment || moment->minute == Moment::kWholeDay) return std::nullopt;
  if (text.size() == 16) return begin_of(*moment);
  const auto second = find_digits(text, 17, 2);
  if (text.size() != 19 || text[16] != ':' || !second || *second > 59 || moment->minute == kMinutesOfDay) {
    return std::nullopt;
  }
  return begin_of(*moment) + std::chrono::seconds(*second);
}

std::string to_text(Day day) {
  const std::chrono::year_month_day date(day);
  return digits_text(static_cast<int>(date.year()), 4) + "-" +
         digits_text(static_cast<int>(static_cast<unsigned>(date.month())), 2) + "-" +
         digits_text(static_cast<int>(static_cast<unsigned>(date.day())), 2);
}

std::string minute_text(int minute) { return digits_text(minute / 60, 2) + ":" + digits_text(minute % 60, 2); }

std::string to_text(const Moment& moment) {
  if (moment.minute == Moment::kWholeDay) return to_text(moment.day);
  return to_text(moment.day) + "T" + minute_text(moment.minute);
}

std::string to_text(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const auto second = static_cast<int>((time - day).count());
  return to_text(Day(day)) + "T" + minute_text(second / 60) + ":" + digits_text(second % 60, 2);
}

}  // namespace catchment::engine::policy
