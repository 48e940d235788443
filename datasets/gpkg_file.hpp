// What makes a SQLite file a GeoPackage of ours: the tables every GeoPackage has, and the checks before one is
// believed.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "datasets/sqlite.hpp"
#include "geo/shapes.hpp"

namespace catchment::datasets {

// For GeoPackages that are no city package, such as a layer of findings: into an empty file, the tables every
// GeoPackage has; then one call for each feature table the caller has made, with a column `geom` of POINT, LINESTRING
// or MULTIPOLYGON.
void create_geopackage(Database& database);
void register_features(Database& database, std::string_view name, std::string_view title, std::string_view geometry);

// Into an empty file: the GeoPackage tables and schema.sql, but not the unique index of `without_key` (empty: all).
void create_package(Database& database, const std::string& without_key = {});
std::string key_index_sql(std::string_view table);  // the CREATE UNIQUE INDEX statement of a table

// The extents QGIS zooms to, and when the content last changed (ISO 8601 UTC with milliseconds).
void write_contents(Database& database, std::string_view table, const geo::Box& box);
void write_last_change(Database& database, const std::string& last_change);

// Throws InputError(package_foreign | package_version | package_corrupt): not a GeoPackage of ours, of another schema
// version, or lacking a table or column. `file` names it in the message.
void verify_package(Database& database, const std::string& file);

// Runs read(), turning what SQLite says of a bad file into InputError(package_corrupt | package_foreign, file).
template <class Read>
auto with_package_errors(const std::string& file, Read&& read) -> decltype(read());

[[noreturn]] void throw_package_error(const SqliteError& error, const std::string& file);

template <class Read>
auto with_package_errors(const std::string& file, Read&& read) -> decltype(read()) {
  try {
    return read();
  } catch (const SqliteError& error) {
    throw_package_error(error, file);
  }
}

}  // namespace catchment::datasets
