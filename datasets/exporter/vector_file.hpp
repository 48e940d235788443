// Tables of features in the formats other programs read: GeoPackage, GeoJSON (RFC 7946), FlatGeobuf. Positions are
// CGCS2000; GeoJSON, which knows WGS 84 only, has the same numbers (the two are one to centimetres).
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "datasets/feature_file.hpp"

namespace catchment::datasets {

struct VectorRow {
  FeatureGeometry geometry;
  std::vector<FeatureValue> values;
};
struct VectorTable {
  std::string name;  // a plain identifier
  std::string title;
  std::string geometry;  // POINT or MULTIPOLYGON
  std::vector<FeatureColumn> columns;
  std::vector<VectorRow> rows;
};

// Equal tables give equal bytes, but for the date a GeoPackage carries of itself (`date`, YYYY-MM-DD).
void write_geopackage(const std::filesystem::path& file, std::span<const VectorTable> tables, const std::string& date);

enum class VectorFormat { geojson, flatgeobuf };
// One table, through GDAL. Throws std::system_error with what GDAL says.
void write_vector_file(const std::filesystem::path& file, VectorFormat format, const VectorTable& table);

}  // namespace catchment::datasets
