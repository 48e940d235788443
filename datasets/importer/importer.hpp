// A foreign file into a city package, under a mapping and a declared reference system. The only user of GDAL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "datasets/importer/report.hpp"

namespace catchment::datasets {

struct ImportProgress {
  std::int64_t rows = 0;        // read so far
  std::optional<double> share;  // of the file, 0-1, where known
};

struct ImportRequest {
  std::filesystem::path package;
  std::filesystem::path file;
  std::filesystem::path mapping;
  std::map<std::string, std::string, std::less<>> variables;  // for the mapping
  std::string crs;                                            // parse_crs() text, or "file": what the file declares
  std::string source;      // the name the rows carry; empty: the file's name without its format's suffixes
  bool force_crs = false;  // believe `crs` though the file or the anchors say otherwise
  bool dry_run = false;
  std::string last_change;           // ISO instant for gpkg_contents; empty: a constant
  std::size_t refused_limit = 1000;  // rows listed
  std::size_t id_limit = 100;        // ids listed of each of added, changed, removed
  // Called every few thousand rows; false cancels.
  std::function<bool(const ImportProgress&)> progress;
};

// The package is the old one or the new one, never a part, whatever happens meanwhile. Importing the same source again
// replaces its rows. Throws InputError: crs_undeclared, crs_unknown, crs_unnamed, crs_contradicts_file,
// crs_contradicts_anchors, nothing_accepted, source_* (datasets/importer/source.hpp), mapping_*, package_*;
// std::system_error for disk trouble.
ImportReport import_source(const ImportRequest& request);

}  // namespace catchment::datasets
