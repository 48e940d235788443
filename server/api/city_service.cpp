#include "server/api/city_service.hpp"

#include <algorithm>
#include <cmath>

#include "datasets/city_names.hpp"
#include "datasets/city_package.hpp"
#include "geo/input_error.hpp"
#include "server/api/city_texts.hpp"

namespace catchment::api {
namespace {

// The snapshot's layers, if they were built from just these zones.
std::optional<std::vector<engine::ZoneLayer>> find_snapshot_layers(const std::filesystem::path& path,
                                                                   std::span<const std::vector<engine::Zone>> zones,
                                                                   const std::function<void(const std::string&)>& say) {
  if (path.empty()) return std::nullopt;
  try {
    std::vector<engine::ZoneLayer> layers = engine::open_layers(geo::Snapshot::open(path));
    const bool same = std::ranges::equal(layers, zones, [](const engine::ZoneLayer& layer, const auto& of_layer) {
      return layer.key() == of_layer.front().layer && layer.fingerprint() == engine::zones_fingerprint(of_layer);
    });
    if (same) return layers;
    say("The snapshot is not of this package's zones; indexing in memory.");
  } catch (const InputError& error) {
    say("The snapshot cannot be used (" + error.code + "); indexing in memory.");
  }
  return std::nullopt;
}

// The snapshot's names, if they are this package's; else built.
void open_names(CityService& city, const datasets::CityPackage& package, const std::filesystem::path& snapshot,
                const std::function<void(const std::string&)>& say) {
  std::optional<geo::Gazetteer> names;
  if (!snapshot.empty()) {
    try {
      names = datasets::find_names(geo::Snapshot::open(snapshot), package);
      if (!names) say("The snapshot has no names of this package; building them.");
    } catch (const InputError& error) {
      say("The snapshot's names cannot be used (" + error.code + "); building them.");
    }
  }
  city.names_from_snapshot = names.has_value();
  if (!names) names = datasets::build_names(package);
  city.names = std::make_unique<const geo::Gazetteer>(std::move(*names));
}

void open_finders(CityService& city, const datasets::CityPackage& package) {
  std::vector<const engine::ZoneLayer*> layers;
  for (const ServedLayer& served : city.layers) layers.push_back(&served.layer);
  city.finders = datasets::build_finders(package, *city.names, layers, datasets::finder_layers(package));
}

std::vector<tiles::TileZone> tile_zones(const engine::ZoneLayer& layer, const CityTexts& texts) {
  std::vector<tiles::TileZone> out;
  for (const engine::ZoneInfo& zone : layer.zones()) {
    tiles::TileZone item{zone.id, zone.name, ""};
    for (const std::string& id : zone.school_ids) {
      if (!item.schools.empty()) item.schools += "、";
      item.schools += texts.school_name(id);
    }
    if (item.name.empty()) item.name = item.schools.empty() ? zone.id : item.schools;
    out.push_back(std::move(item));
  }
  return out;
}

ServedLayer serve(engine::ZoneLayer layer, const CityTexts& texts, std::shared_ptr<const http::Content> zones_geojson,
                  const std::string& schools_etag) {
  tiles::LayerTiles tiles =
      tiles::LayerTiles::build(layer.index(), tile_zones(layer, texts), texts.tile_schools(layer.key().stage));
  ServedLayer served{std::move(layer), std::move(tiles), {}, {}, {}, {}, std::move(zones_geojson), {}};
  const std::string tags = served.zones_geojson->etag + schools_etag;
  served.version = http::make_content("", tags, false)->etag.substr(1, 12);
  served.key_json = key_json(served.layer.key());
  for (const engine::ZoneInfo& zone : served.layer.zones()) {
    served.zone_json.push_back(texts.zone_members(zone));
    served.zone_brief_json.push_back(texts.zone_brief(zone));
  }
  served.tile_json = http::make_content("application/json", tile_json(served, texts.attribution()));
  return served;
}

}  // namespace

std::optional<std::size_t> CityService::find_layer(const engine::LayerKey& key) const {
  const auto found = std::ranges::find_if(layers, [&](const ServedLayer& l) { return l.layer.key() == key; });
  if (found == layers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - layers.begin());
}

CityService open_city(const OpenOptions& options, const std::function<void(const std::string&)>& say) {
  const datasets::CityPackage package = datasets::CityPackage::open(options.package);
  const CityTexts texts(package);
  std::vector<std::vector<engine::Zone>> zones;
  std::vector<std::shared_ptr<const http::Content>> geojson;
  for (const engine::LayerKey& key : package.layers()) {
    zones.push_back(package.zones(key));
    geojson.push_back(http::make_content("application/geo+json", zones_geojson(zones.back())));
  }
  auto layers = find_snapshot_layers(options.snapshot, zones, say);
  CityService city;
  city.from_snapshot = layers.has_value();
  if (!layers) {
    layers.emplace();
    for (const auto& of_layer : zones) layers->push_back(engine::ZoneLayer::build(of_layer.front().layer, of_layer));
  }
  city.schools_geojson = http::make_content("application/geo+json", texts.schools_geojson());
  for (std::size_t i = 0; i < layers->size(); ++i) {
    city.layers.push_back(serve(std::move((*layers)[i]), texts, geojson[i], city.schools_geojson->etag));
  }
  city.city = texts.city();
  city.attribution = texts.attribution();
  city.synthetic = package.synthetic();
  city.schools = texts.school_count();
  city.labels = texts.labels();
  for (const engine::Place& place : package.places()) {
    if (place.kind == "district") city.labels.districts.emplace(place.id, place.name);
  }
  city.campuses = texts.campuses();
  city.walks = std::make_unique<const SchoolWalks>(datasets::read_streets(package), package.campuses());
  open_names(city, package, options.snapshot, say);
  open_finders(city, package);
  city.layers_json = http::make_content("application/json", layers_json(city.layers));
  city.tile_cache = std::make_unique<tiles::TileCache>(options.tile_cache_bytes);
  return city;
}

}  // namespace catchment::api
