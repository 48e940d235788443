#include "datasets/package_writer.hpp"

#include <array>
#include <map>
#include <utility>

#include "datasets/gpkg_file.hpp"
#include "datasets/gpkg_geometry.hpp"
#include "datasets/package_tables.hpp"
#include "datasets/partial_file.hpp"
#include "datasets/sqlite.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

// The file is nobody else's until it is renamed, so it needs no syncs of SQLite's own and no shared locks. It does need
// its journal: a unique index that fails on a repeated key half-way has to be undone. Nor may it stay in WAL mode, if
// that is what the package copied was in: what is renamed is one file.
constexpr const char* kBulkSql =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;";

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text.append(text.empty() ? "" : ", ").append(part);
  return text;
}

std::string insert_sql(const Table& table, bool replace) {
  std::vector<std::string> names;
  if (table.shape != Shape::none) names.emplace_back("geom");
  for (const Column& column : table.columns) names.emplace_back(column.name);
  names.emplace_back("source");
  const std::vector<std::string> marks(names.size(), "?");
  std::string sql = "INSERT INTO ";
  sql.append(table.name).append(" (").append(joined(names)).append(") VALUES (").append(joined(marks)).append(")");
  if (!replace) return sql;
  std::vector<std::string> updates;
  for (const std::string& name : names) updates.push_back(name + " = excluded." + name);
  const std::vector<std::string> key(table.key.begin(), table.key.end());
  return sql.append(" ON CONFLICT (").append(joined(key)).append(") DO UPDATE SET ").append(joined(updates));
}

std::string stage_list(const std::vector<engine::Stage>& stages) {
  std::string text;
  for (const engine::Stage stage : stages) text.append(text.empty() ? "" : ",").append(to_word(stage));
  return text;
}

// QGIS may have added R-trees, whose triggers call functions that only it has. They would go stale; QGIS makes them
// anew.
void drop_spatial_indexes(Database& database) {
  std::vector<std::string> drops;
  auto statement = database.prepare(
      "SELECT type, name FROM sqlite_schema WHERE (type = 'trigger' AND name LIKE 'rtree_%')"
      " OR (type = 'table' AND name LIKE 'rtree_%' AND sql LIKE 'CREATE VIRTUAL TABLE%')"
      " OR (type = 'table' AND name = 'gpkg_extensions') ORDER BY type DESC");
  while (statement.step()) {
    std::string name(statement.text(1));
    if (name == "gpkg_extensions") {
      drops.emplace_back("DELETE FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'");
      continue;
    }
    for (std::size_t at = 0; (at = name.find('"', at)) != std::string::npos; at += 2) name.insert(at, 1, '"');
    drops.emplace_back("DROP ").append(statement.text(0)).append(" \"").append(name).append("\"");
  }
  for (const std::string& sql : drops) database.execute(sql);
}

}  // namespace

struct PackageWriter::Impl {
  PartialFile file;
  std::string name;
  bool fresh = true;  // nothing was in the file before
  bool addresses_unindexed = false;
  Database database;
  std::string source;
  std::string last_change = kNoClock;
  std::map<std::string_view, Statement> inserts;
  std::map<std::string, geo::Box, std::less<>> boxes;                   // of the rows added
  std::map<std::string, std::optional<geo::Box>, std::less<>> touched;  // by others than add()
  Blob blob;

  Impl(const std::filesystem::path& target, Start start)
      : file(target), name(target.string()), database(open(target, start)) {}

  Database open(const std::filesystem::path& target, Start start) {
    fresh = start == Start::empty || !std::filesystem::exists(target);
    if (!fresh) {
      // Before copying it: whether it is a package at all.
      with_package_errors(name, [&] {
        auto existing = Database::open(target, Database::Mode::read);
        verify_package(existing, name);
      });
      file.copy_target();
    }
    Database opened = Database::open(file.path(), Database::Mode::write);
    opened.execute(kBulkSql);
    opened.execute("BEGIN");
    if (fresh) {
      create_package(opened, "address");
      addresses_unindexed = true;
    } else {
      with_package_errors(name, [&] { drop_spatial_indexes(opened); });
    }
    return opened;
  }

  // The table's insert with its first parameter index after the geometry.
  Statement& insert(std::string_view table_name) {
    const auto found = inserts.find(table_name);
    if (found != inserts.end()) return found->second;
    const Table& table = *find_table(table_name);
    const bool replace = !(addresses_unindexed && table_name == "address");
    return inserts.emplace(table.name, database.prepare(insert_sql(table, replace))).first->second;
  }

  geo::Box& box(std::string_view table) {
    const auto found = boxes.find(table);
    return found != boxes.end() ? found->second : boxes.emplace(std::string(table), geo::Box{}).first->second;
  }

  template <class... Values>
  void add(std::string_view table, int first, const Values&... values) {
    Statement& statement = insert(table);
    int index = first;
    (bind(statement, index++, values), ...);
    statement.bind(index, std::string_view(source));
    try {
      statement.run();
    } catch (const SqliteError& error) {
      if (!error.is_constraint()) throw;
      throw InputError("row_conflict", name + ": " + std::string(table), error.what());
    }
  }

