// What a file that somebody uploads would change in the city's package, and, once that is confirmed, the package so
// changed. The file is read by `catchment import` as a confined child (server/confine) on a copy of the package in a
// folder of its own; the service, which links no library for foreign formats, sees only the child's words, and reads
// them as strictly as a stranger's.
//
//   look_into(upload)          what would change, and a digest of it and of all it follows from
//   confirm(upload, digest)    the same upload again: if it still is what the digest stands for, a new package
//
// Looking into writes nothing. Confirming writes one new file and no other; the package that is served is not touched.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "server/imports/import_answer.hpp"
#include "server/imports/mapping_list.hpp"

namespace catchment::imports {

struct ImportOptions {
  std::filesystem::path package;
  std::filesystem::path importer;      // the program `catchment`
  std::filesystem::path mappings;      // folder of mappings, NAME.json, by which files may be read
  std::filesystem::path new_packages;  // folder for what is confirmed; empty: the package's own
  // Throws InputError for a package that no service would start with.
  std::function<void(const std::filesystem::path&)> load;
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

struct LookedInto {
  ImportAnswer answer;
  std::string file_sha256;
  // SHA-256 over the upload, the mapping's and the package's bytes, and everything that was told. In hexadecimal
  // digits.
  std::string digest;
};

struct NewPackage {
  LookedInto looked;
  std::string file;  // its name
  std::string sha256;
  std::uint64_t bytes = 0;
  bool made = true;  // false: it was there, made by the same confirmation before
};

class ImportDesk {
 public:
  explicit ImportDesk(ImportOptions options);

  // One at a time, up to a minute. Throws InputError: mapping_unknown, mapping_name, import_source, import_crs,
  // import_variable; Refused: 422 with the importer's code for a file that cannot be taken, 422 importer_limits for one
  // that takes too much of the machine, 503 importer_busy and importer_away.
  LookedInto look_into(const Upload& upload);

  // The child writes into its copy; the copy is taken over, compared with the package row by row (what differs must be
  // what was told), loaded as at a start, and only then put, durable, beside the package under a name that follows from
  // the digest. Killed at any moment it leaves that file whole or not at all. Throws as look_into does; Refused: 412
  // import_changed if the digest is of something else, 409 nothing_changes, 422 import_untrue and package_unloadable
  // for what is not kept, 503 package_not_kept where it cannot be written.
  NewPackage confirm(const Upload& upload, std::string_view digest);

  std::vector<MappingInfo> mappings() const { return list_mappings(options_.mappings); }

 private:
  class Run;
  ImportOptions options_;
  std::mutex one_at_a_time_;
};

}  // namespace catchment::imports
