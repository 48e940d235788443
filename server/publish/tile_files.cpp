#include "server/publish/tile_files.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <stdexcept>

#include "datasets/sqlite.hpp"

namespace catchment::publish {
namespace {

using nlohmann::ordered_json;

std::vector<tiles::TileZone> zones_of_tiles(const BundleCity& city, const BundleLayer& layer) {
  std::vector<tiles::TileZone> out;
  for (const engine::Zone& zone : layer.zones) {
    std::string schools;
    for (const std::string& id : zone.school_ids) schools += (schools.empty() ? "" : "、") + city.school_name(id);
    out.push_back({zone.id, city.zone_label(zone), schools});
  }
  return out;
}

std::vector<tiles::TileSchool> schools_of_tiles(const BundleCity& city, engine::Stage stage) {
  std::vector<tiles::TileSchool> out;
  for (const auto& [id, school] : city.schools) {
    if (school.status == "closed" || std::ranges::find(school.stages, stage) == school.stages.end()) continue;
    const auto campuses = city.campuses.find(id);
    if (campuses == city.campuses.end()) continue;
    for (const engine::Campus& campus : campuses->second)
      out.push_back({id, school.name, campus.name, campus.position});
  }
  return out;
}

std::uint32_t column_at(std::int32_t lon, int zoom) {
  const double share = (geo::to_degrees({lon, 0}).lon + 180) / 360;
  return static_cast<std::uint32_t>(std::clamp(share, 0.0, 0.9999999) * std::ldexp(1.0, zoom));
}

std::uint32_t row_at(std::int32_t lat, int zoom) {
  const double radians = std::clamp(geo::to_degrees({0, lat}).lat, -85.0511, 85.0511) * std::numbers::pi / 180;
  const double share = (1 - std::asinh(std::tan(radians)) / std::numbers::pi) / 2;
  return static_cast<std::uint32_t>(std::clamp(share, 0.0, 0.9999999) * std::ldexp(1.0, zoom));
}

ordered_json vector_layers() {
  return {{{"id", "zones"},
           {"fields", {{"id", "String"}, {"name", "String"}, {"schools", "String"}, {"colour", "Number"}}}},
          {{"id", "zone_lines"}, {"fields", {{"outer", "Boolean"}}}},
          {{"id", "zone_labels"}, {"fields", {{"id", "String"}, {"name", "String"}, {"schools", "String"}}}},
          {{"id", "schools"}, {"fields", {{"id", "String"}, {"name", "String"}, {"campus", "String"}}}}};
}

ordered_json bounds_of(const TileSet& set) {
  const geo::Degrees min = geo::to_degrees(set.box.min), max = geo::to_degrees(set.box.max);
  return {min.lon, min.lat, max.lon, max.lat};
}

// --- PMTiles ------------------------------------------------------------------------------------------------------

// The place of a tile on the Hilbert curve of its zoom, behind all tiles of lower zooms.
std::uint64_t hilbert_id(const TileId& tile) {
  std::uint64_t id = ((std::uint64_t{1} << (2 * tile.zoom)) - 1) / 3;
  std::uint64_t x = tile.x, y = tile.y;
  for (std::uint64_t side = std::uint64_t{1} << tile.zoom >> 1; side > 0; side >>= 1) {
    const std::uint64_t right = (x & side) != 0, lower = (y & side) != 0;
    id += side * side * ((3 * right) ^ lower);
    if (lower == 0) {
      if (right == 1) x = side - 1 - (x & (side - 1)), y = side - 1 - (y & (side - 1));
      std::swap(x, y);
    }
    x &= side - 1, y &= side - 1;
  }
  return id;
}

struct PmEntry {
  std::uint64_t id = 0, offset = 0, length = 0, run = 1;  // run 0: a leaf directory
};

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80u);
  out += static_cast<char>(value);
}

