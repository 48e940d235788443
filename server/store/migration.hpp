// The schema as numbered steps forward, embedded in the program: migrations/NNNN_name.sql, listed in CMakeLists.txt.
//
// A step is SQL that both back ends read, with {int}, {text}, {blob} for the types. Statements end in a semicolon.
// SQLite makes every table STRICT; {text} is compared by its bytes. Tables have a primary key and refer only to tables
// made before, which a restore relies on. A step that was ever released is never changed, not by a comment: its
// SHA-256 is kept in schema_migration(version, name, sha256, applied_at).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::store {

struct Migration {
  int version = 0;        // from the file's name; rising, gaps allowed
  std::string_view name;  // "journal"
  std::string_view sql;
};

// Those in the program, by version.
std::span<const Migration> all_migrations();

enum class Dialect { sqlite, postgres };

// The statements of a step for one back end. Throws InputError{"migration_form", name, ...} for an unknown {token}, a
// quote or comment that does not end, text after the last semicolon.
std::vector<std::string> statements_of(const Migration& migration, Dialect dialect);

// SHA-256 of its text, hexadecimal.
std::string sha256_of(const Migration& migration);

}  // namespace catchment::store
