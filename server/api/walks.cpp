#include "server/api/walks.hpp"

#include <algorithm>
#include <array>

#include "geo/input_error.hpp"
#include "server/api/json_text.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"

namespace catchment::api {
namespace {

constexpr double kMostWalkM = 20'000;

void append_line(std::string& out, const geo::Polyline& line) {
  out += R"({"type":"LineString","coordinates":[)";
  for (std::size_t i = 0; i < line.size(); ++i) {
    out += i == 0 ? "[" : ",[";
    append_degrees(out, line[i].lon);
    out += ',';
    append_degrees(out, line[i].lat);
    out += ']';
  }
  out += "]}";
}

}  // namespace

struct SchoolWalks::Network {
  geo::StreetNetwork streets;
};

SchoolWalks::SchoolWalks(datasets::CityStreets streets, const std::vector<engine::Campus>& campuses)
    : streets_(std::move(streets)) {
  for (const engine::Campus& campus : campuses) gates_[campus.school_id].push_back({campus.id, campus.position});
}

const SchoolWalks::Network& SchoolWalks::network() const {
  std::call_once(made_, [this] {
    network_ = std::make_shared<const Network>(
        Network{geo::StreetNetwork::build(streets_.street_lines, streets_.barrier_lines)});
    streets_ = {};
  });
  return *network_;
}

SchoolWalk SchoolWalks::find(geo::Point from, std::string_view school) const {
  const auto of_school = gates_.find(school);
  if (of_school == gates_.end()) return {};
  const geo::StreetNetwork& streets = network().streets;
  std::vector<geo::Snap> gates;
  for (const Gate& gate : of_school->second) gates.push_back(streets.snap(gate.at));
  geo::WalkOptions options;
  options.max_m = kMostWalkM, options.straight_fallback = true;
  geo::Route route = streets.route(streets.snap(from), gates, options);
  SchoolWalk out{route.walk, {}, std::move(route.line)};
  if (out.walk.way == geo::Way::walked || out.walk.way == geo::Way::straight)
    out.campus = of_school->second[route.gate].campus;
  return out;
}

// Where somebody lives is in the question, as in a look-up.
http::Response get_walk(const Call& call) {
  const Parameters parameters(call.request.query, {"lon", "lat", "school"});
  const double lon = parameters.get_number("lon", -180, 180);
  const double lat = parameters.get_number("lat", -90, 90);
  const std::string school = parameters.get("school");
  if (!call.city.labels.schools.contains(school))
    throw InputError("school_unknown", "school", "no school of the city has this id");
  const SchoolWalk found = call.city.walks->find(*geo::find_point({lon, lat}), school);
  std::string body = R"({"school":)" + json_string(school) + R"(,"way":")";
  body.append(geo::to_text(found.walk.way)).append(R"(","campus":)").append(json_string(found.campus));
  const bool known = found.walk.way == geo::Way::walked || found.walk.way == geo::Way::straight;
  body += R"(,"distance_m":)";
  if (known) {
    append_metres(body, found.walk.distance_m);
  } else {
    body += "null";
  }
  const geo::Crossings& crossed = found.walk.crossings;
  body += R"(,"crossings":{"trunk_road":)" + std::to_string(crossed.trunk_road) + R"(,"rail":)" +
          std::to_string(crossed.rail) + R"(,"river":)" + std::to_string(crossed.river) + R"(},"line":)";
  if (found.line.empty()) {
    body += "null";
  } else {
    append_line(body, found.line);
  }
  return json_response(body + "}", "no-store");
}

}  // namespace catchment::api
