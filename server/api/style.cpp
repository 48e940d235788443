#include "server/api/json_text.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"

namespace catchment::api {

extern const char* const kMapLayersJson;

namespace {

// The TileJSON is the source, but for its name and version, which a style's source has no room for.
std::string source_json(const http::Request& request, const std::string& tile_json) {
  const std::size_t from = tile_json.find(R"("tiles":)");
  const std::size_t to = tile_json.find(R"(,"vector_layers":)");
  std::string source = R"({"type":"vector","scheme":"xyz",)" + tile_json.substr(from, to - from) + "}";
  constexpr std::string_view kTiles = R"("tiles":[")";
  return source.insert(source.find(kTiles) + kTiles.size(), request.base_url);
}

}  // namespace

http::Response get_style(const Call& call) {
  const Parameters parameters(call.request.query, {"layer"});
  const ServedLayer& layer = get_layer(call.city, parameters.get("layer"), "layer");
  const geo::Box& box = layer.tiles.box();
  std::string style = concat({R"({"version":8,"name":)", json_string(engine::to_text(layer.layer.key()))});
  if (!box.empty()) {
    style += R"(,"center":[)";
    append_degrees(style, box.min.lon + (box.max.lon - box.min.lon) / 2);
    style += ',';
    append_degrees(style, box.min.lat + (box.max.lat - box.min.lat) / 2);
    style += R"(],"zoom":10)";
  }
  style += concat({R"(,"sources":{"zones":)", source_json(call.request, layer.tile_json->plain), R"(},"layers":)",
                   kMapLayersJson, "}"});
  return cached(http::make_content("application/json", std::move(style), call.request.accepts_gzip));
}

}  // namespace catchment::api
