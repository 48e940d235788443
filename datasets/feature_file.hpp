// A GeoPackage of results for QGIS: any feature tables, every one with a text or number in each column.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::datasets {

struct FeatureColumn {
  std::string name;
  std::string type;  // TEXT, REAL or INTEGER
};
using FeatureValue = std::variant<std::string, double, std::int64_t>;
using FeatureGeometry = std::variant<std::monostate, geo::Point, geo::Polyline, geo::MultiPolygon>;

// Written beside the target and renamed over it by commit(): the target is the old file or the whole new one.
class FeatureFile {
 public:
  explicit FeatureFile(const std::filesystem::path& target);
  ~FeatureFile();
  FeatureFile(const FeatureFile&) = delete;
  FeatureFile& operator=(const FeatureFile&) = delete;

  // geometry: POINT, LINESTRING or MULTIPOLYGON. Names are plain identifiers.
  void add_table(const std::string& name, const std::string& title, const std::string& geometry,
                 const std::vector<FeatureColumn>& columns);
  // To the table added under this name; values in the order of its columns. monostate: no geometry.
  void add(const std::string& table, const FeatureGeometry& geometry, const std::vector<FeatureValue>& values);
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::datasets
