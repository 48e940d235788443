// Reads a vector tile back by the letter of the specification, apart from the encoder. Throws std::runtime_error on
// what is not allowed: unknown commands, shells and holes out of order or wound wrongly, tags without key or value.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/tiles/mvt.hpp"

namespace catchment::test {

struct ReadFeature {
  std::uint64_t id = 0;
  std::map<std::string, std::string> attributes;  // numbers and booleans as text
  std::vector<tiles::TilePolygon> polygons;
  std::vector<tiles::TilePath> paths;
  std::vector<tiles::TilePoint> points;
};

using ReadTile = std::map<std::string, std::vector<ReadFeature>>;  // by layer

ReadTile read_tile(const std::string& bytes);

}  // namespace catchment::test
