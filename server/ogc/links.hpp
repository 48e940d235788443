// Links between resources, in bodies and in Link headers.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.hpp"

namespace catchment::ogc {

inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kGeoJson = "application/geo+json";
inline constexpr std::string_view kHtml = "text/html";
inline constexpr std::string_view kOpenApi = "application/vnd.oai.openapi+json;version=3.0";
inline constexpr std::string_view kSchemaJson = "application/schema+json";

struct Link {
  std::string href;
  std::string rel;
  std::string type;
  std::string title;  // may be empty
};

// For one segment of a path, or a name or value of a query.
std::string percent_encoded(std::string_view text);
// "?a=b&c=d" of pairs; empty for none.
std::string to_query(const http::Query& query);

std::string links_json(std::span<const Link> links);   // an array
std::string link_header(std::span<const Link> links);  // RFC 8288; titles left out

}  // namespace catchment::ogc
