// A foreign file, read row by row through GDAL, of whose drivers only those for the formats below exist in the process:
// GeoPackage, GeoJSON, GeoJSONSeq, Shapefile, CSV, KML, FlatGeobuf, OSM (PBF, XML); plain, .gz or .zip. Local files
// only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "datasets/importer/evaluate.hpp"
#include "datasets/importer/mapping.hpp"

class OGRGeometry;
class OGRSpatialReference;

namespace catchment::datasets {

// The reference system a layer's own file states. A GeoJSON without a "crs" member states none.
struct DeclaredCrs {
  std::string code;  // "EPSG:n", or empty if it has no such name
  std::string name;  // for messages
  const OGRSpatialReference* system = nullptr;
};

struct SourceFeature {
  std::size_t layer = 0;                  // position in layers()
  SourceRow row;                          // texts in UTF-8, or as they are if they cannot be
  const OGRGeometry* geometry = nullptr;  // nullptr: none
  std::string problem;                    // the row cannot be read as one; empty if it can
};

class Source {
 public:
  virtual ~Source() = default;

  // The layers the mapping needs, in the source's order, and each target's among them.
  virtual const std::vector<std::string>& layers() const = 0;
  virtual std::size_t layer_of(std::size_t target) const = 0;
  virtual std::optional<DeclaredCrs> declared_crs(std::size_t layer) const = 0;

  // The next row of any needed layer; what it points to lives until the next call. Throws InputError(source_damaged) if
  // the file cannot be read to its end: it is not taken for a shorter one.
  virtual bool next(SourceFeature& feature) = 0;
  // Share of the file read, 0-1, or nothing if that cannot be said.
  virtual std::optional<double> progress() const = 0;
};

// CSV by our own reader (several times faster, and stricter), everything else by GDAL. Throws InputError: source_open,
// source_empty, source_format, source_archive, mapping_layer, mapping_field, mapping_encoding.
std::unique_ptr<Source> open_source(const std::filesystem::path& file, const Mapping& mapping,
                                    const std::string& mapping_file);

// The two. `path` is gdal_path(file).
std::unique_ptr<Source> open_csv_source(const std::string& file, const std::string& path, const Mapping& mapping,
                                        const std::string& mapping_file);
std::unique_ptr<Source> open_ogr_source(const std::string& file, const std::string& path, const Mapping& mapping,
                                        const std::string& mapping_file);

}  // namespace catchment::datasets
