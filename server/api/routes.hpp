// The whole API on one screen (routes.cpp), and the way from a request to its resource.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/city_service.hpp"
#include "server/http/message.hpp"

namespace catchment::api {

struct Call {
  const CityService& city;
  const http::Request& request;
  std::vector<std::string> captured;  // the {parts} of the route's path, in order
};

struct Route {
  std::string_view method;
  std::string_view path;  // as in openapi.json; {name} stands for one segment, {name}.suffix for the start of one
  http::Response (*answer)(const Call&);
};

std::span<const Route> routes();

// Finds the route and calls it; InputError becomes a problem document with its code and field. Empty if the path is
// none of the API's.
std::optional<http::Response> answer_api(const CityService& city, const http::Request& request);

// RFC 9457. field may be empty.
http::Response problem(int status, std::string_view code, std::string_view field, std::string_view detail);

}  // namespace catchment::api
