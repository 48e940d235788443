// Vector tiles of one layer of zones. Map layers in a tile:
//   zones        polygons: id, name, schools (names, joined by "、"), colour (0 .. kColours-1, neighbours differ if
//   eight suffice) zone_lines   every border once: outer (true where a zone meets none) zone_labels  one point a zone,
//   in its middle: id, name, schools schools      one point a campus: id, name, campus
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "geo/zone_index.hpp"

namespace catchment::tiles {

inline constexpr int kMinZoom = 6;   // a city is a handful of pixels
inline constexpr int kMaxZoom = 16;  // a tile unit is 15 cm or less; a map may stretch these further
inline constexpr int kColours = 8;

struct TileZone {
  std::string id;
  std::string name;
  std::string schools;
};

struct TileSchool {
  std::string id;  // the school's
  std::string name;
  std::string campus;
  geo::Point position;
};

class LayerTiles {
 public:
  // zones[i] describes zone number i of the index. Simplifies every zoom at once: a tile is then cut in under a
  // millisecond.
  static LayerTiles build(const geo::ZoneIndex& index, std::vector<TileZone> zones, std::vector<TileSchool> schools);

  // An encoded tile; empty if nothing lies in it or there is no such tile. Equal input gives equal bytes.
  std::string tile(int zoom, std::uint32_t x, std::uint32_t y) const;

  const geo::Box& box() const;              // of zones and schools
  const std::vector<int>& colours() const;  // by zone number
  // Zones whose simplified outline had to be repaired, at all zooms together: there a neighbour's line may differ by a
  // unit.
  std::size_t repaired() const;

 private:
  struct Data;
  explicit LayerTiles(std::shared_ptr<const Data> data);
  std::shared_ptr<const Data> data_;
};

}  // namespace catchment::tiles
