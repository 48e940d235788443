#include "server/ogc/finish.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "geo/input_error.hpp"
#include "geo/projection.hpp"
#include "server/api/json_text.hpp"

namespace catchment::ogc {
namespace {

// EPSG's CGCS2000 / 3-degree Gauss-Kruger systems without zone number: one every three degrees of longitude.
constexpr int kFirstMeridian = 75, kLastMeridian = 135, kFirstCode = 4534;

std::string value_json(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return api::json_string(*text);
  if (const auto* number = std::get_if<int>(&value)) return std::to_string(*number);
  const auto* texts = std::get_if<std::vector<std::string>>(&value);
  if (texts == nullptr) return "null";
  std::string out = "[";
  for (const std::string& text : *texts) out.append(out.size() > 1 ? "," : "").append(api::json_string(text));
  return out.append("]");
}

std::string members_json(const Collection& collection, std::size_t feature) {
  std::string out;
  const auto values = collection.values_of(feature);
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (k > 0) out += ',';
    out.append(api::json_string(collection.fields[k].name)).append(":").append(value_json(values[k]));
  }
  return out;
}

// Calls visit(vertex number) for all vertices of a feature.
template <class Visit>
void for_each_vertex(const Shapes& shapes, std::size_t feature, Visit&& visit) {
  const std::uint32_t begin = shapes.rings[shapes.parts[shapes.features[feature]]];
  const std::uint32_t end = shapes.rings[shapes.parts[shapes.features[feature + 1]]];
  for (std::uint32_t v = begin; v < end; ++v) visit(v);
}

std::string version_of(const Collection& collection) {
  std::uint64_t hash = 0;
  const auto add = [&](const void* bytes, std::size_t size) { hash = XXH3_64bits_withSeed(bytes, size, hash + size); };
  const auto add_text = [&](const std::string& text) { add(text.data(), text.size()); };
  for (const std::string* text : {&collection.id, &collection.title_zh, &collection.title_en,
                                  &collection.description_zh, &collection.description_en})
    add_text(*text);
  for (const std::string& text : collection.properties) add_text(text);
  for (const Interval& time : collection.times) {
    for (const auto moment : {time.begin, time.end}) {
      const std::int64_t seconds = moment.time_since_epoch().count();
      add(&seconds, sizeof seconds);
    }
  }
  add(collection.shapes.vertices.data(), collection.shapes.vertices.size() * sizeof(geo::Point));
  for (const auto* offsets : {&collection.shapes.rings, &collection.shapes.parts, &collection.shapes.features})
    add(offsets->data(), offsets->size() * sizeof(std::uint32_t));
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
  return text.data();
}

void end_feature(Shapes& shapes) { shapes.features.push_back(static_cast<std::uint32_t>(shapes.parts.size() - 1)); }
void end_part(Shapes& shapes) { shapes.parts.push_back(static_cast<std::uint32_t>(shapes.rings.size() - 1)); }
void end_ring(Shapes& shapes) { shapes.rings.push_back(static_cast<std::uint32_t>(shapes.vertices.size())); }

void add_ring(Shapes& shapes, const geo::Ring& ring, bool counter_clockwise) {
  const bool turn = (geo::signed_area_twice(ring) > 0) != counter_clockwise;
  for (std::size_t i = 0; i < ring.size(); ++i) shapes.vertices.push_back(ring[turn && i > 0 ? ring.size() - i : i]);
  end_ring(shapes);
}

// The collection in the system, or nothing if one of its vertices cannot be.
void project_collection(Collection& collection, const geo::Projection& projection) {
  collection.projected.reserve(collection.shapes.vertices.size());
  for (const geo::Point p : collection.shapes.vertices) {
    const auto xy = projection.from_cgcs2000(geo::to_degrees(p));
    if (!xy) {
      collection.projected.clear();
      return;
    }
    collection.projected.push_back({std::llround(xy->x * kFinePerMetre), std::llround(xy->y * kFinePerMetre)});
  }
  for (std::size_t f = 0; f < collection.size(); ++f) {
    FineBox& box = collection.projected_boxes.emplace_back();
    for_each_vertex(collection.shapes, f, [&](std::uint32_t v) { box.extend(collection.projected[v]); });
  }
}

}  // namespace

void add_shape(Shapes& shapes, std::span<const geo::Point> points) {
  for (const geo::Point p : points) {
    shapes.vertices.push_back(p);
    end_ring(shapes);
    end_part(shapes);
  }
  end_feature(shapes);
}

void add_shape(Shapes& shapes, const geo::MultiPolygon& area) {
  for (const geo::Polygon& part : area) {
    add_ring(shapes, part.shell, true);
    for (const geo::Ring& hole : part.holes) add_ring(shapes, hole, false);
    end_part(shapes);
  }
  end_feature(shapes);
}

void finish(Collection& collection) {
  for (std::size_t f = 0; f < collection.size(); ++f) {
    if (f > 0 && collection.ids[f - 1] >= collection.ids[f])
      throw InputError("package_corrupt", collection.id, "an id occurs twice");
    collection.properties.push_back(members_json(collection, f));
    FineBox& box = collection.boxes.emplace_back();
    for_each_vertex(collection.shapes, f, [&](std::uint32_t v) {
      collection.extent.extend(collection.shapes.vertices[v]);
      box.extend(fine(collection.shapes.vertices[v]));
    });
  }
  collection.tree = BoxTree(collection.boxes);
  if (!collection.times.empty()) {
    collection.time = collection.times.front();
    for (const Interval& time : collection.times) {
      collection.time.begin = std::min(collection.time.begin, time.begin);
      collection.time.end = std::max(collection.time.end, time.end);
    }
  }
  collection.version = version_of(collection);
}

void project(Published& published) {
  geo::Box extent;
  for (const Collection& collection : published.collections) extent.extend(collection.extent);
  if (extent.empty()) return;
  const double middle = (extent.min.lon + static_cast<double>(extent.max.lon)) / 2 / geo::kUnitsPerDegree;
  const int meridian = static_cast<int>(std::lround(middle / 3)) * 3;
  if (meridian < kFirstMeridian || meridian > kLastMeridian) return;
  published.projected_code = std::string("EPSG:").append(std::to_string(kFirstCode + (meridian - kFirstMeridian) / 3));
  const geo::Projection projection(geo::parse_crs(published.projected_code));
  published.projected_north_first = projection.authority_puts_north_first();
  for (Collection& collection : published.collections) project_collection(collection, projection);
}

}  // namespace catchment::ogc