  static void bind(Statement& statement, int index, const std::string& value) {
    statement.bind(index, std::string_view(value));
  }
  static void bind(Statement& statement, int index, std::string_view value) { statement.bind(index, value); }
  static void bind(Statement& statement, int index, int value) { statement.bind(index, std::int64_t{value}); }
  static void bind(Statement& statement, int index, double value) { statement.bind(index, value); }
  template <class Value>
  static void bind(Statement& statement, int index, const std::optional<Value>& value) {
    if (!value) return statement.bind_null(index);
    bind(statement, index, *value);
  }

  template <class Geometry>
  void bind_geometry(std::string_view table, const Geometry& geometry) {
    to_gpkg(geometry, blob);
    insert(table).bind(0, std::span<const std::byte>(blob));
  }

  void bind_point(std::string_view table, const std::optional<geo::Point>& point) {
    if (!point) return insert(table).bind_null(0);
    bind_geometry(table, *point);
    box(table).extend(*point);
  }

  void bind_area(std::string_view table, const geo::MultiPolygon& area) {
    if (area.empty()) return insert(table).bind_null(0);
    bind_geometry(table, area);
    box(table).extend(geo::bounding_box(area));
  }

  void bind_line(std::string_view table, const geo::Polyline& line) {
    bind_geometry(table, line);
    for (const geo::Point p : line) box(table).extend(p);
  }

  // Addresses are inserted without their index, which is built in one go and several times faster; of rows with the
  // same id the last stands, as if each had replaced the one before.
  void index_addresses() {
    if (!addresses_unindexed) return;
    inserts.clear();
    std::string sql = key_index_sql("address");
    sql.insert(std::string("CREATE UNIQUE INDEX ").size(), "IF NOT EXISTS ");  // an import builds it itself
    try {
      database.execute(sql);
    } catch (const SqliteError& error) {
      if (!error.is_constraint()) throw;
      database.execute("DELETE FROM address WHERE fid NOT IN (SELECT max(fid) FROM address GROUP BY id)");
      database.execute(sql);
    }
    addresses_unindexed = false;
  }

  geo::Box scan_box(const std::string& table) {
    geo::Box all;
    auto statement = database.prepare("SELECT geom FROM " + table + " WHERE geom IS NOT NULL");
    while (statement.step()) all.extend(box_from_gpkg(statement.blob(0)));
    return all;
  }

  void write_extents() {
    for (const auto& [table, added] : boxes) {
      if (fresh) {
        write_contents(database, table, added);
      } else {
        touched.emplace(table, std::nullopt);  // what was there before counts too
      }
    }
    for (const auto& [table, box] : touched) {
      const Table* known = find_table(table);
      if (known != nullptr && known->shape != Shape::none)
        write_contents(database, table, box ? *box : scan_box(table));
    }
  }
};

PackageWriter::PackageWriter(const std::filesystem::path& target, Start start)
    : impl_(std::make_unique<Impl>(target, start)) {}

PackageWriter::~PackageWriter() = default;

