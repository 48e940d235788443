// Mapbox Vector Tile 2.1 encoding. Knows tile coordinates and attributes only.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace catchment::tiles {

inline constexpr int kExtent = 4096;  // tile units along a side
inline constexpr int kBuffer = 64;    // units kept beyond it, so that outlines and labels do not break at a seam

// x to the right, y down. The tile is [0, kExtent].
struct TilePoint {
  int x = 0;
  int y = 0;
  friend bool operator==(TilePoint, TilePoint) = default;
};
using TileRing = std::vector<TilePoint>;  // not closed: the first point is not repeated
using TilePath = std::vector<TilePoint>;

struct TilePolygon {
  TileRing shell;
  std::vector<TileRing> holes;
};

// Twice the area by the surveyor's formula: positive is what MVT wants of a shell.
std::int64_t area_twice(std::span<const TilePoint> ring);

using AttributeValue = std::variant<std::string_view, std::int64_t, bool>;
using Attributes = std::span<const std::pair<std::string_view, AttributeValue>>;

class MvtLayer {
 public:
  explicit MvtLayer(std::string_view name) : name_(name) {}

  // Rings are turned as the format wants them; a ring of fewer than three points or no area is left out, and so is a
  // feature without geometry.
  void add_polygons(std::uint64_t id, Attributes attributes, std::span<const TilePolygon> polygons);
  // Paths of fewer than two points are left out.
  void add_paths(std::uint64_t id, Attributes attributes, std::span<const TilePath> paths);
  void add_point(std::uint64_t id, Attributes attributes, TilePoint point);

  bool empty() const { return features_ == 0; }
  // Appends the layer to a tile, if it is not empty.
  void append_to(std::string& tile) const;

 private:
  void add_feature(std::uint64_t id, Attributes attributes, int type, std::span<const std::uint32_t> geometry);
  std::uint32_t value_number(const AttributeValue& value);
  std::uint32_t key_number(std::string_view key);

  std::string name_;
  std::string body_;
  int features_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> keys_;
  std::vector<std::string> key_order_;
  std::map<std::string, std::uint32_t, std::less<>> values_;  // by encoded value
  std::vector<std::string> value_order_;
};

}  // namespace catchment::tiles
