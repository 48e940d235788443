// The whole API on one screen (routes.cpp), and the way from a request to its resource.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/city_service.hpp"
#include "server/http/message.hpp"

namespace catchment::api {

struct Service;

struct Call {
  const CityService& city;
  const http::Request& request;
  std::vector<std::string> captured;  // the {parts} of the route's path, in order
  std::string_view action = {};       // of the route
  Service* service = nullptr;         // none: this service only looks things up
};

struct Route {
  std::string_view method;
  std::string_view path;  // as in openapi.json; {name} stands for one segment, {name}.suffix for the start of one
  http::Response (*answer)(const Call&);
  std::string_view action;  // of permissions.tsv, as openapi.json's x-action
  http::Lane lane = http::Lane::here;
  bool of_city = lane == http::Lane::here;  // needs no store
};

std::span<const Route> routes();

// Which lane a request belongs to, and its route's pattern: the server's classifier.
http::Routing classify(const http::Request& request);

// Finds the route and calls it; InputError, Refused and their like become a problem document with code, field and
// clause. Empty if the path is none of the API's.
std::optional<http::Response> answer_api(const CityService& city, Service* service, const http::Request& request);

// RFC 9457. field may be empty.
http::Response problem(int status, std::string_view code, std::string_view field, std::string_view detail,
                       std::string_view clause = {});

}  // namespace catchment::api
