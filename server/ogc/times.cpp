#include "server/ogc/times.hpp"

#include <array>
#include <cstdio>

namespace catchment::ogc {
namespace {

constexpr std::chrono::hours kBeijing{8};

// `digits` digits at `at`, in [low, high]; -1 if they are not.
int number_at(std::string_view text, std::size_t at, std::size_t digits, int low, int high) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value < low || value > high ? -1 : value;
}

// "Z" or "+08:00" at the end of a date-time.
std::optional<std::chrono::minutes> find_offset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = number_at(text, 1, 2, 0, 23), minutes = number_at(text, 4, 2, 0, 59);
  if (hours < 0 || minutes < 0) return std::nullopt;
  return std::chrono::minutes((text[0] == '-' ? -1 : 1) * (hours * 60 + minutes));
}

}  // namespace

std::optional<std::chrono::local_days> find_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = number_at(text, 0, 4, 0, 9999), month = number_at(text, 5, 2, 1, 12),
            day = number_at(text, 8, 2, 1, 31);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::local_days(date);
}

std::optional<std::chrono::local_seconds> find_moment(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto date = find_date(text.substr(0, 10));
  const int hour = number_at(text, 11, 2, 0, 23), minute = number_at(text, 14, 2, 0, 59),
            second = number_at(text, 17, 2, 0, 60);  // 60: a leap second
  if (!date || hour < 0 || minute < 0 || second < 0) return std::nullopt;
  std::size_t end = 19;
  if (text[end] == '.') {
    const std::size_t digits = text.find_first_not_of("0123456789", end + 1);
    if (digits == end + 1 || digits == std::string_view::npos) return std::nullopt;
    end = digits;
  }
  const auto offset = find_offset(text.substr(end));
  if (!offset) return std::nullopt;
  return std::chrono::local_seconds(*date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) - *offset + kBeijing;
}

std::string to_text(std::chrono::local_seconds moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const auto rest = static_cast<int>((moment - day).count());
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d+08:00", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 3600, rest / 60 % 60,
                rest % 60);
  return text.data();
}

}  // namespace catchment::ogc
