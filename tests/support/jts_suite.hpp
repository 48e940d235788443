// Reads the XML test suites of JTS and GEOS: cases of two geometries with operations and expected results.
#pragma once

#include <expat.h>
#include <geos_c.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::test {

struct JtsOperation {
  std::string name;  // lower case
  std::string argument[3];
  std::string result;
};

struct JtsCase {
  std::string description;
  std::string a;  // WKT or hexadecimal WKB
  std::string b;
  std::vector<JtsOperation> operations;
};

inline std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}
inline std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

class JtsReader {
 public:
  static std::vector<JtsCase> read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    JtsReader reader;
    XML_Parser parser = XML_ParserCreate(nullptr);
    XML_SetUserData(parser, &reader);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, [](void* self, const char* s, int n) {
      static_cast<JtsReader*>(self)->text_.append(s, static_cast<std::size_t>(n));
    });
    const auto status = XML_Parse(parser, text.data(), static_cast<int>(text.size()), 1);
    XML_ParserFree(parser);
    if (status != XML_STATUS_OK) throw std::runtime_error("not well-formed: " + path.string());
    return reader.cases_;
  }

 private:
  static void start(void* self, const char* name, const char** attributes) {
    auto& reader = *static_cast<JtsReader*>(self);
    const std::string tag = name;
    reader.text_.clear();
    if (tag == "case") reader.cases_.emplace_back();
    if (tag != "op") return;
    JtsOperation operation;
    for (; *attributes != nullptr; attributes += 2) {
      const std::string key = attributes[0];
      if (key == "name") operation.name = lower(attributes[1]);
      if (key == "arg1") operation.argument[0] = lower(attributes[1]);
      if (key == "arg2") operation.argument[1] = lower(attributes[1]);
      if (key == "arg3") operation.argument[2] = attributes[1];
    }
    reader.cases_.back().operations.push_back(operation);
  }
  static void end(void* self, const char* name) {
    auto& reader = *static_cast<JtsReader*>(self);
    if (reader.cases_.empty()) return;
    const std::string tag = name;
    JtsCase& c = reader.cases_.back();
    if (tag == "desc") c.description = trimmed(reader.text_);
    if (tag == "a") c.a = trimmed(reader.text_);
    if (tag == "b") c.b = trimmed(reader.text_);
    if (tag == "op") c.operations.back().result = lower(trimmed(reader.text_));
  }

  std::vector<JtsCase> cases_;
  std::string text_;
};

// A geometry in the suite's own coordinates.
struct JtsShape {
  enum class Kind { points, area, other } kind = Kind::other;
  using Path = std::vector<std::pair<double, double>>;
  Path points;
  std::vector<std::vector<Path>> parts;  // of an area: shell, holes; rings closed as written
};

class JtsGeometryReader {
 public:
  JtsGeometryReader()
      : handle_(GEOS_init_r()), wkt_(GEOSWKTReader_create_r(handle_)), wkb_(GEOSWKBReader_create_r(handle_)) {}
  ~JtsGeometryReader() {
    GEOSWKTReader_destroy_r(handle_, wkt_);
    GEOSWKBReader_destroy_r(handle_, wkb_);
    GEOS_finish_r(handle_);
  }
  JtsGeometryReader(const JtsGeometryReader&) = delete;
  JtsGeometryReader& operator=(const JtsGeometryReader&) = delete;

