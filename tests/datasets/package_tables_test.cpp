#include "datasets/package_tables.hpp"

#include <gtest/gtest.h>

#include "datasets/package_writer.hpp"
#include "datasets/sqlite.hpp"
#include "tests/datasets/temp_dir.hpp"

namespace catchment::datasets {
namespace {

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::integer:
      return "INTEGER";
    case ColumnType::real:
      return "REAL";
    case ColumnType::text:
      break;
  }
  return "TEXT";
}

// Default values as SQL writes them: 'general', 0, 1.0.
std::string plain(std::string_view sql) {
  if (sql.starts_with('\'')) return std::string(sql.substr(1, sql.size() - 2));
  return std::string(sql.ends_with(".0") ? sql.substr(0, sql.size() - 2) : sql);
}

struct PackageTables : ::testing::Test {
  testing::TempDir dir;
  Database database;

  void SetUp() override {
    PackageWriter(dir / "p.gpkg", PackageWriter::Start::empty).commit();
    database = Database::open(dir / "p.gpkg", Database::Mode::read);
  }
};

TEST_F(PackageTables, SayWhatTheSchemaSays) {
  for (const Table& table : package_tables()) {
    auto info = database.prepare("SELECT name, type, dflt_value FROM pragma_table_info(?) ORDER BY cid");
    info.bind(0, table.name);
    ASSERT_TRUE(info.step()) << table.name;
    EXPECT_EQ(info.text(0), "fid");
    if (table.shape != Shape::none) {
      ASSERT_TRUE(info.step());
      EXPECT_EQ(info.text(0), "geom") << table.name;
    }
    for (const Column& column : table.columns) {
      ASSERT_TRUE(info.step()) << table.name << column.name;
      EXPECT_EQ(info.text(0), column.name) << table.name;
      EXPECT_EQ(info.text(1), sql_type(column.type)) << table.name << column.name;
      if (column.fallback.data() != nullptr && !info.is_null(2)) {
        EXPECT_EQ(plain(info.text(2)), column.fallback) << table.name << column.name;
      }
    }
    ASSERT_TRUE(info.step());
    EXPECT_EQ(info.text(0), "source");
    EXPECT_FALSE(info.step()) << table.name << " has a column the program does not know";
  }
}

TEST_F(PackageTables, KeysAreTheUniqueIndexes) {
  for (const Table& table : package_tables()) {
    auto index = database.prepare("SELECT name FROM pragma_index_info(?) ORDER BY seqno");
    const std::string name = std::string(table.name) + "_key";
    index.bind(0, std::string_view(name));
    for (const std::string_view key : table.key) {
      ASSERT_TRUE(index.step()) << table.name;
      EXPECT_EQ(index.text(0), key);
    }
    EXPECT_FALSE(index.step());
  }
}

TEST_F(PackageTables, EveryTableIsRegisteredAsGeoPackageWants) {
  auto missing = database.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'gpkg_%' AND name NOT LIKE 'sqlite_%'"
      " AND name NOT IN (SELECT table_name FROM gpkg_contents)");
  EXPECT_FALSE(missing.step());
  auto shapes = database.prepare(
      "SELECT table_name FROM gpkg_geometry_columns g WHERE geometry_type_name <>"
      " (SELECT type FROM pragma_table_info(g.table_name) WHERE name = g.column_name)");
  EXPECT_FALSE(shapes.step());
  auto systems =
      database.prepare("SELECT group_concat(srs_id) FROM (SELECT srs_id FROM gpkg_spatial_ref_sys ORDER BY 1)");
  ASSERT_TRUE(systems.step());
  EXPECT_EQ(systems.text(0), "-1,0,4326,4490");
}

}  // namespace
}  // namespace catchment::datasets