void PackageWriter::set_meta(const std::string& key, const std::string& value) {
  auto statement = impl_->database.prepare(
      "INSERT INTO catchment_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
  statement.bind(0, std::string_view(key));
  statement.bind(1, std::string_view(value));
  statement.run();
}

void PackageWriter::set_source(const std::string& source) { impl_->source = source; }
void PackageWriter::set_last_change(const std::string& instant) { impl_->last_change = instant; }

void PackageWriter::add(const engine::School& row) {
  impl_->add("school", 0, row.id, row.name, stage_list(row.stages), row.status, row.ownership);
}

void PackageWriter::add(const engine::Campus& row) {
  impl_->bind_point("campus", row.position);
  impl_->add("campus", 1, row.id, row.school_id, row.name);
}

void PackageWriter::add(const engine::Zone& row) {
  const std::string_view stage = to_word(row.layer.stage);
  impl_->bind_area("zone", row.shape);
  impl_->add("zone", 1, row.id, stage, row.layer.school_year, row.layer.kind, row.name, row.notice_id, row.valid_from,
             row.valid_to);
  auto forget = impl_->database.prepare(
      "DELETE FROM zone_school WHERE stage = ? AND school_year = ? AND kind = ? AND zone_id = ?");
  forget.bind(0, stage);
  forget.bind(1, std::int64_t{row.layer.school_year});
  forget.bind(2, std::string_view(row.layer.kind));
  forget.bind(3, std::string_view(row.id));
  forget.run();
  for (const std::string& school : row.school_ids) {
    impl_->add("zone_school", 0, stage, row.layer.school_year, row.layer.kind, row.id, school);
  }
}

void PackageWriter::add(const engine::Notice& row) {
  impl_->add("notice", 0, row.id, row.title, row.bureau, row.published, row.url, row.phone);
}

void PackageWriter::add(const engine::ZoneRow& row) {
  impl_->add("zone_row", 0, row.id, to_word(row.layer.stage), row.layer.school_year, row.layer.kind, row.school_id,
             row.campus, row.text, row.notice_id, row.place, row.phone, row.remark, row.zone_id, row.classes);
}

void PackageWriter::add(const engine::Place& row) {
  std::optional<double> lon;
  std::optional<double> lat;
  if (row.position) {
    lon = geo::to_degrees(*row.position).lon;
    lat = geo::to_degrees(*row.position).lat;
  }
  impl_->bind_area("place", row.shape);
  impl_->add("place", 1, row.id, row.kind, row.name, row.parent_id, lon, lat);
}

void PackageWriter::add(const engine::Alias& row) {
  impl_->add("alias", 0, row.kind, row.name, row.alias, row.relation);
}

void PackageWriter::add(const engine::Address& row) {
  impl_->bind_point("address", row.position);
  impl_->add("address", 1, row.id, row.text, row.street, row.door, row.estate, row.unit_id, row.error_m);
}

void PackageWriter::add_street(const engine::Line& row) {
  impl_->bind_line("street", row.shape);
  impl_->add("street", 1, row.id, row.name, row.kind);
}

void PackageWriter::add_barrier(const engine::Line& row) {
  impl_->bind_line("barrier", row.shape);
  impl_->add("barrier", 1, row.id, row.name, row.kind);
}

void PackageWriter::add(const engine::Unit& row) {
  impl_->bind_area("unit", row.shape);
  impl_->add("unit", 1, row.id, row.name, row.district_id);
}

void PackageWriter::add(const engine::UnitChildren& row) {
  impl_->add("unit_children", 0, row.unit_id, row.year, row.age, row.children);
}

void PackageWriter::add(const engine::Housing& row) {
  impl_->bind_point("housing", row.position);
  impl_->add("housing", 1, row.id, row.name, row.unit_id, row.kind, row.dwellings, row.completion_year);
}

void PackageWriter::add(const engine::Enrolment& row) {
  impl_->add("enrolment", 0, row.school_id, row.school_year, row.grade, row.classes, row.pupils);
}

void PackageWriter::add(const engine::Births& row) {
  impl_->add("birth", 0, row.unit_id, row.year, row.month, row.births);
}

void PackageWriter::add(const engine::Feeder& row) {
  impl_->add("feeder", 0, row.from_school_id, row.to_school_id, row.school_year, row.share, row.condition);
}

void PackageWriter::add(const engine::Intake& row) {
  impl_->add("intake", 0, row.school_id, row.school_year, row.stream, row.pupils);
}

void PackageWriter::add(const engine::SurveyCount& row) {
  impl_->add("survey_count", 0, row.unit_id, row.school_year, row.children);
}

void PackageWriter::add(const engine::SchoolSuccessor& row) {
  impl_->add("school_successor", 0, row.old_id, row.new_id, row.school_year);
}

void PackageWriter::add(const engine::CampusRooms& row) {
  impl_->add("rooms", 0, row.campus_id, row.school_year, row.rooms);
}

void PackageWriter::add(const engine::AdmissionUnit& row) {
  impl_->add("admission_unit", 0, row.id, row.school_id, to_word(row.stage), row.name, row.plan_number);
  auto forget = impl_->database.prepare("DELETE FROM admission_unit_campus WHERE admission_unit_id = ?");
  forget.bind(0, std::string_view(row.id));
  forget.run();
  for (const engine::UnitCampus& campus : row.campuses) {
    impl_->add("admission_unit_campus", 0, row.id, campus.campus_id, campus.first_grade, campus.last_grade);
  }
}

void PackageWriter::add(const engine::AdmissionPlan& row) {
  impl_->add("admission_plan", 0, row.admission_unit_id, row.school_year, row.classes, row.seats);
}

void PackageWriter::add(const engine::CapException& row) {
  impl_->add("cap_exception", 0, row.admission_unit_id, row.grade, row.from_year, row.until, row.cap, row.reason,
             row.approved_by);
}

void PackageWriter::add(const engine::ReservedSeats& row) {
  impl_->add("reserved_seats", 0, row.admission_unit_id, row.school_year, row.grade, row.kind, row.seats,
             std::string_view(row.in_demand ? "yes" : "no"), row.reason);
}

void PackageWriter::add(const engine::PurchasedSeats& row) {
  impl_->add("purchased_seats", 0, row.school_id, row.admission_unit_id, row.school_year, row.grade, row.seats);
}

void PackageWriter::add(const engine::Plan& row) {
  impl_->add("plan", 0, row.id, row.name, to_word(row.layer.stage), row.layer.school_year, row.layer.kind);
}

void PackageWriter::add(const engine::PlanUnit& row) {
  impl_->add("plan_unit", 0, row.plan_id, row.unit_id, row.school_id);
}

Database& PackageWriter::database() { return impl_->database; }
void PackageWriter::touch(const std::string& table, const std::optional<geo::Box>& box) { impl_->touched[table] = box; }

void PackageWriter::commit() {
  impl_->index_addresses();
  impl_->inserts.clear();
  impl_->write_extents();
  write_last_change(impl_->database, impl_->last_change);
  impl_->database.execute("COMMIT");
  impl_->database = Database();  // closes it
  impl_->file.publish();
}

}  // namespace catchment::datasets
