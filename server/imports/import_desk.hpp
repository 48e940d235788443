// What a file that somebody uploads would change in the city's package. The file is looked into by `catchment import`
// as a confined child (server/confine) on a copy of the package in a folder of its own; the service, which links no
// library for foreign formats, sees only the child's words, and reads them as strictly as a stranger's. Nothing is
// written: the folder is removed with everything in it.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "server/imports/import_answer.hpp"

namespace catchment::imports {

struct ImportOptions {
  std::filesystem::path package;
  std::filesystem::path importer;  // the program `catchment`
  std::filesystem::path mappings;  // folder of mappings, NAME.json, by which files may be read
};

enum class UploadFormat { geojson, geopackage, zip, csv };

struct Upload {
  UploadFormat format = UploadFormat::geojson;
  std::string_view bytes;
  std::string mapping;  // its name
  std::string crs;      // as `catchment import --crs`; empty: the file has no geometry that is wanted
  std::string source;   // whose rows it replaces
  std::map<std::string, std::string> variables;  // of the mapping
};

class ImportDesk {
 public:
  explicit ImportDesk(ImportOptions options);

  // One at a time, up to a minute. Throws InputError: mapping_unknown, mapping_name, import_source, import_crs,
  // import_variable; Refused: 422 with the importer's code for a file that cannot be taken, 422 importer_limits for one
  // that takes too much of the machine, 503 importer_busy and importer_away.
  ImportAnswer look_into(const Upload& upload);

 private:
  ImportOptions options_;
  std::mutex one_at_a_time_;
};

}  // namespace catchment::imports
