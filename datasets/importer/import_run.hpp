// The package's own record of an import: what file went where, and what that changed.
#pragma once

#include <string>

#include "datasets/importer/report.hpp"
#include "datasets/sqlite.hpp"

namespace catchment::datasets {

struct ImportRun {
  std::string source;
  std::string file;  // its name
  std::string sha256;
  std::string crs;
};
void record_import_run(Database& database, const ImportRun& run, const TableReport& table);

}  // namespace catchment::datasets
