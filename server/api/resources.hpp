// The resources of the API; one source file each.
#pragma once

#include "server/api/routes.hpp"

namespace catchment::api {

http::Response get_health(const Call& call);
http::Response get_version(const Call& call);
http::Response get_openapi(const Call& call);
http::Response get_layers(const Call& call);
http::Response get_lookup(const Call& call);
http::Response get_suggestions(const Call& call);
http::Response get_addresses(const Call& call);
http::Response get_nearest_address(const Call& call);
http::Response get_match(const Call& call);
http::Response get_zones(const Call& call);
http::Response get_schools(const Call& call);
http::Response get_tile(const Call& call);
http::Response get_tile_json(const Call& call);
http::Response get_style(const Call& call);

// The layer named "stage/school_year/kind" or its three parts. Throws InputError("layer_unknown") with this field.
const ServedLayer& get_layer(const CityService& city, const std::string& text, const std::string& field);

// What every answer of unchanging content shares: revalidate, so that a new package shows at once.
http::Response cached(const std::shared_ptr<const http::Content>& content);
http::Response json_response(std::string body, std::string_view cache_control);

}  // namespace catchment::api
