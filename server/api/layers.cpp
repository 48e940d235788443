#include "geo/input_error.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"

namespace catchment::api {

http::Response get_layers(const Call& call) {
  const Parameters none(call.request.query, {});
  return cached(call.city.layers_json);
}

const ServedLayer& get_layer(const CityService& city, const std::string& text, const std::string& field) {
  const auto key = engine::find_layer_key(text);
  const auto place = key ? city.find_layer(*key) : std::nullopt;
  if (!place) throw InputError("layer_unknown", field, "there is no such layer; /v1/layers lists them");
  return city.layers[*place];
}

}  // namespace catchment::api
