#include "server/ogc/item_json.hpp"

#include <array>
#include <charconv>

#include "server/api/json_text.hpp"

namespace catchment::ogc {
namespace {

// Exact, no trailing zeros; four digits after the point make a kFinePerMetre.
void append_fine_metres(std::string& out, std::int64_t value) {
  if (value < 0) {
    out += '-';
    value = -value;
  }
  constexpr auto kPerMetre = static_cast<std::int64_t>(kFinePerMetre);
  std::array<char, 32> text{};
  out.append(text.data(), std::to_chars(text.begin(), text.end(), value / kPerMetre).ptr);
  std::int64_t left = value % kPerMetre;
  if (left == 0) return;
  out += '.';
  for (std::int64_t digit = kPerMetre / 10; left > 0; digit /= 10) {
    out += static_cast<char>('0' + left / digit);
    left %= digit;
  }
}

class GeometryWriter {
 public:
  GeometryWriter(std::string& out, const Collection& collection, const Crs& crs)
      : out_(out), collection_(collection), shapes_(collection.shapes), crs_(crs) {}

  void write(std::size_t feature) {
    const std::uint32_t first = shapes_.features[feature], last = shapes_.features[feature + 1];
    if (first == last) {
      out_ += "null";
    } else if (collection_.geometry == Geometry::point) {
      out_ += R"({"type":"Point","coordinates":)";
      position(shapes_.rings[shapes_.parts[first]]);
      out_ += '}';
    } else if (collection_.geometry == Geometry::multi_point) {
      out_ += R"({"type":"MultiPoint","coordinates":[)";
      for (std::uint32_t p = first; p < last; ++p) {
        if (p > first) out_ += ',';
        position(shapes_.rings[shapes_.parts[p]]);
      }
      out_ += "]}";
    } else {
      out_ += R"({"type":"MultiPolygon","coordinates":[)";
      for (std::uint32_t p = first; p < last; ++p) polygon(p, p > first);
      out_ += "]}";
    }
  }

 private:
  void polygon(std::uint32_t part, bool comma) {
    out_ += comma ? ",[" : "[";
    for (std::uint32_t r = shapes_.parts[part]; r < shapes_.parts[part + 1]; ++r) {
      out_ += r > shapes_.parts[part] ? ",[" : "[";
      for (std::uint32_t v = shapes_.rings[r]; v < shapes_.rings[r + 1]; ++v) {
        position(v);
        out_ += ',';
      }
      if (shapes_.rings[r] < shapes_.rings[r + 1]) position(shapes_.rings[r]);
      out_ += ']';
    }
    out_ += ']';
  }

  void position(std::uint32_t v) {
    out_ += '[';
    for (const bool northing : {crs_.north_first, !crs_.north_first}) {
      if (northing != crs_.north_first) out_ += ',';
      if (crs_.projected) {
        append_fine_metres(out_, northing ? collection_.projected[v].y : collection_.projected[v].x);
      } else {
        api::append_degrees(out_, northing ? shapes_.vertices[v].lat : shapes_.vertices[v].lon);
      }
    }
    out_ += ']';
  }

  std::string& out_;
  const Collection& collection_;
  const Shapes& shapes_;
  const Crs& crs_;
};

}  // namespace

void append_open_feature(std::string& out, const Collection& collection, std::size_t feature, const Crs& crs) {
  out.append(R"({"type":"Feature","id":)").append(api::json_string(collection.ids[feature]));
  out += R"(,"geometry":)";
  GeometryWriter(out, collection, crs).write(feature);
  out.append(R"(,"properties":{)").append(collection.properties[feature]).append("}");
}

ItemPage write_page(const Collection& collection, const Selection& selection, const ItemQuery& query,
                    std::size_t most_bytes) {
  ItemPage page;
  while (page.returned < query.limit && query.offset + page.returned < selection.matched) {
    if (page.features.size() >= most_bytes) break;
    if (page.returned > 0) page.features += ',';
    append_open_feature(page.features, collection, selection.at(query.offset + page.returned), *query.crs);
    page.features += '}';
    ++page.returned;
  }
  return page;
}

}  // namespace catchment::ogc
