// GDAL confined: only the drivers an import needs, no network, no plugins, its messages collected instead of printed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "datasets/importer/geojson_check.hpp"

namespace catchment::datasets {

// Registers the drivers once per process.
void confine_gdal();

// While it lives, this thread's GDAL messages come here.
class GdalMessages {
 public:
  GdalMessages();
  ~GdalMessages();
  GdalMessages(const GdalMessages&) = delete;
  GdalMessages& operator=(const GdalMessages&) = delete;

  const std::string& failure() const { return failure_; }  // the first error, empty if none
  void clear() { failure_.clear(); }

 private:
  std::string failure_;
};

// The name under which GDAL opens a local file, looking into .gz and .zip. Throws InputError: source_open,
// source_archive (a bomb, a path that climbs, several or no usable files in it).
std::string gdal_path(const std::filesystem::path& file);

// The names under which GDAL opens the files in a zip of any suffix, such as a spreadsheet, after the same checks.
// Throws InputError(source_archive).
std::vector<std::string> zip_paths(const std::filesystem::path& file);

// Whether any of the words occurs in the file, with white space between tags passed over.
bool contains_any(const std::string& gdal_path, const std::vector<std::string>& words);

// The file if it begins as JSON, gone over before GDAL may read it (geojson_check.hpp): it would build a tree of
// anything, and takes a file cut short for a short one. Nothing: no JSON. Throws as GeoJsonCheck.
std::optional<GeoJsonFacts> check_geojson(const std::string& gdal_path, const std::string& name);

}  // namespace catchment::datasets
