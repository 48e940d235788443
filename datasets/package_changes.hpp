// What became of a package: two files compared row by row, for whoever must not believe what he was told of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace catchment::datasets {

// Rows of one source in one table, by their keys; a row is changed if any column but fid is.
struct SourceChanges {
  std::string table;
  std::int64_t added = 0, changed = 0, removed = 0, unchanged = 0;
};

struct PackageChanges {
  std::vector<SourceChanges> source;  // every table, in the order of package_tables()
  // What else is another now: a row of another source, the schema (triggers, views and indexes too), or what makes it a
  // GeoPackage. In words; empty: nothing. What imports keep of themselves (import_run, catchment_meta, gpkg_contents)
  // is not looked at.
  std::string elsewhere;
};

// Both are read with nothing of their schemas run, in constant memory and linear time. Throws InputError (package_*).
PackageChanges compare_packages(const std::filesystem::path& before, const std::filesystem::path& after,
                                const std::string& source);

}  // namespace catchment::datasets
