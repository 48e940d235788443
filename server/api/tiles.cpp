#include "geo/input_error.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"

namespace catchment::api {
namespace {

const ServedLayer& captured_layer(const Call& call) {
  return get_layer(call.city, call.captured[0] + "/" + call.captured[1] + "/" + call.captured[2], "layer");
}

std::shared_ptr<const http::Content> make_tile(const ServedLayer& layer, int z, std::uint32_t x, std::uint32_t y) {
  return http::make_content("application/vnd.mapbox-vector-tile", layer.tiles.tile(z, x, y));
}

// A TileJSON whose tiles have whole addresses, as maps elsewhere need them, where it is known what we are called.
std::shared_ptr<const http::Content> with_addresses(const http::Request& request,
                                                    const std::shared_ptr<const http::Content>& tile_json) {
  constexpr std::string_view kTiles = R"("tiles":["/)";
  const std::size_t at = tile_json->plain.find(kTiles);
  if (request.base_url.empty() || at == std::string::npos) return tile_json;
  std::string body = tile_json->plain;
  body.insert(at + kTiles.size() - 1, request.base_url);
  return http::make_content(tile_json->type, std::move(body), request.accepts_gzip);
}

}  // namespace

http::Response get_tile(const Call& call) {
  const Parameters parameters(call.request.query, {"v"});
  const ServedLayer& layer = captured_layer(call);
  const auto z = find_count(call.captured[3], tiles::kMaxZoom);
  const std::uint32_t last = z ? (std::uint32_t{1} << *z) - 1 : 0;
  const auto x = find_count(call.captured[4], last);
  const auto y = find_count(call.captured[5], last);
  if (!z || *z < tiles::kMinZoom || !x || !y) {
    throw InputError("tile_unknown", "z/x/y",
                     "zooms go from " + std::to_string(tiles::kMinZoom) + " to " + std::to_string(tiles::kMaxZoom));
  }
  const auto number = static_cast<std::uint64_t>(&layer - call.city.layers.data());
  const std::uint64_t key = number << 48 | std::uint64_t{*z} << 40 | std::uint64_t{*x} << 20 | *y;
  http::Response response;
  response.content = call.city.tile_cache->get(key, [&] { return make_tile(layer, static_cast<int>(*z), *x, *y); });
  // The address in the TileJSON carries the layer's version: what is behind it never changes.
  const std::string* version = parameters.find("v");
  response.headers.emplace_back("Cache-Control", version != nullptr && *version == layer.version
                                                     ? "public, max-age=31536000, immutable"
                                                     : "no-cache");
  return response;
}

http::Response get_tile_json(const Call& call) {
  const Parameters none(call.request.query, {});
  return cached(with_addresses(call.request, captured_layer(call).tile_json));
}

}  // namespace catchment::api
