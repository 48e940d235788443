// The vector tiles of a layer as files: a folder z/x/y.pbf with a TileJSON, an MBTiles, a PMTiles. The tiles are the
// service's (server/tiles), so a map of a bundle is the map of the page.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "server/publish/bundle_city.hpp"
#include "server/publish/bundle_dir.hpp"
#include "server/tiles/layer_tiles.hpp"

namespace catchment::publish {

struct TileId {
  int zoom = 0;
  std::uint32_t x = 0, y = 0;  // y from the north
  friend auto operator<=>(const TileId&, const TileId&) = default;
};
struct TileSet {
  std::string name, title, attribution;
  geo::Box box;
  int min_zoom = 0, max_zoom = 0;
  std::map<TileId, std::string> tiles;  // encoded, plain; those that hold something
  std::vector<int> colours;             // of the zones, by number
};

// Tiles of zooms kMinZoom to max_zoom. Names that are hidden are not in them. Throws Stopped.
TileSet make_tiles(const BundleCity& city, const BundleLayer& layer, int max_zoom, const Report& report);

std::string tile_json_text(const TileSet& set, const std::string& tiles_path);
void write_mbtiles(const std::filesystem::path& file, const TileSet& set);
std::string pmtiles_bytes(const TileSet& set);  // specification 3: a clustered archive of gzipped tiles

std::string gzip_bytes(std::string_view plain);  // the same for the same bytes

}  // namespace catchment::publish
