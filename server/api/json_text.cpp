#include "server/api/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace catchment::api {
namespace {

void append_position(std::string& out, geo::Point p) {
  out += '[';
  append_degrees(out, p.lon);
  out += ',';
  append_degrees(out, p.lat);
  out += ']';
}

void append_ring(std::string& out, const geo::Ring& ring, bool counter_clockwise) {
  const bool turn = (geo::signed_area_twice(ring) > 0) != counter_clockwise;
  out += '[';
  for (std::size_t i = 0; i <= ring.size(); ++i) {
    const std::size_t k = i % ring.size();
    append_position(out, ring[turn ? (ring.size() - k) % ring.size() : k]);
    out += i == ring.size() ? ']' : ',';
  }
}

}  // namespace

std::string concat(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view part : parts) out += part;
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  const auto plain = [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; };
  if (!std::ranges::all_of(text, plain)) {
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

std::string json_string(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_json_string(out, text);
  return out;
}

void append_degrees(std::string& out, std::int32_t units) {
  constexpr std::int64_t kPerDegree = 10'000'000;
  std::int64_t left = units;
  if (left < 0) {
    out += '-';
    left = -left;
  }
  std::array<char, 32> text{};
  char* const end = std::to_chars(text.begin(), text.end(), left / kPerDegree).ptr;
  out.append(text.data(), end);
  left %= kPerDegree;
  if (left == 0) return;
  out += '.';
  for (std::int64_t digit = kPerDegree / 10; left > 0; digit /= 10) {
    out += static_cast<char>('0' + left / digit);
    left %= digit;
  }
}

void append_metres(std::string& out, double metres) {
  std::array<char, 32> text{};
  const auto cents = static_cast<std::int64_t>(std::llround(metres * 100));
  char* end = std::to_chars(text.begin(), text.end(), cents / 100).ptr;
  if (const auto rest = static_cast<int>(cents % 100); rest != 0) {
    *end++ = '.';
    *end++ = static_cast<char>('0' + rest / 10);
    if (rest % 10 != 0) *end++ = static_cast<char>('0' + rest % 10);
  }
  out.append(text.data(), end);
}

void append_geometry(std::string& out, geo::Point point) {
  out += R"({"type":"Point","coordinates":)";
  append_position(out, point);
  out += '}';
}

void append_geometry(std::string& out, const geo::MultiPolygon& area) {
  out += R"({"type":"MultiPolygon","coordinates":[)";
  for (std::size_t i = 0; i < area.size(); ++i) {
    out += i == 0 ? "[" : ",[";
    append_ring(out, area[i].shell, true);
    for (const geo::Ring& hole : area[i].holes) {
      out += ',';
      append_ring(out, hole, false);
    }
    out += ']';
  }
  out += "]}";
}

}  // namespace catchment::api
