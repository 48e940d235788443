#include "datasets/exporter/vector_file.hpp"

#include <cpl_conv.h>
#include <ogrsf_frmts.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "datasets/gpkg_file.hpp"
#include "datasets/importer/gdal_setup.hpp"
#include "datasets/sqlite.hpp"

namespace catchment::datasets {
namespace {

OGRFieldType field_type(const std::string& type) {
  return type == "INTEGER" ? OFTInteger64 : type == "REAL" ? OFTReal : OFTString;
}

std::unique_ptr<OGRLinearRing> ogr_ring(const geo::Ring& ring) {
  auto out = std::make_unique<OGRLinearRing>();
  for (const geo::Point p : ring) {
    const geo::Degrees d = geo::to_degrees(p);
    out->addPoint(d.lon, d.lat);
  }
  out->closeRings();
  return out;
}

std::unique_ptr<OGRGeometry> ogr_shape(const geo::MultiPolygon& shape) {
  auto out = std::make_unique<OGRMultiPolygon>();
  for (const geo::Polygon& part : shape) {
    auto polygon = std::make_unique<OGRPolygon>();
    polygon->addRingDirectly(ogr_ring(part.shell).release());
    for (const geo::Ring& hole : part.holes) polygon->addRingDirectly(ogr_ring(hole).release());
    out->addGeometryDirectly(polygon.release());
  }
  return out;
}

std::unique_ptr<OGRGeometry> ogr_geometry(const FeatureGeometry& geometry) {
  if (const auto* point = std::get_if<geo::Point>(&geometry)) {
    const geo::Degrees d = geo::to_degrees(*point);
    return std::make_unique<OGRPoint>(d.lon, d.lat);
  }
  if (const auto* area = std::get_if<geo::MultiPolygon>(&geometry)) return ogr_shape(*area);
  return nullptr;
}

void set_field(OGRFeature& feature, int index, const FeatureValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    feature.SetField(index, text->c_str());
  } else if (const auto* number = std::get_if<double>(&value)) {
    feature.SetField(index, *number);
  } else {
    feature.SetField(index, static_cast<GIntBig>(std::get<std::int64_t>(value)));
  }
}

[[noreturn]] void fail_of_gdal(const std::filesystem::path& file, const GdalMessages& messages) {
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), file.string() + ": " + messages.failure());
}

void write_rows(OGRLayer& layer, const VectorTable& table, const std::filesystem::path& file,
                const GdalMessages& messages) {
  for (const FeatureColumn& column : table.columns) {
    OGRFieldDefn field(column.name.c_str(), field_type(column.type));
    if (layer.CreateField(&field) != OGRERR_NONE) fail_of_gdal(file, messages);
  }
  for (const VectorRow& row : table.rows) {
    OGRFeature feature(layer.GetLayerDefn());
    for (std::size_t i = 0; i < row.values.size(); ++i) set_field(feature, static_cast<int>(i), row.values[i]);
    if (auto geometry = ogr_geometry(row.geometry)) feature.SetGeometryDirectly(geometry.release());
    if (layer.CreateFeature(&feature) != OGRERR_NONE) fail_of_gdal(file, messages);
  }
}

}  // namespace

void write_geopackage(const std::filesystem::path& file, std::span<const VectorTable> tables, const std::string& date) {
  FeatureFile out(file);
  for (const VectorTable& table : tables) {
    out.add_table(table.name, table.title, table.geometry, table.columns);
    for (const VectorRow& row : table.rows) out.add(table.name, row.geometry, row.values);
  }
  out.commit();
  Database database = Database::open(file, Database::Mode::write);
  write_last_change(database, date + "T00:00:00.000Z");
}

void write_vector_file(const std::filesystem::path& file, VectorFormat format, const VectorTable& table) {
  confine_gdal();
  const GdalMessages messages;
  errno = 0;
  const bool geojson = format == VectorFormat::geojson;
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName(geojson ? "GeoJSON" : "FlatGeobuf");
  if (driver == nullptr) fail_of_gdal(file, messages);
  struct Closing {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
  };
  std::unique_ptr<GDALDataset, Closing> dataset(driver->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  if (!dataset) fail_of_gdal(file, messages);
  OGRSpatialReference crs;
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  // RFC 7946 wants WGS 84 said of it; the numbers are the same, and so no transformation is asked for.
  if (crs.importFromEPSG(geojson ? 4326 : 4490) != OGRERR_NONE) fail_of_gdal(file, messages);
  const char* const json_options[] = {"RFC7946=YES", "WRITE_NAME=NO", nullptr};
  const char* const fgb_options[] = {"SPATIAL_INDEX=YES", nullptr};
  const OGRwkbGeometryType type = table.geometry == "POINT" ? wkbPoint : wkbMultiPolygon;
  OGRLayer* const layer =
      dataset->CreateLayer(table.name.c_str(), &crs, type, const_cast<char**>(geojson ? json_options : fgb_options));
  if (layer == nullptr) fail_of_gdal(file, messages);
  write_rows(*layer, table, file, messages);
  dataset.reset();  // FlatGeobuf is written here
  if (!messages.failure().empty()) fail_of_gdal(file, messages);
}

}  // namespace catchment::datasets