std::string pm_directory(std::span<const PmEntry> entries) {
  std::string out;
  put_varint(out, entries.size());
  std::uint64_t last = 0;
  for (const PmEntry& e : entries) put_varint(out, e.id - last), last = e.id;
  for (const PmEntry& e : entries) put_varint(out, e.run);
  for (const PmEntry& e : entries) put_varint(out, e.length);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool follows = i > 0 && entries[i].offset == entries[i - 1].offset + entries[i - 1].length;
    put_varint(out, follows ? 0 : entries[i].offset + 1);
  }
  return gzip_bytes(out);
}

void put_number(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

constexpr std::size_t kPmHeader = 127;
constexpr std::size_t kPmRootLimit = 16384 - kPmHeader;
constexpr std::size_t kPmLeaf = 4096;

// The root, and the leaves where all entries do not fit into it.
std::pair<std::string, std::string> pm_directories(const std::vector<PmEntry>& entries) {
  std::string root = pm_directory(entries);
  if (root.size() <= kPmRootLimit) return {root, ""};
  for (std::size_t size = kPmLeaf;; size *= 2) {
    std::string leaves;
    std::vector<PmEntry> tops;
    for (std::size_t first = 0; first < entries.size(); first += size) {
      const std::span part = std::span(entries).subspan(first, std::min(size, entries.size() - first));
      const std::string leaf = pm_directory(part);
      tops.push_back({part.front().id, leaves.size(), leaf.size(), 0});
      leaves += leaf;
    }
    root = pm_directory(tops);
    if (root.size() <= kPmRootLimit) return {root, leaves};
  }
}

std::string pm_metadata(const TileSet& set) {
  return ordered_json{
      {"name", set.title}, {"attribution", set.attribution}, {"type", "overlay"}, {"vector_layers", vector_layers()}}
      .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string gzip_bytes(std::string_view plain) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string out(deflateBound(&stream, static_cast<uLong>(plain.size())) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (done != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
  return out;
}

TileSet make_tiles(const BundleCity& city, const BundleLayer& layer, int max_zoom, const Report& report) {
  tell(report, "tiles", 0);
  const tiles::LayerTiles made = tiles::LayerTiles::build(layer.layer->index(), zones_of_tiles(city, layer),
                                                          schools_of_tiles(city, layer.key.stage));
  TileSet set{layer.name,    engine::to_text(layer.key), city.attribution, made.box(), tiles::kMinZoom, max_zoom, {},
              made.colours()};
  if (set.box.empty()) return set;
  for (int zoom = set.min_zoom; zoom <= max_zoom; ++zoom) {
    const std::uint32_t left = column_at(set.box.min.lon, zoom), right = column_at(set.box.max.lon, zoom);
    const std::uint32_t top = row_at(set.box.max.lat, zoom), bottom = row_at(set.box.min.lat, zoom);
    for (std::uint32_t x = left; x <= right; ++x) {
      tell(report, "tiles", (zoom - set.min_zoom + (x - left) / (right - left + 1.0)) / (max_zoom - set.min_zoom + 1));
      for (std::uint32_t y = top; y <= bottom; ++y) {
        std::string tile = made.tile(zoom, x, y);
        if (!tile.empty()) set.tiles.emplace(TileId{zoom, x, y}, std::move(tile));
      }
    }
  }
  return set;
}

std::string tile_json_text(const TileSet& set, const std::string& tiles_path) {
  ordered_json json{{"tilejson", "3.0.0"},   {"name", set.title},       {"scheme", "xyz"},
                    {"tiles", {tiles_path}}, {"minzoom", set.min_zoom}, {"maxzoom", set.max_zoom}};
  if (!set.attribution.empty()) json["attribution"] = set.attribution;
  if (!set.box.empty()) json["bounds"] = bounds_of(set);
  json["vector_layers"] = vector_layers();
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

void write_mbtiles(const std::filesystem::path& file, const TileSet& set) {
  datasets::Database database = datasets::Database::open(file, datasets::Database::Mode::write);
  database.execute(
      "PRAGMA application_id = 1297105496; BEGIN;"
      "CREATE TABLE metadata (name TEXT, value TEXT); CREATE UNIQUE INDEX metadata_name ON metadata (name);"
      "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);"
      "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);");
  std::string bounds;
  if (!set.box.empty()) {
    for (const auto& number : bounds_of(set)) bounds += (bounds.empty() ? "" : ",") + number.dump();
  }
  auto entry = database.prepare("INSERT INTO metadata VALUES (?, ?)");
  const std::pair<std::string, std::string> facts[]{{"name", set.title},
                                                    {"format", "pbf"},
                                                    {"bounds", bounds},
                                                    {"minzoom", std::to_string(set.min_zoom)},
                                                    {"type", "overlay"},
                                                    {"maxzoom", std::to_string(set.max_zoom)},
                                                    {"attribution", set.attribution},
                                                    {"json", ordered_json{{"vector_layers", vector_layers()}}.dump()}};
  for (const auto& [name, value] : facts) {
    entry.bind(0, std::string_view(name));
    entry.bind(1, std::string_view(value));
    entry.run();
  }
  auto insert = database.prepare("INSERT INTO tiles VALUES (?, ?, ?, ?)");
  for (const auto& [id, tile] : set.tiles) {
    const std::string packed = gzip_bytes(tile);
    insert.bind(0, std::int64_t{id.zoom});
    insert.bind(1, std::int64_t{id.x});
    insert.bind(2, (std::int64_t{1} << id.zoom) - 1 - std::int64_t{id.y});  // rows count from the south
    insert.bind(3, std::as_bytes(std::span(packed)));
    insert.run();
  }
  database.execute("COMMIT");
}

std::string pmtiles_bytes(const TileSet& set) {
  std::map<std::uint64_t, const std::string*> in_order;
  for (const auto& [id, tile] : set.tiles) in_order.emplace(hilbert_id(id), &tile);
  std::vector<PmEntry> entries;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>, std::less<>> places;  // equal tiles lie there once
  std::string data;
  for (const auto& [id, tile] : in_order) {
    auto place = places.find(*tile);
    if (place == places.end()) {
      const std::string packed = gzip_bytes(*tile);
      place = places.emplace(*tile, std::pair(data.size(), packed.size())).first;
      data += packed;
    }
    PmEntry* const last = entries.empty() ? nullptr : &entries.back();
    if (last != nullptr && last->id + last->run == id && last->offset == place->second.first) {
      ++last->run;
    } else {
      entries.push_back({id, place->second.first, place->second.second, 1});
    }
  }
  const auto [root, leaves] = pm_directories(entries);
  const std::string metadata = gzip_bytes(pm_metadata(set));
  std::string out = "PMTiles\x03";
  std::uint64_t at = kPmHeader;
  for (const std::size_t size : {root.size(), metadata.size(), leaves.size(), data.size()}) {
    put_number(out, at, 8), put_number(out, size, 8);
    at += size;
  }
  put_number(out, set.tiles.size(), 8), put_number(out, entries.size(), 8), put_number(out, places.size(), 8);
  out += std::string("\x01\x02\x02\x01", 4);  // clustered; directories and tiles gzipped; MVT
  put_number(out, static_cast<std::uint64_t>(set.min_zoom), 1),
      put_number(out, static_cast<std::uint64_t>(set.max_zoom), 1);
  const geo::Box box = set.box.empty() ? geo::Box{{0, 0}, {0, 0}} : set.box;
  const auto put_place = [&](std::int64_t lon, std::int64_t lat) {
    put_number(out, static_cast<std::uint32_t>(lon), 4), put_number(out, static_cast<std::uint32_t>(lat), 4);
  };
  put_place(box.min.lon, box.min.lat), put_place(box.max.lon, box.max.lat);
  put_number(out, static_cast<std::uint64_t>(std::min(set.max_zoom, 10)), 1);
  put_place((std::int64_t{box.min.lon} + box.max.lon) / 2, (std::int64_t{box.min.lat} + box.max.lat) / 2);
  return out + root + metadata + leaves + data;
}

}  // namespace catchment::publish
