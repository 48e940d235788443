#include "server/store/schema.hpp"

#include <algorithm>

#include "geo/input_error.hpp"

namespace catchment::store {
namespace {

constexpr Migration kSchemaTableStep{
    0, kSchemaTable,
    "CREATE TABLE schema_migration (version {int} PRIMARY KEY, name {text} NOT NULL, sha256 {text} NOT NULL, "
    "applied_at {int} NOT NULL);"};

void execute_step(Connection& connection, const Migration& step) {
  for (const std::string& statement : statements_of(step, connection.dialect())) connection.execute(statement);
}

// All of it or nothing.
template <class F>
void in_transaction(Connection& connection, F&& work) {
  connection.begin(Access::write);
  try {
    work();
    connection.commit();
  } catch (...) {
    connection.roll_back();
    throw;
  }
}

std::string words_of(int version, std::string_view name) {
  return "migration " + std::to_string(version) + " (" + std::string(name) + ")";
}

bool has_schema_table(Connection& connection) {
  const std::vector<Table> tables = connection.tables();
  const auto found = std::find_if(tables.begin(), tables.end(), [](const Table& t) { return t.name == kSchemaTable; });
  if (found == tables.end()) {
    if (tables.empty()) return false;
    throw InputError("store_foreign", tables.front().name, "this database holds tables of something else");
  }
  const bool ours = found->columns.size() == 4 && found->columns[2] == "sha256";
  if (!ours) throw InputError("store_foreign", kSchemaTable, "this database has a schema_migration of something else");
  return true;
}

}  // namespace

std::vector<AppliedMigration> applied_migrations(Connection& connection) {
  std::vector<AppliedMigration> applied;
  if (!has_schema_table(connection)) return applied;
  for (const Row& row : connection.run("SELECT version, name, sha256 FROM schema_migration ORDER BY version", {})) {
    applied.push_back({static_cast<int>(row[0].integer()), row[1].text(), row[2].text()});
  }
  return applied;
}

void refuse_other_schema(const std::vector<AppliedMigration>& applied, std::span<const Migration> known) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const AppliedMigration& step = applied[i];
    const std::string words = words_of(step.version, step.name);
    const auto same = [&](const Migration& migration) { return migration.version == step.version; };
    const auto found = std::find_if(known.begin(), known.end(), same);
    if (found == known.end()) {
      throw InputError("store_newer", words, "unknown here: the store was written by a later Catchment; use that one");
    }
    if (sha256_of(*found) != step.sha256) {
      throw InputError("store_migration_changed", words,
                       "its text is not the one this store was made with; released migrations never change");
    }
    if (static_cast<std::size_t>(found - known.begin()) != i) {
      throw InputError("store_migration_changed", words_of(known[i].version, known[i].name),
                       "never applied to this store, although later ones were");
    }
  }
}

bool is_new_store(Connection& connection) { return !has_schema_table(connection); }

void bring_up_to_date(Connection& connection, std::span<const Migration> known, const Clock& clock) {
  if (is_new_store(connection)) {
    in_transaction(connection, [&] {
      connection.mark_new();
      execute_step(connection, kSchemaTableStep);
    });
  }
  const std::vector<AppliedMigration> applied = applied_migrations(connection);
  refuse_other_schema(applied, known);
  for (const Migration& step : known.subspan(applied.size())) {
    in_transaction(connection, [&] {
      execute_step(connection, step);
      connection.run("INSERT INTO schema_migration (version, name, sha256, applied_at) VALUES ($1, $2, $3, $4)",
                     {step.version, step.name, sha256_of(step), clock()});
    });
  }
}

void make_tables(Connection& connection, std::span<const Migration> steps) {
  connection.mark_new();
  execute_step(connection, kSchemaTableStep);
  for (const Migration& step : steps) execute_step(connection, step);
}

std::chrono::local_seconds beijing_now() {
  const auto utc = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return std::chrono::local_seconds(utc.time_since_epoch() + std::chrono::hours(8));
}

}  // namespace catchment::store
