#include "datasets/package_changes.hpp"

#include <algorithm>
#include <compare>
#include <cstring>

#include "datasets/gpkg_file.hpp"
#include "datasets/package_tables.hpp"
#include "datasets/sqlite.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

std::strong_ordering compare_bytes(std::span<const std::byte> a, std::span<const std::byte> b) {
  const std::size_t size = std::min(a.size(), b.size());
  const int order = size == 0 ? 0 : std::memcmp(a.data(), b.data(), size);
  return order != 0 ? order <=> 0 : a.size() <=> b.size();
}

bool same_cell(const Statement& a, const Statement& b, int column) {
  const Statement::Type type = a.type(column);
  if (type != b.type(column)) return false;
  switch (type) {
    case Statement::Type::null:
      return true;
    case Statement::Type::integer:
      return a.integer(column) == b.integer(column);
    case Statement::Type::real: {
      const double x = a.real(column), y = b.real(column);
      return std::memcmp(&x, &y, sizeof x) == 0;
    }
    default:
      return compare_bytes(a.blob(column), b.blob(column)) == 0;
  }
}

bool same_cells(const Statement& a, const Statement& b, int from) {
  for (int column = from; column < a.column_count(); ++column) {
    if (!same_cell(a, b, column)) return false;
  }
  return true;
}

// Keys are texts and whole numbers, never NULL, in SQLite's order of bytes and of numbers.
std::strong_ordering compare_keys(const Statement& a, const Statement& b, int columns) {
  for (int column = 0; column < columns; ++column) {
    const bool numbers = a.is_integer(column);
    if (numbers != b.is_integer(column)) return numbers ? std::strong_ordering::less : std::strong_ordering::greater;
    const auto order =
        numbers ? a.integer(column) <=> b.integer(column) : compare_bytes(a.blob(column), b.blob(column));
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

// Key, source, then everything else.
std::string rows_in_order(const Table& table) {
  std::string keys, rest = table.shape == Shape::none ? "" : ", geom";
  for (const std::string_view key : table.key) keys.append(keys.empty() ? "" : ", ").append(key);
  for (const Column& column : table.columns) {
    if (std::ranges::find(table.key, column.name) == table.key.end()) rest.append(", ").append(column.name);
  }
  return "SELECT " + keys + ", source" + rest + " FROM " + std::string(table.name) + " ORDER BY " + keys;
}

// Two tables walked side by side by their keys.
class TableWalk {
 public:
  TableWalk(Database& before, Database& after, const Table& table, const std::string& source)
      : table_(table),
        source_(source),
        before_(before.prepare(rows_in_order(table))),
        after_(after.prepare(rows_in_order(table))) {}

  SourceChanges run(std::string& elsewhere) {
    counts_.table = table_.name;
    const int keys = static_cast<int>(table_.key.size());
    bool old_row = before_.step(), new_row = after_.step();
    while (old_row || new_row) {
      const auto order = !new_row   ? std::strong_ordering::less
                         : !old_row ? std::strong_ordering::greater
                                    : compare_keys(before_, after_, keys);
      if (order < 0) {
        count(before_, counts_.removed, elsewhere);
      } else if (order > 0) {
        count(after_, counts_.added, elsewhere);
      } else if (same_cells(before_, after_, keys)) {
        counts_.unchanged += before_.text(keys) == source_ ? 1 : 0;
      } else {
        const bool owner_kept = same_cell(before_, after_, keys);
        count(owner_kept ? before_ : other_owner(), counts_.changed, elsewhere);
      }
      if (order <= 0) old_row = before_.step();
      if (order >= 0) new_row = after_.step();
    }
    return counts_;
  }

 private:
  // Of two rows of a key with two sources, the one that is not of ours: both cannot be.
  const Statement& other_owner() const {
    return before_.text(static_cast<int>(table_.key.size())) == source_ ? after_ : before_;
  }
  void count(const Statement& row, std::int64_t& counted, std::string& elsewhere) const {
    if (row.text(static_cast<int>(table_.key.size())) == source_) {
      ++counted;
    } else if (elsewhere.empty()) {
      elsewhere = "a row of another source in " + std::string(table_.name);
    }
  }

  const Table& table_;
  const std::string& source_;
  Statement before_, after_;
  SourceChanges counts_;
};

bool same_rows(Database& before, Database& after, const char* sql) {
  Statement a = before.prepare(sql), b = after.prepare(sql);
  for (;;) {
    const bool old_row = a.step(), new_row = b.step();
    if (old_row != new_row) return false;
    if (!old_row) return true;
    if (a.column_count() != b.column_count() || !same_cells(a, b, 0)) return false;
  }
}

std::string frame_difference(Database& before, Database& after) {
  if (!same_rows(before, after, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"))
    return "the schema";
  for (const char* table : {"gpkg_spatial_ref_sys ORDER BY srs_id", "gpkg_geometry_columns ORDER BY table_name"}) {
    if (!same_rows(before, after, (std::string("SELECT * FROM ") + table).c_str())) return std::string("the ") + table;
  }
  return {};
}

}  // namespace

PackageChanges compare_packages(const std::filesystem::path& before, const std::filesystem::path& after,
                                const std::string& source) {
  return with_package_errors(after.string(), [&] {
    Database old_package = Database::open(before, Database::Mode::read);
    Database new_package = Database::open(after, Database::Mode::read);
    verify_package(old_package, before.string());
    verify_package(new_package, after.string());
    PackageChanges changes;
    changes.elsewhere = frame_difference(old_package, new_package);
    if (!changes.elsewhere.empty()) return changes;
    for (const Table& table : package_tables())
      changes.source.push_back(TableWalk(old_package, new_package, table, source).run(changes.elsewhere));
    return changes;
  });
}

}  // namespace catchment::datasets
