#include "datasets/city_package.hpp"
#include "server/api/json_text.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/api/service.hpp"

namespace catchment::api {

extern const char* const kOpenApiJson;  // openapi.json, put into the program by CMake
extern const char* const kVersion;

http::Response get_health(const Call& call) {
  const Parameters none(call.request.query, {});
  return json_response(R"({"status":"ok"})", "no-store");
}

http::Response get_version(const Call& call) {
  const Parameters none(call.request.query, {});
  std::string body = R"({"name":"catchmentd","version":)" + json_string(kVersion) + R"(,"api":"v1","package_schema":)";
  body += std::to_string(datasets::kSchemaVersion) + R"(,"city":)" + json_string(call.city.city) +
          R"(,"attribution":)" + json_string(call.city.attribution);
  body += std::string(R"(,"synthetic":)") + (call.city.synthetic ? "true" : "false");
  body += std::string(R"(,"season":)") + (call.service != nullptr ? "true" : "false");
  body += std::string(R"(,"oidc":)") + (call.service != nullptr && call.service->oidc != nullptr ? "true}" : "false}");
  return json_response(std::move(body), "no-cache");
}

http::Response get_openapi(const Call& call) {
  const Parameters none(call.request.query, {});
  static const auto content = http::make_content("application/json", kOpenApiJson);
  return cached(content);
}

}  // namespace catchment::api
