#include "geo/input_error.hpp"
#include "server/api/json_text.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"

namespace catchment::api {
namespace {

using std::string_view_literals::operator""sv;

constexpr double kMaxErrorM = 1000;
constexpr std::size_t kLayerBytes = 1023;  // of an answer, usually; malloc hands out up to 1 KB without a search

void append_zone(std::string& out, const ServedLayer& layer, const engine::MatchedZone& match) {
  out.append("{"sv).append(layer.zone_json[match.zone]).append(R"(,"margin_m":)"sv);
  append_metres(out, match.margin_m);
  out += R"(,"across":[)"sv;
  for (std::size_t i = 0; i < match.across.size(); ++i) {
    if (i > 0) out += ',';
    out += layer.zone_brief_json[match.across[i]];
  }
  out += "]}"sv;
}

void append_zones(std::string& out, const ServedLayer& layer, const std::vector<engine::MatchedZone>& zones) {
  out += '[';
  for (std::size_t i = 0; i < zones.size(); ++i) {
    if (i > 0) out += ',';
    append_zone(out, layer, zones[i]);
  }
  out += ']';
}

void append_layer(std::string& out, const ServedLayer& layer, geo::Point p, double error_m) {
  const engine::Match match = layer.layer.match(p, error_m);
  out.append("{"sv)
      .append(layer.key_json)
      .append(R"(,"status":")"sv)
      .append(geo::to_word(match.status))
      .append(R"(","zones":)"sv);
  append_zones(out, layer, match.zones);
  out += R"(,"nearest":)"sv;
  append_zones(out, layer, match.nearest);
  out += R"(,"reason":)"sv;
  append_json_string(out, match.reason);
  out += '}';
}

}  // namespace

// Where somebody lives is in the question: the answer is nobody's to keep, and nothing of either is logged.
http::Response get_lookup(const Call& call) {
  const Parameters parameters(call.request.query, {"lon", "lat", "layer", "error_m"});
  const double lon = parameters.get_number("lon", -180, 180);
  const double lat = parameters.get_number("lat", -90, 90);
  const double error_m = parameters.find_number("error_m", 0, kMaxErrorM).value_or(0);
  const geo::Point p = *geo::find_point({lon, lat});
  std::string body;
  body.reserve(parameters.find("layer") != nullptr ? kLayerBytes : call.city.layers.size() * kLayerBytes);
  body += R"({"point":{"lon":)"sv;
  append_degrees(body, p.lon);
  body += R"(,"lat":)"sv;
  append_degrees(body, p.lat);
  body += R"(},"error_m":)"sv;
  append_metres(body, error_m);
  body += R"(,"layers":[)"sv;
  if (const std::string* name = parameters.find("layer")) {
    append_layer(body, get_layer(call.city, *name, "layer"), p, error_m);
  } else {
    for (std::size_t i = 0; i < call.city.layers.size(); ++i) {
      if (i > 0) body += ',';
      append_layer(body, call.city.layers[i], p, error_m);
    }
  }
  body += "]}"sv;
  return json_response(std::move(body), "no-store");
}

}  // namespace catchment::api
