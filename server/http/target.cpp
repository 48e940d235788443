#include "server/http/target.hpp"

#include <algorithm>
#include <cstdint>

namespace catchment::http {
namespace {

constexpr std::size_t kMaxParameters = 64;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool read_path(std::string_view raw, std::string& path) {
  const auto decoded = find_decoded(raw, false);
  if (!decoded || decoded->find('\\') != std::string::npos) return false;
  // An encoded slash would move the borders between segments after they were looked at.
  for (std::size_t i = 0; i + 2 < raw.size(); ++i) {
    if (raw[i] == '%' && raw[i + 1] == '2' && (raw[i + 2] == 'f' || raw[i + 2] == 'F')) return false;
  }
  for (std::size_t begin = 1; begin <= decoded->size();) {
    const std::size_t end = std::min(decoded->find('/', begin), decoded->size());
    const std::string_view segment = std::string_view(*decoded).substr(begin, end - begin);
    if (segment == "." || segment == "..") return false;
    begin = end + 1;
  }
  path = *decoded;
  return true;
}

bool read_query(std::string_view raw, Query& query) {
  constexpr std::size_t kUsualParameters = 4;
  if (!raw.empty()) query.reserve(kUsualParameters);
  while (!raw.empty()) {
    const std::size_t end = std::min(raw.find('&'), raw.size());
    const std::string_view pair = raw.substr(0, end);
    raw.remove_prefix(std::min(end + 1, raw.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = find_decoded(pair.substr(0, equals), true);
    auto value = find_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value || query.size() == kMaxParameters) return false;
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

bool valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80         ? 1
                               : (lead >> 5) == 6  ? 2
                               : (lead >> 4) == 14 ? 3
                               : (lead >> 3) == 30 ? 4
                                                   : 0;
    if (length == 0 || i + length > text.size()) return false;
    std::uint32_t code = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0u) != 0x80u) return false;
      code = code << 6 | (next & 0x3fu);
    }
    constexpr std::uint32_t kFirst[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kFirst[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
    i += length;
  }
  return true;
}

std::optional<std::string> find_decoded(std::string_view text, bool plus_is_space) {
  const auto plain = [](char c) { return c > ' ' && c < 0x7f && c != '%' && c != '+'; };
  if (std::ranges::all_of(text, plain)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
      if (low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (is_control(c)) return std::nullopt;
    out.push_back(c);
  }
  if (!valid_utf8(out)) return std::nullopt;
  return out;
}

std::string base_url(std::string_view host) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '.') || (c >= '0' && c <= ':') ||
           c == '[' || c == ']';
  };
  if (host.empty() || host.size() > 255 || !std::ranges::all_of(host, plain)) return {};
  return std::string("http://").append(host);
}

bool read_target(std::string_view target, Request& request) {
  if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos) return false;
  const std::size_t mark = std::min(target.find('?'), target.size());
  return read_path(target.substr(0, mark), request.path) &&
         read_query(target.substr(std::min(mark + 1, target.size())), request.query);
}

}  // namespace catchment::http