  // Empty if GEOS cannot read it.
  std::optional<JtsShape> read(const std::string& text) {
    if (text.empty()) return std::nullopt;
    std::string hex = text;
    std::erase_if(hex, [](unsigned char c) { return std::isspace(c) != 0; });
    const bool is_hex = std::all_of(hex.begin(), hex.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
    GEOSGeometry* g =
        is_hex ? GEOSWKBReader_readHEX_r(handle_, wkb_, reinterpret_cast<const unsigned char*>(hex.data()), hex.size())
               : GEOSWKTReader_read_r(handle_, wkt_, text.c_str());
    if (g == nullptr) return std::nullopt;
    JtsShape shape;
    append(g, shape, true);
    GEOSGeom_destroy_r(handle_, g);
    return shape;
  }

 private:
  void append(const GEOSGeometry* g, JtsShape& shape, bool top) {
    const int type = GEOSGeomTypeId_r(handle_, g);
    if (top) {
      const bool points = type == GEOS_POINT || type == GEOS_MULTIPOINT;
      const bool area = type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON;
      shape.kind = points ? JtsShape::Kind::points : area ? JtsShape::Kind::area : JtsShape::Kind::other;
      if (!points && !area) return;
    }
    if (type == GEOS_MULTIPOINT || type == GEOS_MULTIPOLYGON) {
      for (int i = 0; i < GEOSGetNumGeometries_r(handle_, g); ++i)
        append(GEOSGetGeometryN_r(handle_, g, i), shape, false);
    } else if (GEOSisEmpty_r(handle_, g) == 1) {
      return;
    } else if (type == GEOS_POINT) {
      shape.points.push_back(path(g)[0]);
    } else {
      shape.parts.emplace_back();
      shape.parts.back().push_back(path(GEOSGetExteriorRing_r(handle_, g)));
      for (int i = 0; i < GEOSGetNumInteriorRings_r(handle_, g); ++i) {
        shape.parts.back().push_back(path(GEOSGetInteriorRingN_r(handle_, g, i)));
      }
    }
  }
  JtsShape::Path path(const GEOSGeometry* g) {
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(handle_, g);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(handle_, sequence, &size);
    JtsShape::Path out(size);
    for (unsigned i = 0; i < size; ++i) GEOSCoordSeq_getXY_r(handle_, sequence, i, &out[i].first, &out[i].second);
    return out;
  }

  GEOSContextHandle_t handle_;
  GEOSWKTReader* wkt_;
  GEOSWKBReader* wkb_;
};

// Multiplies by the least power of ten that makes every coordinate of a case whole, and moves the case to positive
// coordinates: an exact similarity of the decimals as written, so every relation stays.
class GridScale {
 public:
  // False if a coordinate is not finite, or the scaled case is wider than the index' limit of 107 degrees.
  bool fit(const std::vector<const JtsShape*>& shapes) {
    std::vector<double> values[2];
    for (const JtsShape* shape : shapes) {
      for_each_point(*shape, [&](std::pair<double, double> p) {
        values[0].push_back(p.first);
        values[1].push_back(p.second);
      });
    }
    int decimals = 0;
    for (const auto& axis : values) {
      for (const double v : axis) {
        if (!std::isfinite(v)) return false;
        decimals = std::max(decimals, count_decimals(v));
      }
    }
    scale_ = std::pow(10.0, decimals);
    for (int axis = 0; axis < 2; ++axis) {
      if (values[axis].empty()) continue;
      const auto [low, high] = std::minmax_element(values[axis].begin(), values[axis].end());
      low_[axis] = std::nearbyint(*low * scale_);
      if (*high * scale_ - low_[axis] > 8.9e8) return false;
    }
    return true;
  }
  geo::Point at(std::pair<double, double> p) const {
    return {static_cast<std::int32_t>(std::nearbyint(p.first * scale_) - low_[0]),
            static_cast<std::int32_t>(std::nearbyint(p.second * scale_) - low_[1])};
  }
  geo::MultiPolygon area(const JtsShape& shape) const {
    geo::MultiPolygon out;
    for (const auto& part : shape.parts) {
      out.emplace_back();
      for (std::size_t r = 0; r < part.size(); ++r) {
        geo::Ring ring;
        for (const auto& p : part[r]) ring.push_back(at(p));
        if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
        if (r == 0) {
          out.back().shell = std::move(ring);
        } else if (!ring.empty()) {
          out.back().holes.push_back(std::move(ring));
        }
      }
    }
    return out;
  }

 private:
  template <class Visit>
  static void for_each_point(const JtsShape& shape, Visit&& visit) {
    for (const auto& p : shape.points) visit(p);
    for (const auto& part : shape.parts) {
      for (const auto& ring : part) {
        for (const auto& p : ring) visit(p);
      }
    }
  }
  static int count_decimals(double v) {
    char text[400];
    const auto end = std::to_chars(text, text + sizeof text, v, std::chars_format::fixed).ptr;
    const char* dot = std::find(text, end, '.');
    return dot == end ? 0 : static_cast<int>(end - dot - 1);
  }

  double scale_ = 1;
  double low_[2] = {0, 0};
};

}  // namespace catchment::test
