#include "server/tiles/mvt.hpp"

#include <algorithm>
#include <protozero/pbf_writer.hpp>

namespace catchment::tiles {
namespace {

// Field numbers of vector_tile.proto 2.1.
enum : protozero::pbf_tag_type { kTileLayer = 3 };
enum : protozero::pbf_tag_type {
  kLayerName = 1,
  kLayerFeature = 2,
  kLayerKey = 3,
  kLayerValue = 4,
  kLayerExtent = 5,
  kLayerVersion = 15
};
enum : protozero::pbf_tag_type { kFeatureId = 1, kFeatureTags = 2, kFeatureType = 3, kFeatureGeometry = 4 };
enum : protozero::pbf_tag_type { kValueString = 1, kValueInt = 4, kValueBool = 7 };
enum : int { kPoint = 1, kLineString = 2, kPolygon = 3 };

class Commands {
 public:
  void move_to(TilePoint p) {
    words_.push_back(1u << 3 | 1u);
    step(p);
  }
  void line_to(std::span<const TilePoint> points) {
    words_.push_back(static_cast<std::uint32_t>(points.size()) << 3 | 2u);
    for (const TilePoint p : points) step(p);
  }
  void close() { words_.push_back(1u << 3 | 7u); }
  std::span<const std::uint32_t> words() const { return words_; }

 private:
  void step(TilePoint p) {
    words_.push_back(protozero::encode_zigzag32(p.x - at_.x));
    words_.push_back(protozero::encode_zigzag32(p.y - at_.y));
    at_ = p;
  }
  std::vector<std::uint32_t> words_;
  TilePoint at_;
};

bool add_ring(Commands& commands, const TileRing& ring, bool shell) {
  if (ring.size() < 3) return false;
  const std::int64_t area = area_twice(ring);
  if (area == 0) return false;
  if ((area > 0) == shell) {
    commands.move_to(ring.front());
    commands.line_to(std::span(ring).subspan(1));
  } else {
    const TileRing turned(ring.rbegin(), ring.rend());
    commands.move_to(turned.front());
    commands.line_to(std::span(turned).subspan(1));
  }
  commands.close();
  return true;
}

}  // namespace

std::int64_t area_twice(std::span<const TilePoint> ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const TilePoint a = ring[i];
    const TilePoint b = ring[i + 1 == ring.size() ? 0 : i + 1];
    sum += std::int64_t{a.x} * b.y - std::int64_t{b.x} * a.y;
  }
  return sum;
}

void MvtLayer::add_polygons(std::uint64_t id, Attributes attributes, std::span<const TilePolygon> polygons) {
  Commands commands;
  for (const TilePolygon& polygon : polygons) {
    if (!add_ring(commands, polygon.shell, true)) continue;
    for (const TileRing& hole : polygon.holes) add_ring(commands, hole, false);
  }
  add_feature(id, attributes, kPolygon, commands.words());
}

void MvtLayer::add_paths(std::uint64_t id, Attributes attributes, std::span<const TilePath> paths) {
  Commands commands;
  for (const TilePath& path : paths) {
    if (path.size() < 2) continue;
    commands.move_to(path.front());
    commands.line_to(std::span(path).subspan(1));
  }
  add_feature(id, attributes, kLineString, commands.words());
}

void MvtLayer::add_point(std::uint64_t id, Attributes attributes, TilePoint point) {
  Commands commands;
  commands.move_to(point);
  add_feature(id, attributes, kPoint, commands.words());
}

void MvtLayer::add_feature(std::uint64_t id, Attributes attributes, int type, std::span<const std::uint32_t> geometry) {
  if (geometry.empty()) return;
  std::vector<std::uint32_t> tags;
  for (const auto& [key, value] : attributes) {
    tags.push_back(key_number(key));
    tags.push_back(value_number(value));
  }
  protozero::pbf_writer layer(body_);
  protozero::pbf_writer feature(layer, kLayerFeature);
  feature.add_uint64(kFeatureId, id);
  feature.add_packed_uint32(kFeatureTags, tags.begin(), tags.end());
  feature.add_enum(kFeatureType, type);
  feature.add_packed_uint32(kFeatureGeometry, geometry.begin(), geometry.end());
  ++features_;
}

std::uint32_t MvtLayer::key_number(std::string_view key) {
  if (const auto found = keys_.find(key); found != keys_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(key_order_.size());
  keys_.emplace(key, number);
  key_order_.emplace_back(key);
  return number;
}

std::uint32_t MvtLayer::value_number(const AttributeValue& value) {
  std::string encoded;
  protozero::pbf_writer writer(encoded);
  if (const auto* text = std::get_if<std::string_view>(&value))
    writer.add_string(kValueString, text->data(), text->size());
  if (const auto* number = std::get_if<std::int64_t>(&value)) writer.add_int64(kValueInt, *number);
  if (const auto* flag = std::get_if<bool>(&value)) writer.add_bool(kValueBool, *flag);
  if (const auto found = values_.find(encoded); found != values_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(value_order_.size());
  values_.emplace(encoded, number);
  value_order_.push_back(std::move(encoded));
  return number;
}

void MvtLayer::append_to(std::string& tile) const {
  if (empty()) return;
  std::string layer = body_;  // protobuf fields may come in any order; name and version follow the features
  protozero::pbf_writer writer(layer);
  writer.add_string(kLayerName, name_);
  for (const std::string& key : key_order_) writer.add_string(kLayerKey, key);
  for (const std::string& value : value_order_) writer.add_message(kLayerValue, value);
  writer.add_uint32(kLayerExtent, kExtent);
  writer.add_uint32(kLayerVersion, 2);
  protozero::pbf_writer(tile).add_message(kTileLayer, layer);
}

}  // namespace catchment::tiles
