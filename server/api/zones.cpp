#include "server/api/query.hpp"
#include "server/api/resources.hpp"

namespace catchment::api {

http::Response get_zones(const Call& call) {
  const Parameters parameters(call.request.query, {"layer"});
  return cached(get_layer(call.city, parameters.get("layer"), "layer").zones_geojson);
}

http::Response get_schools(const Call& call) {
  const Parameters none(call.request.query, {});
  return cached(call.city.schools_geojson);
}

}  // namespace catchment::api
