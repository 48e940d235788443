// The schema of a store against the program's migrations.
#pragma once

#include <chrono>
#include <functional>
#include <span>

#include "server/store/connection.hpp"

namespace catchment::store {

using Clock = std::function<std::chrono::local_seconds()>;

inline constexpr const char* kSchemaTable = "schema_migration";

struct AppliedMigration {
  int version = 0;
  std::string name;
  std::string sha256;
};

// By version. Empty if the store has none yet.
std::vector<AppliedMigration> applied_migrations(Connection& connection);

// Throws InputError store_newer, store_migration_changed if `applied` are not the first of `known`.
void refuse_other_schema(const std::vector<AppliedMigration>& applied, std::span<const Migration> known);

// True if there is nothing in it. Throws InputError store_foreign if there is something and it is no store.
bool is_new_store(Connection& connection);

// Makes what is missing, each step in a transaction of its own.
void bring_up_to_date(Connection& connection, std::span<const Migration> known, const Clock& clock);

// For a restore, in the caller's transaction: the tables of these steps and schema_migration, which stays empty.
void make_tables(Connection& connection, std::span<const Migration> steps);

// Beijing's time by the system's clock, which knows no zone.
std::chrono::local_seconds beijing_now();

}  // namespace catchment::store
