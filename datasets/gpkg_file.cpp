#include "datasets/gpkg_file.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <set>

#include "datasets/city_package.hpp"
#include "datasets/gpkg_geometry.hpp"
#include "datasets/package_tables.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {

extern const char* const kSchemaSql;  // schema.sql, embedded by the build

namespace {

// GeoPackage 1.3.1, OGC 12-128r17: application id "GPKG", user version 10301. Definitions as GDAL writes them.
constexpr const char* kGeoPackageSql = R"sql(
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10301;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT '1970-01-01T00:00:00.000Z',
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid'),
  ('CGCS2000', 4490, 'EPSG', 4490,
   'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4490"]]',
   'longitude/latitude coordinates in decimal degrees on the CGCS2000 spheroid');
)sql";

constexpr int kApplicationId = 1196444487;

std::string_view geometry_type_name(Shape shape) {
  switch (shape) {
    case Shape::point:
      return "POINT";
    case Shape::line:
      return "LINESTRING";
    case Shape::area:
      return "MULTIPOLYGON";
    case Shape::none:
      break;
  }
  return "";
}

void register_table(Database& database, std::string_view name, std::string_view title, Shape shape) {
  auto contents = database.prepare(
      "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?)");
  contents.bind(0, name);
  contents.bind(1, std::string_view(shape == Shape::none ? "attributes" : "features"));
  contents.bind(2, name);
  contents.bind(3, title);
  contents.bind(4, std::int64_t{shape == Shape::none ? 0 : kPackageSrs});
  contents.run();
  if (shape == Shape::none) return;
  auto column = database.prepare("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)");
  column.bind(0, name);
  column.bind(1, geometry_type_name(shape));
  column.bind(2, std::int64_t{kPackageSrs});
  column.run();
}

std::int64_t pragma_value(Database& database, const char* sql) {
  auto statement = database.prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

// Plain columns of a plain table; hidden and generated columns do not count.
std::set<std::string, std::less<>> plain_columns(Database& database, std::string_view table) {
  std::set<std::string, std::less<>> columns;
  auto kind =
      database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql LIKE 'CREATE TABLE%'");
  kind.bind(0, table);
  if (!kind.step()) return columns;
  auto statement = database.prepare("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0");
  statement.bind(0, table);
  while (statement.step()) columns.emplace(statement.text(0));
  return columns;
}

void require_columns(Database& database, const std::string& file, std::string_view table,
                     const std::vector<std::string_view>& wanted) {
  const auto present = plain_columns(database, table);
  if (present.empty()) throw InputError("package_corrupt", file, "has no table " + std::string(table));
  for (const std::string_view column : wanted) {
    if (!present.contains(column)) {
      throw InputError("package_corrupt", file + ": " + std::string(table), "has no column " + std::string(column));
    }
  }
}

void verify_version(Database& database, const std::string& file) {
  auto statement = database.prepare("SELECT value FROM catchment_meta WHERE key = 'schema_version'");
  const std::string found = statement.step() ? std::string(statement.text(0)) : "none";
  if (found != std::to_string(kSchemaVersion)) {
    throw InputError("package_version", file,
                     "schema version " + found + ", this program reads " + std::to_string(kSchemaVersion) +
                         ": make the package again from its sources");
  }
}

}  // namespace

std::string key_index_sql(std::string_view table) {
  const std::string_view schema = kSchemaSql;
  const std::size_t begin = schema.find("CREATE UNIQUE INDEX " + std::string(table) + "_key ");
  if (begin == std::string_view::npos) throw std::logic_error("no key index for " + std::string(table));
  return std::string(schema.substr(begin, schema.find(';', begin) + 1 - begin));
}

void create_geopackage(Database& database) { database.execute(kGeoPackageSql); }

void register_features(Database& database, std::string_view name, std::string_view title, std::string_view geometry) {
  const Shape shape = geometry == "POINT" ? Shape::point : geometry == "LINESTRING" ? Shape::line : Shape::area;
  register_table(database, name, title, shape);
}

void create_package(Database& database, const std::string& without_key) {
  std::string schema = kSchemaSql;
  if (!without_key.empty()) {
    const std::string index = key_index_sql(without_key);
    schema.erase(schema.find(index), index.size());
  }
  create_geopackage(database);
  database.execute(schema);
  for (const Table& table : package_tables()) register_table(database, table.name, table.title, table.shape);
  register_table(database, "import_run", "Imports", Shape::none);
  register_table(database, "catchment_meta", "About this package", Shape::none);
  auto version = database.prepare("INSERT INTO catchment_meta (key, value) VALUES ('schema_version', ?)");
  const std::string text = std::to_string(kSchemaVersion);
  version.bind(0, std::string_view(text));
  version.run();
}

void write_contents(Database& database, std::string_view table, const geo::Box& box) {
  auto statement =
      database.prepare("UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?");
  if (!box.empty()) {
    const geo::Degrees min = geo::to_degrees(box.min);
    const geo::Degrees max = geo::to_degrees(box.max);
    statement.bind(0, min.lon);
    statement.bind(1, min.lat);
    statement.bind(2, max.lon);
    statement.bind(3, max.lat);
  }
  statement.bind(4, table);
  statement.run();
}

void write_last_change(Database& database, const std::string& last_change) {
  auto statement = database.prepare("UPDATE gpkg_contents SET last_change = ?");
  statement.bind(0, std::string_view(last_change));
  statement.run();
}

void verify_package(Database& database, const std::string& file) {
  with_package_errors(file, [&] {
    if (pragma_value(database, "PRAGMA application_id") != kApplicationId) {
      throw InputError("package_foreign", file, "not a GeoPackage");
    }
    // SQLite itself takes a file cut within its last page for whole.
    if (std::filesystem::file_size(file) % static_cast<std::uintmax_t>(pragma_value(database, "PRAGMA page_size")) !=
        0) {
      throw InputError("package_corrupt", file, "cut short");
    }
    if (plain_columns(database, "catchment_meta").empty()) {
      throw InputError("package_foreign", file, "a GeoPackage, but not a city package");
    }
    require_columns(database, file, "catchment_meta", {"key", "value"});
    verify_version(database, file);
    require_columns(database, file, "gpkg_contents", {"table_name", "min_x", "min_y", "max_x", "max_y", "last_change"});
    require_columns(database, file, "import_run", {"run", "source", "file", "sha256", "crs", "target"});
    for (const Table& table : package_tables()) {
      std::vector<std::string_view> wanted{"fid", "source"};
      if (table.shape != Shape::none) wanted.push_back("geom");
      for (const Column& column : table.columns) wanted.push_back(column.name);
      require_columns(database, file, table.name, wanted);
    }
  });
}

void throw_package_error(const SqliteError& error, const std::string& file) {
  if (error.code == SQLITE_NOTADB) throw InputError("package_foreign", file, "not a GeoPackage");
  if (error.code == SQLITE_CANTOPEN) throw InputError("package_open", file, error.what());
  throw InputError("package_corrupt", file, error.what());
}

}  // namespace catchment::datasets
