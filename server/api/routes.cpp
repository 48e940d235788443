#include "server/api/routes.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"
#include "server/api/json_text.hpp"
#include "server/api/resources.hpp"
#include "server/http/serialise.hpp"

namespace catchment::api {
namespace {

constexpr std::array kRoutes{
    Route{"GET", "/v1/health", get_health},
    Route{"GET", "/v1/version", get_version},
    Route{"GET", "/v1/layers", get_layers},
    Route{"GET", "/v1/lookup", get_lookup},
    Route{"GET", "/v1/addresses", get_addresses},
    Route{"GET", "/v1/addresses/suggest", get_suggestions},
    Route{"GET", "/v1/addresses/nearest", get_nearest_address},
    Route{"GET", "/v1/match", get_match},
    Route{"GET", "/v1/zones", get_zones},
    Route{"GET", "/v1/schools", get_schools},
    Route{"GET", "/v1/tiles/{stage}/{school_year}/{kind}/{z}/{x}/{y}.mvt", get_tile},
    Route{"GET", "/v1/tiles/{stage}/{school_year}/{kind}.json", get_tile_json},
    Route{"GET", "/v1/style.json", get_style},
    Route{"GET", "/openapi.json", get_openapi},
};

// One segment of a pattern against one of a path; a {part} must not be empty.
bool match_segment(std::string_view pattern, std::string_view text, std::vector<std::string>& captured) {
  if (pattern.empty() || pattern.front() != '{') return pattern == text;
  const std::string_view suffix = pattern.substr(pattern.find('}') + 1);
  if (text.size() <= suffix.size() || !text.ends_with(suffix)) return false;
  captured.emplace_back(text.substr(0, text.size() - suffix.size()));
  return true;
}

bool match_path(std::string_view pattern, std::string_view path, std::vector<std::string>& captured) {
  captured.clear();
  for (;;) {
    const std::size_t p = std::min(pattern.find('/', 1), pattern.size());
    const std::size_t t = std::min(path.find('/', 1), path.size());
    if (path.empty() || !match_segment(pattern.substr(1, p - 1), path.substr(1, t - 1), captured)) return false;
    pattern.remove_prefix(p);
    path.remove_prefix(t);
    if (pattern.empty() || path.empty()) return pattern.empty() && path.empty();
  }
}

int status_of(const InputError& error) {
  return error.code.ends_with("_unknown") && error.code != "parameter_unknown" ? 404 : 400;
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

std::optional<http::Response> answer_api(const CityService& city, const http::Request& request) {
  Call call{city, request, {}};
  std::string allowed;
  for (const Route& route : kRoutes) {
    if (!match_path(route.path, request.path, call.captured)) continue;
    if (route.method != request.method) {
      allowed += allowed.empty() ? "" : ", ";
      allowed += route.method == "GET" ? "GET, HEAD" : route.method;
      continue;
    }
    try {
      return route.answer(call);
    } catch (const InputError& error) {
      return problem(status_of(error), error.code, error.where, error.what());
    }
  }
  if (!allowed.empty()) {
    http::Response response = problem(405, "method_not_allowed", "", "This path answers " + allowed + ".");
    response.headers.emplace_back("Allow", allowed);
    return response;
  }
  if (request.path.starts_with("/v1/") || request.path == "/v1")
    return problem(404, "path_unknown", "", "There is nothing at this path.");
  return std::nullopt;
}

http::Response problem(int status, std::string_view code, std::string_view field, std::string_view detail) {
  http::Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body.append(R"({"type":"about:blank","title":)").append(json_string(http::reason_phrase(status)));
  response.body.append(R"(,"status":)").append(std::to_string(status)).append(R"(,"code":)").append(json_string(code));
  if (!field.empty()) response.body.append(R"(,"field":)").append(json_string(field));
  response.body.append(R"(,"detail":)").append(json_string(detail)).append("}");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::Response cached(const std::shared_ptr<const http::Content>& content) {
  http::Response response;
  response.content = content;
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

http::Response json_response(std::string body, std::string_view cache_control) {
  http::Response response;
  response.content_type = "application/json";
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", cache_control);
  return response;
}

}  // namespace catchment::api
