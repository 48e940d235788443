#include "server/http/message.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "server/http/serialise.hpp"

namespace catchment::http {

std::string_view to_word(Lane lane) {
  constexpr std::array<std::string_view, kLanes> kWords{"here", "confirm", "submit", "read", "browse"};
  return kWords.at(static_cast<std::size_t>(lane));
}

std::string_view Request::header(Header name) const {
  const auto found = std::ranges::find_if(headers_, [&](const auto& item) { return item.first == name; });
  return found == headers_.end() ? std::string_view() : found->second;
}

void Request::set_header(Header name, std::string_view value) {
  const auto found = std::ranges::find_if(headers_, [&](const auto& item) { return item.first == name; });
  if (found != headers_.end()) {
    found->second = value;
  } else {
    headers_.emplace_back(name, value);
  }
}

std::string_view Request::cookie(std::string_view name) const {
  std::string_view rest = header(Header::cookie), value;
  int found = 0;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    ++found;
    value = pair.substr(equals + 1);
  }
  if (found != 1) return {};
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

std::string make_etag(std::string_view bytes) {
  std::array<char, 24> tag{};
  std::snprintf(tag.data(), tag.size(), "\"%016llx\"",
                static_cast<unsigned long long>(XXH3_64bits(bytes.data(), bytes.size())));
  return tag.data();
}

Precondition if_match(const Request& request, std::string_view current) {
  const std::string_view wanted = request.header(Header::if_match);
  if (wanted.empty()) return Precondition::missing;
  if (wanted == "*") return current.empty() ? Precondition::failed : Precondition::holds;
  return names_etag(wanted, current, false) ? Precondition::holds : Precondition::failed;
}

}  // namespace catchment::http
