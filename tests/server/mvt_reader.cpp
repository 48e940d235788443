#include "tests/server/mvt_reader.hpp"

#include <protozero/pbf_reader.hpp>
#include <stdexcept>

namespace catchment::test {
namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(what);
}

std::string read_value(protozero::data_view bytes) {
  protozero::pbf_reader value(bytes);
  require(value.next(), "empty value");
  switch (value.tag()) {
    case 1:
      return value.get_string();
    case 4:
      return std::to_string(value.get_int64());
    case 7:
      return value.get_bool() ? "true" : "false";
    default:
      throw std::runtime_error("value type");
  }
}

struct Cursor {
  std::vector<std::uint32_t> words;
  std::size_t at = 0;
  tiles::TilePoint place;

  bool done() const { return at == words.size(); }
  std::uint32_t next() {
    require(at < words.size(), "geometry cut short");
    return words[at++];
  }
  tiles::TilePoint step() {
    place.x += protozero::decode_zigzag32(next());
    place.y += protozero::decode_zigzag32(next());
    return place;
  }
  tiles::TilePath line(std::size_t at_least) {
    require(next() == (1u << 3 | 1u), "MoveTo of one point expected");
    tiles::TilePath path{step()};
    const std::uint32_t command = next();
    require((command & 7u) == 2 && (command >> 3) >= at_least, "LineTo expected");
    for (std::uint32_t i = 0; i < command >> 3; ++i) {
      const tiles::TilePoint p = step();
      require(!(p == path.back()), "a step of no length");
      path.push_back(p);
    }
    return path;
  }
};

void read_geometry(int type, std::vector<std::uint32_t> words, ReadFeature& feature) {
  Cursor cursor{std::move(words), 0, {}};
  while (!cursor.done()) {
    if (type == 1) {
      require(cursor.next() == (1u << 3 | 1u), "one point expected");
      feature.points.push_back(cursor.step());
    } else if (type == 2) {
      feature.paths.push_back(cursor.line(1));
    } else {
      tiles::TileRing ring = cursor.line(2);
      require(cursor.next() == (1u << 3 | 7u), "ClosePath expected");
      require(!(ring.front() == ring.back()), "a ring that repeats its first point");
      const std::int64_t area = tiles::area_twice(ring);
      require(area != 0, "a ring of no area");
      if (area > 0) {
        feature.polygons.push_back({std::move(ring), {}});
      } else {
        require(!feature.polygons.empty(), "a hole before any shell");
        feature.polygons.back().holes.push_back(std::move(ring));
      }
    }
  }
}

}  // namespace

ReadTile read_tile(const std::string& bytes) {
  ReadTile tile;
  protozero::pbf_reader reader(bytes);
  while (reader.next(3)) {
    std::string name;
    std::vector<std::string> keys, values;
    std::vector<protozero::data_view> features;
    std::uint32_t version = 0, extent = 0;
    protozero::pbf_reader layer(reader.get_view());
    while (layer.next()) {
      switch (layer.tag()) {
        case 1:
          name = layer.get_string();
          break;
        case 2:
          features.push_back(layer.get_view());
          break;
        case 3:
          keys.push_back(layer.get_string());
          break;
        case 4:
          values.push_back(read_value(layer.get_view()));
          break;
        case 5:
          extent = layer.get_uint32();
          break;
        case 15:
          version = layer.get_uint32();
          break;
        default:
          throw std::runtime_error("unknown field of a layer");
      }
    }
    require(version == 2 && extent == tiles::kExtent && !name.empty() && !tile.contains(name), "layer header");
    for (const auto view : features) {
      ReadFeature feature;
      int type = 0;
      std::vector<std::uint32_t> tags, words;
      protozero::pbf_reader fields(view);
      while (fields.next()) {
        switch (fields.tag()) {
          case 1:
            feature.id = fields.get_uint64();
            break;
          case 2:
            for (const auto v : fields.get_packed_uint32()) tags.push_back(v);
            break;
          case 3:
            type = fields.get_enum();
            break;
          case 4:
            for (const auto v : fields.get_packed_uint32()) words.push_back(v);
            break;
          default:
            throw std::runtime_error("unknown field of a feature");
        }
      }
      require(tags.size() % 2 == 0 && !words.empty(), "tags in pairs, some geometry");
      for (std::size_t i = 0; i < tags.size(); i += 2) feature.attributes[keys.at(tags[i])] = values.at(tags[i + 1]);
      read_geometry(type, std::move(words), feature);
      tile[name].push_back(std::move(feature));
    }
  }
  return tile;
}

}  // namespace catchment::test
