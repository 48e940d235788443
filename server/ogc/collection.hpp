// What is published, as plain tables: a collection of features of one kind of geometry, sorted by id.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "datasets/city_package.hpp"
#include "geo/shapes.hpp"
#include "server/ogc/fine_box.hpp"

namespace catchment::ogc {

enum class FieldType { text, texts, whole, date };

struct Field {
  std::string_view name;  // of the property, and of the parameter that filters by it
  FieldType type = FieldType::text;
  bool queryable = false;  // equality; of texts: one of them is equal
  std::string_view zh, en;
};

// Nothing, a text (a date as ISO), a whole number, several texts.
using FieldValue = std::variant<std::monostate, std::string, int, std::vector<std::string>>;

enum class Geometry { point, multi_point, multi_polygon };

// Shapes of all features, flat. A point is a part of one ring of one vertex. Rings are not closed; shells run
// counter-clockwise and holes clockwise, as GeoJSON wants them, from the vertex they are published from.
struct Shapes {
  std::vector<geo::Point> vertices;
  std::vector<std::uint32_t> rings{0};     // ring r has vertices [rings[r], rings[r + 1])
  std::vector<std::uint32_t> parts{0};     // part p has rings [parts[p], parts[p + 1])
  std::vector<std::uint32_t> features{0};  // feature f has parts [features[f], features[f + 1]); none: no geometry
};

// Beijing local time, [begin, end).
struct Interval {
  std::chrono::local_seconds begin = std::chrono::local_seconds::min();
  std::chrono::local_seconds end = std::chrono::local_seconds::max();
};

struct Collection {
  std::string id;  // one segment of a path
  std::string title_zh, title_en, description_zh, description_en;
  Geometry geometry = Geometry::point;
  std::span<const Field> fields;
  std::vector<std::string> ids;    // by feature, sorted as bytes
  std::vector<FieldValue> values;  // feature-major: feature f, field k at f * fields.size() + k
  Shapes shapes;
  std::vector<Interval> times;  // by feature; empty: no feature has a time, and no datetime excludes one
  Interval time;                // that holds all of times
  std::string version;          // changes with anything above

  // Made from the above by finish().
  std::vector<std::string> properties;  // by feature: its members as JSON, without braces
  geo::Box extent;
  std::vector<FineBox> boxes;
  BoxTree tree;
  std::vector<FinePoint> projected;  // by vertex, in the city's projected system; empty if there is none
  std::vector<FineBox> projected_boxes;

  std::size_t size() const { return ids.size(); }
  std::span<const FieldValue> values_of(std::size_t feature) const {
    return std::span(values).subspan(feature * fields.size(), fields.size());
  }
  std::optional<std::size_t> find_feature(std::string_view feature_id) const;
};

struct Published {
  std::string city, attribution;
  bool synthetic = false;
  std::vector<Collection> collections;  // zones by layer (newest year first within a stage), schools, campuses, units
  std::string projected_code;           // "EPSG:4547", of the city's middle; empty: far from China's systems
  bool projected_north_first = false;   // the authority's order of axes

  const Collection* find(std::string_view id) const;
};

// Zones of a layer hold from their own dates, else for their school year (from 1 September).
Published publish(const datasets::CityPackage& package);

}  // namespace catchment::ogc
