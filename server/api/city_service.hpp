// One city in memory, ready to answer: what the resources read. Immutable after it is made, so threads need no lock.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "datasets/city_finder.hpp"
#include "engine/matching/zone_layer.hpp"
#include "engine/model.hpp"
#include "geo/gazetteer/gazetteer.hpp"
#include "server/answers/answer_json.hpp"
#include "server/api/walks.hpp"
#include "server/http/message.hpp"
#include "server/tiles/layer_tiles.hpp"
#include "server/tiles/tile_cache.hpp"

namespace catchment::api {

// One layer with everything about it that does not depend on the request made once.
struct ServedLayer {
  engine::ZoneLayer layer;
  tiles::LayerTiles tiles;
  std::string version;                 // of zones and schools: changes when a tile might
  std::string key_json;                // "layer":..,"stage":..,"school_year":..,"kind":..
  std::vector<std::string> zone_json;  // by zone number: "id":..,"name":..,"schools":[..],"notice":.. without braces
  std::vector<std::string> zone_brief_json;  // {"id":..,"name":..}
  std::shared_ptr<const http::Content> zones_geojson;
  std::shared_ptr<const http::Content> tile_json;
};

struct CityService {
  std::string city;  // as the package says; may be empty
  std::string attribution;
  bool synthetic = false;
  bool from_snapshot = false;
  std::vector<ServedLayer> layers;  // sorted by key
  std::size_t schools = 0;
  // Behind a pointer, so that it stays where the finders look when the service is moved.
  std::unique_ptr<const geo::Gazetteer> names;
  bool names_from_snapshot = false;
  std::vector<datasets::LayerFinder> finders;  // sorted by key; of layers with zones or rows of notices
  answers::Labels labels;
  std::map<std::string, answers::ordered_json> campuses;  // by school
  std::unique_ptr<const SchoolWalks> walks;
  std::shared_ptr<const http::Content> layers_json;
  std::shared_ptr<const http::Content> schools_geojson;
  std::unique_ptr<tiles::TileCache> tile_cache;

  // Position in layers.
  std::optional<std::size_t> find_layer(const engine::LayerKey& key) const;
};

struct OpenOptions {
  std::filesystem::path package;
  std::filesystem::path snapshot;  // empty: index in memory
  std::size_t tile_cache_bytes = 64u << 20;
};

// A snapshot that is not of this package's zones is not used; say() is told why, in one line. Throws InputError of the
// package.
CityService open_city(const OpenOptions& options, const std::function<void(const std::string&)>& say);

}  // namespace catchment::api
