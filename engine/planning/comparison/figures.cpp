#include "engine/planning/comparison/figures.hpp"

#include <cmath>
#include <cstdio>

#include "engine/planning/city/plan_city.hpp"

namespace catchment::engine::planning {
namespace {

std::string with_digits(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  const std::string out = text;
  return out.find_first_not_of("-0.") == std::string::npos && out.front() == '-' ? out.substr(1) : out;
}

}  // namespace

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return (number < 0 ? "-" : "") + digits;
}

std::int64_t people(std::int64_t parts) { return (parts + kWholeChild / 2) / kWholeChild; }

std::string people_text(std::int64_t parts) { return parts > 0 && people(parts) == 0 ? "<1" : grouped(people(parts)); }

std::int64_t metres(double m) { return std::llround(m / 10) * 10; }

std::string metres_text(double m) { return grouped(metres(m)); }

std::string figure_text(double value) {
  const double size = std::abs(value);
  return with_digits(value, size >= 100 ? 0 : size >= 10 ? 1 : 3);
}

std::string percent_text(double share) { return with_digits(100 * share, share < 0.1 ? 1 : 0) + "%"; }

}  // namespace catchment::engine::planning
